package io.postern.imap.selected;

import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The searches whose results a client follows, by the tags of their commands (RFC 5267 §4.3). */
public final class FollowedSearches {
  /** Most of them in one session. */
  public static final int MAX = 8;

  private final Map<String, Followed> byTag = new LinkedHashMap<>();

  /** A search of which changes are sent. */
  public interface Followed {
    /**
     * Sends which of the messages that are expunged were in the result. Their sequence numbers are
     * still valid.
     */
    void gone(MailboxIndex index, NumberSet uids);

    /**
     * Sends how the result has changed by these messages, which are new or have changed.
     *
     * @param newFrom messages from this UID on are new
     */
    Uni<Void> changed(MailboxIndex index, long newFrom, NumberSet uids);
  }

  /** Whether the search of a command is followed. */
  public boolean has(String tag) {
    return byTag.containsKey(tag);
  }

  /** Follows a search from now on; returns false when there are as many as allowed. */
  public boolean follow(String tag, Followed search) {
    if (byTag.size() >= MAX) {
      return false;
    }
    byTag.put(tag, search);
    return true;
  }

  /** Follows the search of a command no longer, if it was. */
  public void cancel(String tag) {
    byTag.remove(tag);
  }

  boolean isEmpty() {
    return byTag.isEmpty();
  }

  void gone(MailboxIndex index, NumberSet uids) {
    byTag.values().forEach(search -> search.gone(index, uids));
  }

  /** One after the other. */
  Uni<Void> changed(MailboxIndex index, long newFrom, NumberSet uids) {
    return uids.isEmpty() || byTag.isEmpty()
        ? Uni.createFrom().voidItem()
        : Multi.createFrom()
            .iterable(List.copyOf(byTag.values()))
            .onItem()
            .transformToUniAndConcatenate(search -> search.changed(index, newFrom, uids))
            .onItem()
            .ignoreAsUni();
  }
}
