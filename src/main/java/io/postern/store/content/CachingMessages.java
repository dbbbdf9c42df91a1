package io.postern.store.content;

import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Destination;
import io.postern.store.ForwardingMessages;
import io.postern.store.Messages;
import io.postern.store.Staged;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Decorates {@code Messages}: reads contents that are in memory from there, and caches those that
 * are delivered or read.
 */
public final class CachingMessages implements ForwardingMessages {
  private final Messages store;
  private final ContentCache cache;
  private final BiConsumer<AccountId, ContentId> unindexed;

  /**
   * @param unindexed is given each content that was delivered here, and each without an indexed
   *     text that a search has asked for
   */
  public CachingMessages(
      Messages store, ContentCache cache, BiConsumer<AccountId, ContentId> unindexed) {
    this.store = store;
    this.cache = cache;
    this.unindexed = unindexed;
  }

  @Override
  public Messages store() {
    return store;
  }

  @Override
  public Uni<Appended> append(Destination to, List<NewMessage> messages) {
    return store
        .append(to, messages)
        .invoke(appended -> delivered(to.account(), messages, appended.change()));
  }

  /** The ids of the contents are in the order of the messages. */
  private void delivered(AccountId account, List<NewMessage> messages, Changed change) {
    if (change.changed().size() != messages.size()) {
      return;
    }
    for (int i = 0; i < messages.size(); i++) {
      var id = new ContentId(change.changed().contents()[i]);
      if (cache.isOn()) {
        cache.put(account, new CachedContent(content(id, messages.get(i).staged()), true, true));
      }
      unindexed.accept(account, id);
    }
  }

  private static Content content(ContentId id, Staged staged) {
    var none = Buffer.buffer();
    var facts = staged.facts();
    return switch (staged.bytes()) {
      case Staged.Bytes.Inline(var bytes) ->
          new Content(id, CachedContent.NO_BLOB, none, facts, Optional.of(bytes));
      case Staged.Bytes.Stored(var blob) -> new Content(id, blob, none, facts, Optional.empty());
      case Staged.Bytes.Prefixed(var prefix, var blob) ->
          new Content(id, blob, prefix, facts, Optional.empty());
    };
  }

  @Override
  public Uni<Contents> contents(
      AccountId account, Collection<ContentId> ids, Columns columns, long octets) {
    return cache.isOn()
        ? Uni.createFrom()
            .deferred(() -> new CachedRead(cache, store, account, columns, octets).of(ids))
        : store.contents(account, ids, columns, octets);
  }

  @Override
  public Uni<Void> prefetch(
      AccountId account, Collection<ContentId> ids, Columns columns, long octets) {
    if (!cache.isOn()) {
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom()
        .deferred(
            () -> {
              var absent = new LinkedHashSet<>(ids);
              absent.removeIf(id -> cache.peek(account, id, columns).isPresent());
              return absent.isEmpty()
                  ? Uni.createFrom().voidItem()
                  : store
                      .contents(account, absent, columns, Math.min(octets, cache.readAhead()))
                      .invoke(
                          read ->
                              read.found().values().forEach(it -> cache.put(account, it, columns)))
                      .replaceWithVoid();
            });
  }

  @Override
  public Uni<Map<ContentId, StoredHeader>> headers(
      AccountId account, Collection<ContentId> ids, HeaderColumns columns) {
    if (!cache.isOn()) {
      return store.headers(account, ids, columns).invoke(read -> offer(account, read, columns));
    }
    return Uni.createFrom()
        .deferred(
            () -> {
              var found = HashMap.<ContentId, StoredHeader>newHashMap(ids.size());
              var absent = new LinkedHashSet<ContentId>();
              var cached = cached(account, columns);
              for (var id : ids) {
                cached
                    .apply(id)
                    .ifPresentOrElse(header -> found.put(id, header), () -> absent.add(id));
              }
              return absent.isEmpty()
                  ? Uni.createFrom().item(found)
                  : readHeaders(account, absent, columns)
                      .map(
                          read -> {
                            found.putAll(read);
                            return found;
                          });
            });
  }

  /** What is cached of contents with these columns. */
  private Function<ContentId, Optional<StoredHeader>> cached(
      AccountId account, HeaderColumns columns) {
    if (!columns.indexed()) {
      return id -> cache.header(account, id, columns.header());
    }
    var indexed = cache.indexed(account, columns);
    return id -> indexed.apply(id).filter(it -> !columns.header() || hasFields(it));
  }

  private static boolean hasFields(StoredHeader header) {
    return header.indexed().flatMap(IndexedText::fields).isPresent();
  }

  private Uni<Map<ContentId, StoredHeader>> readHeaders(
      AccountId account, Collection<ContentId> ids, HeaderColumns columns) {
    return store
        .headers(account, ids, columns)
        .invoke(
            read -> {
              if (columns.indexed()) {
                cache.putIndexed(account, read, columns);
              }
              offer(account, read, columns);
            });
  }

  /** Has those indexed that are not. */
  private void offer(AccountId account, Map<ContentId, StoredHeader> read, HeaderColumns columns) {
    if (columns.indexed()) {
      read.forEach(
          (id, header) -> {
            if (header.indexed().isEmpty()) {
              unindexed.accept(account, id);
            }
          });
    }
  }
}
