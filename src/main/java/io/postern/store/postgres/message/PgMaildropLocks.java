package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.store.MaildropLock;
import io.postern.store.MaildropLocks;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;

/** Maildrop locks as rows in PostgreSQL; only the database's clock is used. */
public final class PgMaildropLocks implements MaildropLocks {
  private static final String LEASE = "clock_timestamp() + $3 * interval '1 millisecond'";

  private static final String ACQUIRE =
      "INSERT INTO maildrop_lock AS l (account, mailbox, token, until, taken)"
          + " VALUES ($1, $2, 1, "
          + LEASE
          + ", clock_timestamp())"
          + " ON CONFLICT (account, mailbox) DO UPDATE SET token = l.token + 1,"
          + " until = excluded.until, taken = excluded.taken"
          + " WHERE l.until <= clock_timestamp()"
          + " AND l.taken <= clock_timestamp() - $4 * interval '1 millisecond' RETURNING token";

  private static final String WHY_NOT =
      "SELECT until > clock_timestamp(),"
          + " (extract(epoch FROM taken - clock_timestamp()) * 1000)::bigint + $3"
          + " FROM maildrop_lock WHERE account = $1 AND mailbox = $2";

  private static final String MINE = " WHERE account = $1 AND mailbox = $2 AND token = ";

  private static final String RENEW = "UPDATE maildrop_lock SET until = " + LEASE + held("$4");

  private static final String GIVE_UP = "UPDATE maildrop_lock SET until = '-infinity'" + held("$3");

  /** The condition that this token holds the lock of mailbox {@code $2}, account {@code $1}. */
  static String held(String token) {
    return MINE + token + " AND until > clock_timestamp()";
  }

  private final Tx tx;

  public PgMaildropLocks(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<LockResult> acquire(MailboxKey mailbox, Duration lease, Duration delay) {
    long account = mailbox.account().value();
    long id = mailbox.mailbox().value();
    return tx.write(
        s ->
            s.run(ACQUIRE, account, id, lease.toMillis(), delay.toMillis())
                .compose(
                    taken ->
                        taken.size() > 0
                            ? Future.succeededFuture(held(mailbox, taken))
                            : s.run(WHY_NOT, account, id, delay.toMillis())
                                .map(PgMaildropLocks::whyNot)));
  }

  private static LockResult held(MailboxKey mailbox, RowSet<Row> taken) {
    return new LockResult.Held(new MaildropLock(mailbox, taken.iterator().next().getLong(0)));
  }

  private static LockResult whyNot(RowSet<Row> lock) {
    var row = lock.iterator().next();
    return row.getBoolean(0)
        ? new LockResult.InUse()
        : new LockResult.TooSoon(Duration.ofMillis(Math.max(0, row.getLong(1))));
  }

  @Override
  public Uni<Boolean> renew(MaildropLock lock, Duration lease) {
    return tx.write(
        s ->
            s.run(
                    RENEW,
                    lock.mailbox().account().value(),
                    lock.mailbox().mailbox().value(),
                    lease.toMillis(),
                    lock.token())
                .map(done -> done.rowCount() > 0));
  }

  @Override
  public Uni<Void> release(MaildropLock lock) {
    return tx.write(s -> giveUp(s, lock)).replaceWithVoid();
  }

  /** Releases the lock; false unless this token holds it and the lease has not ended. */
  static Future<Boolean> giveUp(Statements statements, MaildropLock lock) {
    return statements
        .run(
            GIVE_UP,
            lock.mailbox().account().value(),
            lock.mailbox().mailbox().value(),
            lock.token())
        .map(done -> done.rowCount() > 0);
  }
}
