package io.postern.store;

import io.postern.store.content.CachingBlobs;
import io.postern.store.content.CachingMessages;
import io.postern.store.content.ContentCache;

/** The model behind a cache of contents keeps the contract. */
class CachedStoreTest extends MemoryStoreTest {
  private final ContentCache cache = new ContentCache(() -> 16 << 20);

  @Override
  protected Messages messages() {
    return new CachingMessages(super.messages(), cache, (_, _) -> {});
  }

  @Override
  protected Blobs blobs() {
    return new CachingBlobs(super.blobs(), cache);
  }
}
