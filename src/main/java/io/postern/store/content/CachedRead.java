package io.postern.store.content;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One read of contents: from the cache what is there, the others by one statement, within a limit
 * of octets as {@link Messages#contents} has it.
 */
final class CachedRead {
  private final ContentCache cache;
  private final Messages store;
  private final AccountId account;
  private final Columns columns;
  private final long octets;
  private final Map<ContentId, Content> found = new HashMap<>();
  private final Set<ContentId> absent = new LinkedHashSet<>();
  private long held;

  CachedRead(ContentCache cache, Messages store, AccountId account, Columns columns, long octets) {
    this.cache = cache;
    this.store = store;
    this.account = account;
    this.columns = columns;
    this.octets = octets;
  }

  Uni<Contents> of(Collection<ContentId> ids) {
    var asked = new LinkedHashSet<>(ids);
    var rest = asked.iterator();
    boolean more = true;
    var left = new HashSet<ContentId>();
    while (rest.hasNext()) {
      var id = rest.next();
      more = more && take(id);
      if (!more) {
        left.add(id);
      }
    }
    return absent.isEmpty()
        ? Uni.createFrom().item(new Contents(found, left))
        : store
            .contents(account, absent, columns, Math.max(0, octets - held))
            .invoke(read -> read.found().values().forEach(it -> cache.put(account, it, columns)))
            .map(read -> within(asked, left, read));
  }

  /** Takes a content from the cache, or notes that it is not there; false beyond the limit. */
  private boolean take(ContentId id) {
    var cached = cache.find(account, id, columns);
    if (cached.isPresent()
        && held + cached.get().octets() > octets
        && !(found.isEmpty() && absent.isEmpty())) {
      return false;
    }
    var content = cached.flatMap(ContentCache.Found::read);
    content.ifPresentOrElse(
        it -> {
          found.put(id, it);
          held += it.held();
        },
        () -> absent.add(id));
    return true;
  }

  /**
   * The contents in the order asked for up to the limit. Those behind it that are cached are
   * reported as left out, even if they have been removed from the store since.
   */
  private Contents within(Set<ContentId> asked, Set<ContentId> beyond, Contents read) {
    var all = HashMap.<ContentId, Content>newHashMap(asked.size());
    var left = new HashSet<>(beyond);
    long sum = 0;
    boolean more = true;
    for (var id : asked) {
      var content = found.containsKey(id) ? found.get(id) : read.found().get(id);
      if (content != null) {
        sum += content.held();
        more = more && (sum <= octets || all.isEmpty());
        if (more) {
          all.put(id, content);
        } else {
          left.add(id);
        }
      } else if (read.left().contains(id)) {
        more = false;
        left.add(id);
      }
    }
    return new Contents(all, left);
  }
}
