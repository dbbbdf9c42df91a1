package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxName;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Exclusive locks on maildrops (RFC 1939 §4), for all nodes. A lock is a lease: a holder that does
 * not renew it in time loses it, and {@link Messages#update} then removes nothing for that holder.
 */
public interface MaildropLocks {
  /** The result of a lock request. */
  sealed interface LockResult {
    /** The caller holds the lock. */
    record Held(MaildropLock lock) implements LockResult {}

    /** Another session holds the lock. */
    record InUse() implements LockResult {}

    /** The lock is free, but was taken too recently to be taken again. */
    record TooSoon(Duration left) implements LockResult {}
  }

  /**
   * Takes the lock of the mailbox that has this name, if it is free and was not taken within the
   * delay. Fails with {@link StoreFailure.MailboxGone} when there is none.
   *
   * @param lease after which it is free again, unless renewed
   * @param delay how long after it was taken last it may be taken again; zero for at once
   */
  Uni<LockResult> acquire(AccountId account, MailboxName name, Duration lease, Duration delay);

  /** Renews the lock for another lease from now; false when it is lost already. */
  Uni<Boolean> renew(MaildropLock lock, Duration lease);

  /** Releases the lock; does nothing when it is lost already. */
  Uni<Void> release(MaildropLock lock);
}
