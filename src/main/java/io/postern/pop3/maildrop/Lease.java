package io.postern.pop3.maildrop;

import io.postern.store.MaildropLock;
import io.postern.store.MaildropLocks;
import io.postern.wire.Connection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** A session's lock on a maildrop: renewed while the session lives, released when it ends. */
public final class Lease {
  /** Time after which the lock of a holder that died is free. */
  static final Duration LENGTH = Duration.ofSeconds(60);

  /** Interval between renewals: two may fail. */
  static final Duration RENEWAL = Duration.ofSeconds(20);

  private static final Logger LOG = System.getLogger(Lease.class.getName());

  private final MaildropLocks locks;
  private final MaildropLock lock;
  private final Connection connection;
  private final Runnable lost;
  private Optional<Connection.Cancellation> next = Optional.empty();
  private boolean ended;

  /**
   * Starts to renew the lock.
   *
   * @param lost called when the lock is lost: from then on nothing can be removed
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
      LOG.log(Level.WARNING, "session {0}: the lock on the maildrop was lost", connection.id());
      lost.run();
    }
  }

  /** The store may recover before the lease ends; if not, the next renewal detects the loss. */
  private void failed(Throwable failure) {
    LOG.log(
        Level.WARNING,
        "session " + connection.id() + ": the lock on the maildrop was not renewed",
        failure);
    if (!ended) {
      schedule();
    }
  }

  /** Stops renewing; the caller releases the lock. */
  public MaildropLock end() {
    ended = true;
    next.ifPresent(Connection.Cancellation::cancel);
    return lock;
  }

  /** Stops renewing and releases the lock, without waiting for the result. */
  public void giveUp() {
    giveUp(locks, end());
  }

  /** Releases a lock, without waiting for the result. */
  public static void giveUp(MaildropLocks locks, MaildropLock lock) {
    locks
        .release(lock)
        .subscribe()
        .with(
            _ -> {},
            failure ->
                LOG.log(Level.DEBUG, "a lock on a maildrop was not released; it expires", failure));
  }
}
