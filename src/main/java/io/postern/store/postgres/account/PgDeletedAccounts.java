package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/** Deleted accounts, in PostgreSQL: rows of {@code account} that {@link AccountRow} leaves out. */
public final class PgDeletedAccounts implements DeletedAccounts {
  private static final String LOCK =
      "SELECT name, verifier, scram, enabled, administrator, imap_enabled, imap_own, pop_enabled,"
          + " pop_own, deleted_item_days, plan"
          + " FROM account WHERE id = $1 AND deleted IS NULL FOR NO KEY UPDATE";

  private static final String DELETE =
      "UPDATE account SET deleted = now(), enabled_before = enabled, enabled = false WHERE id = $1";

  private static final String DELETED =
      "SELECT name, deleted, purging FROM account WHERE deleted IS NOT NULL AND moving IS NULL";

  private static final String FIND = DELETED + " AND name = $1";
  private static final String PAGE = DELETED + " AND name > $1 ORDER BY name LIMIT $2";

  private static final String RESTORE =
      "UPDATE account SET deleted = NULL, enabled = enabled_before"
          + " WHERE name = $1 AND deleted IS NOT NULL AND NOT purging AND moving IS NULL";

  private final Tx tx;

  public PgDeletedAccounts(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<Optional<Account>> delete(AccountId account, Consumer<AccountSettings> check) {
    return tx.write(
        statements ->
            statements
                .run(LOCK, account.value())
                .compose(
                    rows ->
                        rows.size() == 0
                            ? Future.succeededFuture(Optional.<Account>empty())
                            : delete(statements, account(account, rows.iterator().next()), check)));
  }

  private static Future<Optional<Account>> delete(
      Statements statements, Account account, Consumer<AccountSettings> check) {
    check.accept(account.settings());
    return statements.run(DELETE, account.id().value()).map(Optional.of(account));
  }

  private static Account account(AccountId id, Row row) {
    var verifiers =
        new Verifiers(
            new Secret(row.getString(1)), Optional.ofNullable(row.getString(2)).map(Secret::new));
    var settings =
        new AccountSettings(
            row.getBoolean(3),
            row.getBoolean(4),
            AccountRow.set(row.getBoolean(5), row.getBoolean(6)),
            AccountRow.set(row.getBoolean(7), row.getBoolean(8)),
            Optional.ofNullable(row.getInteger(9)),
            Optional.ofNullable(row.getString(10)));
    return new Account(
        id, row.getString(0), verifiers, settings, ProtocolOptions.DEFAULTS, Optional.empty());
  }

  @Override
  public Uni<Optional<Deleted>> find(String name) {
    return rows(FIND, Tuple.of(folded(name))).map(found -> found.stream().findFirst());
  }

  @Override
  public Uni<List<Deleted>> page(String after, int limit) {
    return rows(PAGE, Tuple.of(folded(after), limit));
  }

  private Uni<List<Deleted>> rows(String sql, Tuple arguments) {
    return tx.autocommit(client -> client.preparedQuery(sql).execute(arguments))
        .map(PgDeletedAccounts::deleted);
  }

  private static List<Deleted> deleted(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(
            row ->
                new Deleted(
                    row.getString(0), row.getOffsetDateTime(1).toInstant(), row.getBoolean(2)))
        .toList();
  }

  @Override
  public Uni<Boolean> restore(String name) {
    return tx.update(client -> client.preparedQuery(RESTORE).execute(Tuple.of(folded(name))))
        .map(rows -> rows.rowCount() > 0);
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
