package io.postern.store.postgres.account;

import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Removes deleted accounts whose retention is over from all tables.
 *
 * <p>Each transaction locks the row of one account that is being purged, or of one whose retention
 * is over, and removes at most {@link #BATCH} rows of the first table that has any; it removes the
 * account's own row when no table has any. The remaining rows are the only record of progress, so
 * any node can continue a purge after a process was killed. Nodes that purge at the same time skip
 * locked rows and so take different accounts.
 *
 * <p>The order of the tables: {@code mailbox_state} is removed before the pages, so that a
 * remaining session finds its mailbox gone, never half of it. A content is removed with its last
 * reference, and its blob is left to the {@code Sweeper}, as another account may share it: its
 * grace time counts from the deletion of the account, after which no delivery to it can be running.
 */
public final class AccountPurge {
  /** How many rows one transaction removes. */
  static final int BATCH = 500;

  private static final String TAKE =
      "SELECT id FROM account WHERE purging ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";

  private static final String BEGIN =
      "UPDATE account SET purging = true WHERE id = (SELECT id FROM account"
          + " WHERE deleted < now() - $1 * interval '1 millisecond' AND NOT purging"
          + " AND moving IS NULL"
          + " ORDER BY deleted LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id";

  private static final String CONTENTS =
      "WITH gone AS ("
          + delete("content", "account")
          + " RETURNING blob), unowned AS (INSERT INTO blob_unowned (blob, since)"
          + " SELECT DISTINCT g.blob, a.deleted FROM gone g, account a WHERE a.id = $1"
          + " ON CONFLICT DO NOTHING) SELECT count(*) FROM gone";

  private static final String ACCOUNT = "DELETE FROM account WHERE id = $1";

  /** Each returns how many rows it removed of the account $1. */
  private static final List<String> STEPS =
      List.of(
          counted("expunged", "account"),
          counted("maildrop_lock", "account"),
          counted("mailbox_state", "account"),
          counted("mailbox_page", "account"),
          counted("recovery", "account"),
          CONTENTS,
          counted("account_sweep", "account"),
          counted("mailbox_access", "account"),
          counted("mailbox_access", "grantee"),
          counted("annotation", "account"),
          counted("annotation", "viewer"),
          counted("mailbox_access_elsewhere", "account"),
          counted("annotation_elsewhere", "account"),
          counted("mailbox", "account"),
          counted("subscription", "account"),
          counted("app_password", "account"),
          counted("account_quota", "account"),
          counted("access_grant_elsewhere", "owner"),
          counted("access_grant", "owner"),
          counted("access_grant", "delegate"));

  private final Tx tx;

  public AccountPurge(Tx tx) {
    this.tx = tx;
  }

  private static String delete(String table, String column) {
    return "DELETE FROM %1$s WHERE ctid = ANY(ARRAY(SELECT ctid FROM %1$s WHERE %2$s = $1 LIMIT %3$d))"
        .formatted(table, column, BATCH);
  }

  private static String counted(String table, String column) {
    return "WITH gone AS (" + delete(table, column) + " RETURNING 1) SELECT count(*) FROM gone";
  }

  /**
   * Purges all deleted accounts whose retention is over.
   *
   * @param retention for how long deleted accounts can be restored: {@code mail.retention.mailbox}
   * @return how many accounts were removed
   */
  public Uni<Long> purge(Duration retention) {
    return Multi.createBy()
        .repeating()
        .uni(() -> batch(retention))
        .whilst(done -> done != Progress.NOTHING)
        .filter(done -> done == Progress.ACCOUNT)
        .collect()
        .with(Collectors.counting());
  }

  /** What one transaction did. */
  public enum Progress {
    /** There is nothing to do. */
    NOTHING,
    /** Some rows of an account were removed. */
    ROWS,
    /** The last row of an account was removed. */
    ACCOUNT
  }

  /** One transaction. */
  public Uni<Progress> batch(Duration retention) {
    return tx.write(
        statements ->
            statements
                .run(TAKE)
                .compose(
                    taken ->
                        taken.size() > 0
                            ? Future.succeededFuture(taken)
                            : statements.run(BEGIN, retention.toMillis()))
                .compose(
                    taken ->
                        taken.size() > 0
                            ? remove(statements, taken.iterator().next().getLong(0))
                            : Future.succeededFuture(Progress.NOTHING)));
  }

  private static Future<Progress> remove(Statements statements, long account) {
    Future<Progress> done = Future.succeededFuture(Progress.NOTHING);
    for (var step : STEPS) {
      done =
          done.compose(
              before -> before == Progress.NOTHING ? run(statements, step, account) : done(before));
    }
    return done.compose(
        before ->
            before == Progress.NOTHING
                ? statements.run(ACCOUNT, account).map(Progress.ACCOUNT)
                : done(before));
  }

  private static Future<Progress> run(Statements statements, String step, long account) {
    return statements
        .run(step, account)
        .map(rows -> rows.iterator().next().getLong(0) > 0 ? Progress.ROWS : Progress.NOTHING);
  }

  private static Future<Progress> done(Progress what) {
    return Future.succeededFuture(what);
  }
}
