package io.postern.store.content;

import io.postern.model.Ids.BlobId;
import io.postern.store.Blobs;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Decorates {@code Blobs}: reads what is in memory from there, and caches what passes. */
public final class CachingBlobs implements Blobs {
  private final Blobs store;
  private final ContentCache cache;

  public CachingBlobs(Blobs store, ContentCache cache) {
    this.store = store;
    this.cache = cache;
  }

  @Override
  public Uni<Void> write(BlobId blob, int number, Buffer bytes) {
    var written = store.write(blob, number, bytes);
    return ContentCache.isCached(number)
        ? written.invoke(() -> cache.putChunk(blob, number, bytes))
        : written;
  }

  @Override
  public Multi<Buffer> read(BlobId blob, long from, long length) {
    long number = from / CHUNK;
    if (length <= 0 || !cache.isOn() || !ContentCache.isCached(number)) {
      return store.read(blob, from, length);
    }
    int start = (int) (from % CHUNK);
    return length > CHUNK - start
        ? read(blob, from, length, () -> CHUNK)
        : Multi.createFrom().deferred(() -> ofChunk(blob, (int) number, start, (int) length));
  }

  private Multi<Buffer> ofChunk(BlobId blob, int number, int start, int length) {
    return cache
        .chunk(blob, number, start, length)
        .map(octets -> Multi.createFrom().item(octets))
        .orElseGet(
            () -> {
              var octets = store.read(blob, (long) number * CHUNK + start, length);
              return start > 0 ? octets : octets.invoke(it -> cache.putChunk(blob, number, it));
            });
  }

  @Override
  public Uni<Void> drop(BlobId blob) {
    return store.drop(blob).invoke(() -> cache.drop(blob));
  }
}
