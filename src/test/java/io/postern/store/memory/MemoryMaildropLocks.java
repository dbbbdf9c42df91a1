package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxName;
import io.postern.store.MaildropLock;
import io.postern.store.MaildropLocks;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The locks on the maildrops of a {@link MemoryStore}. */
public final class MemoryMaildropLocks implements MaildropLocks {
  /** A lock: its last holder, its expiry, and its start. */
  record Row(long token, Instant until, Instant taken) {
    boolean held(long by, Instant now) {
      return token == by && until.isAfter(now);
    }
  }

  private final MemoryStore store;

  public MemoryMaildropLocks(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Uni<LockResult> acquire(
      AccountId account, MailboxName name, Duration lease, Duration delay) {
    return store.call(
        () -> {
          var mailbox =
              store
                  .account(account)
                  .byName(name)
                  .orElseThrow(() -> MemoryStore.failure(new StoreFailure.MailboxGone()))
                  .key;
          var now = Instant.now();
          var before = Optional.ofNullable(store.locks.get(mailbox));
          if (before.isPresent() && before.get().until.isAfter(now)) {
            return new LockResult.InUse();
          }
          var free = before.map(row -> row.taken.plus(delay)).orElse(now);
          if (free.isAfter(now)) {
            return new LockResult.TooSoon(Duration.between(now, free));
          }
          long token = before.map(Row::token).orElse(0L) + 1;
          store.locks.put(mailbox, new Row(token, now.plus(lease), now));
          return new LockResult.Held(new MaildropLock(mailbox, token));
        });
  }

  @Override
  public Uni<Boolean> renew(MaildropLock lock, Duration lease) {
    return store.call(() -> until(store, lock, Instant.now().plus(lease)));
  }

  @Override
  public Uni<Void> release(MaildropLock lock) {
    return store.run(() -> until(store, lock, Instant.MIN));
  }

  /** Lets the lock last until then, if it is still held; whether it was. */
  static boolean until(MemoryStore store, MaildropLock lock, Instant until) {
    var row = Optional.ofNullable(store.locks.get(lock.mailbox()));
    boolean held = row.filter(r -> r.held(lock.token(), Instant.now())).isPresent();
    if (held) {
      var taken = row.orElseThrow().taken;
      store.locks.put(lock.mailbox(), new Row(lock.token(), until, taken));
    }
    return held;
  }
}
