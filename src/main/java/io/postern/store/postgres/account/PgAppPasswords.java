package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Secret;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** App passwords in PostgreSQL. */
public final class PgAppPasswords implements AppPasswords {
  private static final String LIST =
      "SELECT name, verifier, created, last_used FROM app_password WHERE account = %s"
          + " ORDER BY name";
  private static final String LIST_OF_ID = LIST.formatted("$1");
  private static final String LIST_OF_NAME =
      LIST.formatted("(SELECT id FROM account WHERE name = $1 AND deleted IS NULL)");
  private static final String LOCK = "SELECT id FROM account WHERE id = $1 FOR NO KEY UPDATE";
  private static final String COUNT = "SELECT count(*) FROM app_password WHERE account = $1";
  private static final String ADD =
      "INSERT INTO app_password (account, name, verifier) VALUES ($1, $2, $3)"
          + " ON CONFLICT DO NOTHING";
  private static final String REVOKE = "DELETE FROM app_password WHERE account = $1 AND name = $2";
  private static final String USED =
      "UPDATE app_password SET last_used = now() WHERE account = $1 AND name = $2"
          + " AND (last_used IS NULL OR last_used < now() - interval '1 hour')";

  private final Tx tx;

  public PgAppPasswords(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<List<AppPassword>> list(AccountId account) {
    return list(LIST_OF_ID, Tuple.of(account.value()));
  }

  @Override
  public Uni<List<AppPassword>> list(String user) {
    return list(LIST_OF_NAME, Tuple.of(user.toLowerCase(Locale.ROOT)));
  }

  private Uni<List<AppPassword>> list(String sql, Tuple arguments) {
    return tx.autocommit(client -> client.preparedQuery(sql).execute(arguments))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(PgAppPasswords::appPassword)
                    .toList());
  }

  private static AppPassword appPassword(Row row) {
    return new AppPassword(
        row.getString(0),
        new Secret(row.getString(1)),
        row.getOffsetDateTime(2).toInstant(),
        Optional.ofNullable(row.getOffsetDateTime(3)).map(OffsetDateTime::toInstant));
  }

  /** The lock on the account's row serialises additions, so that the count stays exact. */
  @Override
  public Uni<Boolean> add(AccountId account, String name, Secret verifier) {
    return tx.write(
        statements ->
            statements
                .run(LOCK, account.value())
                .compose(_ -> statements.run(COUNT, account.value()))
                .compose(
                    rows ->
                        rows.iterator().next().getLong(0) < MAX
                            ? statements
                                .run(ADD, account.value(), name, verifier.reveal())
                                .map(added -> added.rowCount() > 0)
                            : Future.failedFuture(
                                new StoreException(
                                    new StoreFailure.LimitReached("app passwords", MAX)))));
  }

  @Override
  public Uni<Boolean> revoke(AccountId account, String name) {
    return tx.update(
            client -> client.preparedQuery(REVOKE).execute(Tuple.of(account.value(), name)))
        .map(rows -> rows.rowCount() > 0);
  }

  @Override
  public Uni<Void> recordUse(AccountId account, String name) {
    return tx.update(client -> client.preparedQuery(USED).execute(Tuple.of(account.value(), name)))
        .replaceWithVoid();
  }
}
