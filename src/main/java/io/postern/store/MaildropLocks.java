package io.postern.store;

import io.postern.model.Ids.MailboxKey;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Exclusive locks on maildrops (RFC 1939 §4), for all nodes. A lock is a lease: whoever does not
 * renew it in time loses it, and what he then tries to remove by {@link Messages#update} stays.
 */
public interface MaildropLocks {
  /** What came of asking for a lock. */
  sealed interface LockResult {
    /** It is the caller's now. */
    record Held(MaildropLock lock) implements LockResult {}

    /** Another session has it. */
    record InUse() implements LockResult {}

    /** It is free, but was taken last so short a time ago that one has to wait. */
    record TooSoon(Duration left) implements LockResult {}
  }

  /**
   * Takes the lock if it is free, and was not taken within the delay.
   *
   * @param lease after which it is free again, unless renewed
   * @param delay how long after it was taken last it may be taken again; zero for at once
   */
  Uni<LockResult> acquire(MailboxKey mailbox, Duration lease, Duration delay);

  /** Keeps the lock for another lease from now; false when it is lost already. */
  Uni<Boolean> renew(MaildropLock lock, Duration lease);

  /** Gives the lock up; nothing happens when it is lost already. */
  Uni<Void> release(MaildropLock lock);
}
