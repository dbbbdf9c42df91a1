package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Quotas;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Quotas of accounts, in PostgreSQL. */
public final class PgQuotas implements Quotas {
  private static final String READ =
      "SELECT q.warning, q.prohibit_send, q.prohibit_receive, q.messages,"
          + " f.warning, f.prohibit_send, f.prohibit_receive, f.messages,"
          + " coalesce(u.octets, 0)::bigint, coalesce(u.messages, 0)::bigint"
          + " FROM (SELECT sum(size) AS octets, sum(messages) AS messages FROM mailbox_state"
          + " WHERE account = $1) u LEFT JOIN account_quota q ON q.account = $1"
          + " LEFT JOIN quota_in_force f ON f.account = $1";

  private static final String HOLDINGS =
      "SELECT (SELECT count(*) FROM mailbox WHERE account = $1),"
          + " (SELECT coalesce(sum(octet_length(value)), 0)::bigint FROM annotation"
          + " WHERE account = $1)";

  /** Two changes of an account's levels wait for each other. */
  private static final String LOCK = "SELECT FROM account WHERE id = $1 FOR UPDATE";

  private static final String PUT =
      "INSERT INTO account_quota AS q (account, warning, prohibit_send, prohibit_receive, messages)"
          + " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account) DO UPDATE SET warning = $2,"
          + " prohibit_send = $3, prohibit_receive = $4, messages = $5";

  private final Tx tx;
  private final Supplier<Levels> defaults;

  /**
   * @param defaults for accounts without levels of their own
   */
  public PgQuotas(Tx tx, Supplier<Levels> defaults) {
    this.tx = tx;
    this.defaults = defaults;
  }

  @Override
  public Uni<Quota> of(AccountId account) {
    return tx.autocommit(client -> client.preparedQuery(READ).execute(Tuple.of(account.value())))
        .map(this::quota);
  }

  @Override
  public Uni<Holdings> holdings(AccountId account) {
    return tx.autocommit(
            client -> client.preparedQuery(HOLDINGS).execute(Tuple.of(account.value())))
        .map(rows -> rows.iterator().next())
        .map(row -> new Holdings(row.getLong(0), row.getLong(1)));
  }

  @Override
  public Uni<Quota> set(AccountId account, UnaryOperator<Levels> change) {
    return tx.write(
        statements ->
            statements
                .run(LOCK, account.value())
                .compose(_ -> statements.run(READ, account.value()))
                .compose(
                    rows ->
                        statements.run(PUT, arguments(account, change.apply(quota(rows).own()))))
                .compose(_ -> statements.run(READ, account.value()))
                .map(this::quota));
  }

  private static Tuple arguments(AccountId account, Levels own) {
    return Tuple.of(account.value())
        .addValue(own.warning().orElse(null))
        .addValue(own.prohibitSend().orElse(null))
        .addValue(own.prohibitReceive().orElse(null))
        .addValue(own.messages().orElse(null));
  }

  private Quota quota(RowSet<Row> rows) {
    var row = rows.iterator().next();
    return new Quota(
        levels(row, 0),
        levels(row, 4).or(defaults.get()),
        new Usage(row.getLong(8), row.getLong(9)));
  }

  private static Levels levels(Row row, int first) {
    return new Levels(
        level(row, first), level(row, first + 1), level(row, first + 2), level(row, first + 3));
  }

  private static Optional<Long> level(Row row, int column) {
    return Optional.ofNullable(row.getLong(column));
  }
}
