package io.postern.store.memory;

import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.IndexedTexts;
import io.smallrye.mutiny.Uni;
import java.util.Map;

/** What SEARCH keeps of contents, in memory. */
public final class MemoryIndexedTexts implements IndexedTexts {
  private final MemoryStore store;

  public MemoryIndexedTexts(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Uni<Void> store(AccountId account, Map<ContentId, IndexedText> texts) {
    return store.call(
        () -> {
          var owner = store.account(account);
          texts.forEach(
              (id, text) -> {
                if (owner.contents.containsKey(id)) {
                  owner.texts.putIfAbsent(id, text);
                }
              });
          return null;
        });
  }
}
