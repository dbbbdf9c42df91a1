package io.postern.pop3;

import io.postern.store.MaildropLock;
import io.postern.store.MaildropLocks;
import io.postern.wire.Connection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** A maildrop's lock in the hand of a session: renewed while it lives, given up when it ends. */
final class Lease {
  /** After which a lock is free whose holder has died. */
  static final Duration LENGTH = Duration.ofSeconds(60);

  /** How often it is renewed: twice may fail. */
  static final Duration RENEWAL = Duration.ofSeconds(20);

  private static final Logger LOG = System.getLogger(Lease.class.getName());

  private final MaildropLocks locks;
  private final MaildropLock lock;
  private final Connection connection;
  private final Runnable lost;
  private Optional<Connection.Cancellation> next = Optional.empty();
  private boolean ended;

  /**
   * Begins to renew the lock.
   *
   * @param lost called when it is lost: from then on nothing can be removed
   */
  Lease(MaildropLocks locks, MaildropLock lock, Connection connection, Runnable lost) {
    this.locks = locks;
    this.lock = lock;
    this.connection = connection;
    this.lost = lost;
    schedule();
  }

  private void schedule() {
    next = Optional.of(connection.after(RENEWAL, this::renew));
  }

  private void renew() {
    if (ended) {
      return;
    }
    locks.renew(lock, LENGTH).subscribe().with(this::renewed, this::failed);
  }

  private void renewed(boolean kept) {
    if (ended) {
      return;
    }
    if (kept) {
      schedule();
    } else {
      LOG.log(Level.WARNING, "session {0} has lost the lock on its maildrop", connection.id());
      lost.run();
    }
  }

  /** The store may be back before the lease ends; if it is not, the next renewal tells. */
  private void failed(Throwable failure) {
    LOG.log(Level.WARNING, "session " + connection.id() + " can't renew its lock", failure);
    if (!ended) {
      schedule();
    }
  }

  /** Renews no more; the lock is the caller's to give up. */
  MaildropLock end() {
    ended = true;
    next.ifPresent(Connection.Cancellation::cancel);
    return lock;
  }

  /** Renews no more and gives the lock up, which nobody awaits. */
  void giveUp() {
    giveUp(locks, end());
  }

  /** Gives a lock up that nobody awaits. */
  static void giveUp(MaildropLocks locks, MaildropLock lock) {
    locks
        .release(lock)
        .subscribe()
        .with(
            _ -> {},
            // It ends by itself.
            failure -> LOG.log(Level.DEBUG, "a lock is not given up yet", failure));
  }
}
