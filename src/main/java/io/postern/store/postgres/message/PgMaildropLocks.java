package io.postern.store.postgres.message;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.store.MaildropLock;
import io.postern.store.MaildropLocks;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;

/**
 * Maildrop locks as rows in PostgreSQL; only the database's clock is used. Each call is one
 * statement.
 *
 * <p>Taking, renewing and releasing a lock does not wait until it is on disk. If PostgreSQL fails
 * within that moment, the lock is lost as if its lease had ended: its holder removes nothing. That
 * no later holder has the same token is why tokens do not grow by one, but by a random number.
 */
public final class PgMaildropLocks implements MaildropLocks {
  private static final String LEASE = "clock_timestamp() + $3 * interval '1 millisecond'";

  private static final String NOT_FLUSHED = "set_config('synchronous_commit', 'off', true) = 'off'";

  private static final String STEP = "1 + floor(random() * 16777216)::bigint";

  /** The lock as it was is read for the reason of a refusal only. */
  private static final String ACQUIRE =
      "WITH m AS MATERIALIZED (SELECT id FROM mailbox WHERE account = $1 AND name = $2 AND "
          + NOT_FLUSHED
          + "), t AS (INSERT INTO maildrop_lock AS l (account, mailbox, token, until, taken) SELECT"
          + " $1, m.id, "
          + STEP
          + ", "
          + LEASE
          + ", clock_timestamp() FROM m"
          + " ON CONFLICT (account, mailbox) DO UPDATE SET token = l.token + excluded.token,"
          + " until = excluded.until, taken = excluded.taken"
          + " WHERE l.until <= clock_timestamp()"
          + " AND l.taken <= clock_timestamp() - $4 * interval '1 millisecond' RETURNING token)"
          + " SELECT m.id, t.token, l.until <= clock_timestamp() AS free,"
          + " (extract(epoch FROM l.taken - clock_timestamp()) * 1000)::bigint + $4 AS delay"
          + " FROM m LEFT JOIN t ON true"
          + " LEFT JOIN maildrop_lock l ON l.account = $1 AND l.mailbox = m.id";

  private static final String MINE = " WHERE account = $1 AND mailbox = $2 AND token = ";

  private static final String RENEW =
      "UPDATE maildrop_lock SET until = " + LEASE + held("$4") + " AND " + NOT_FLUSHED;

  private static final String GIVE_UP = "UPDATE maildrop_lock SET until = '-infinity'" + held("$3");

  private static final String RELEASE = GIVE_UP + " AND " + NOT_FLUSHED;

  /** The condition that this token holds the lock of mailbox {@code $2}, account {@code $1}. */
  static String held(String token) {
    return MINE + token + " AND until > clock_timestamp()";
  }

  private final Tx tx;

  public PgMaildropLocks(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<LockResult> acquire(
      AccountId account, MailboxName name, Duration lease, Duration delay) {
    var arguments = Tuple.of(account.value(), name.value(), lease.toMillis(), delay.toMillis());
    return rows(ACQUIRE, arguments).map(rows -> result(account, rows));
  }

  private static LockResult result(AccountId account, RowSet<Row> rows) {
    if (rows.size() == 0) {
      throw new StoreException(new StoreFailure.MailboxGone());
    }
    var row = rows.iterator().next();
    var token = Optional.ofNullable(row.getLong("token"));
    if (token.isPresent()) {
      var mailbox = new MailboxKey(account, new MailboxId(row.getLong("id")));
      return new LockResult.Held(new MaildropLock(mailbox, token.get()));
    }
    // A lock that was free and is not taken was taken by another session meanwhile.
    long delay = Boolean.TRUE.equals(row.getBoolean("free")) ? row.getLong("delay") : 0;
    return delay > 0 ? new LockResult.TooSoon(Duration.ofMillis(delay)) : new LockResult.InUse();
  }

  @Override
  public Uni<Boolean> renew(MaildropLock lock, Duration lease) {
    var arguments =
        Tuple.of(
            lock.mailbox().account().value(),
            lock.mailbox().mailbox().value(),
            lease.toMillis(),
            lock.token());
    return rows(RENEW, arguments).map(done -> done.rowCount() > 0);
  }

  @Override
  public Uni<Void> release(MaildropLock lock) {
    var arguments =
        Tuple.of(lock.mailbox().account().value(), lock.mailbox().mailbox().value(), lock.token());
    return rows(RELEASE, arguments).replaceWithVoid();
  }

  /** Never cancelled: the caller must learn that it holds a lock, to release it. */
  private Uni<RowSet<Row>> rows(String sql, Tuple arguments) {
    return tx.call(_ -> tx.statement(client -> client.preparedQuery(sql).execute(arguments)));
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
