package io.postern.store.postgres.message;

import io.postern.model.Ids.AccountId;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Quotas.Levels;
import io.postern.store.postgres.tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Refuses what would exceed the quota of an account: a condition of the statement that writes,
 * which writes nothing then and costs no trip of its own; and a statement that finds out whether
 * that was the reason.
 *
 * @param defaults for accounts without levels of their own
 */
record QuotaCheck(Supplier<Levels> defaults) {
  /** Arguments: account, octets and messages that are added, the defaults. */
  private static final String OVER =
      "SELECT over_quota($1, $2, $3, $4, $5), coalesce((SELECT prohibit_receive FROM quota_in_force"
          + " WHERE account = $1), $4), coalesce((SELECT messages FROM quota_in_force"
          + " WHERE account = $1), $5)";

  /**
   * The condition as part of a statement whose first argument is the account.
   *
   * @param octets an expression: those that are added
   * @param messages an expression
   * @param next the number of the first of the two arguments that {@link #add} adds
   */
  static String within(String octets, String messages, int next) {
    return " AND NOT over_quota($1::bigint, %s, %s, $%d::bigint, $%d::bigint)"
        .formatted(octets, messages, next, next + 1);
  }

  /** Adds the arguments of {@link #within}. */
  Tuple add(Tuple tuple) {
    var levels = defaults.get();
    return tuple
        .addValue(levels.prohibitReceive().orElse(null))
        .addValue(levels.messages().orElse(null));
  }

  /** Fails with OverQuota if the account would exceed its quota. */
  Future<Void> require(Statements statements, AccountId account, long octets, long messages) {
    return statements
        .run(OVER, add(Tuple.of(account.value(), octets, messages)))
        .compose(QuotaCheck::verdict);
  }

  private static Future<Void> verdict(RowSet<Row> rows) {
    var row = rows.iterator().next();
    return row.getBoolean(0)
        ? Future.failedFuture(
            new StoreException(
                new StoreFailure.OverQuota(
                    Optional.ofNullable(row.getLong(1)), Optional.ofNullable(row.getLong(2)))))
        : Future.succeededFuture();
  }
}
