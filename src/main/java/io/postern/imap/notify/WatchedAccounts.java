package io.postern.imap.notify;

import io.postern.model.Ids.AccountId;
import io.postern.push.Hints;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The other accounts of whose hints a session hears, for the mailboxes that they share. */
final class WatchedAccounts {
  /** The most other accounts. */
  static final int MAX = 100;

  private final Hints hints;
  private final Hints.Watcher watcher;
  private final Map<AccountId, Hints.Subscription> watches = new HashMap<>();

  WatchedAccounts(Hints hints, Hints.Watcher watcher) {
    this.hints = hints;
    this.watcher = watcher;
  }

  /**
   * Watches these accounts from now on, and no others.
   *
   * @return whether one was not watched before: what happened to it since it was read is not known
   */
  boolean follow(Set<AccountId> accounts) {
    for (var account : Set.copyOf(watches.keySet())) {
      if (!accounts.contains(account)) {
        watches.remove(account).close();
      }
    }
    int before = watches.size();
    accounts.forEach(it -> watches.computeIfAbsent(it, _ -> hints.watch(it, watcher)));
    return watches.size() > before;
  }

  /** Watches no account any more. */
  void close() {
    follow(Set.of());
  }
}
