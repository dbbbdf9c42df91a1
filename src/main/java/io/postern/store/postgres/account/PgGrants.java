package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.Grants;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;

/** Grants of full access, in PostgreSQL. */
public final class PgGrants implements Grants {
  private static final String DELEGATES = "SELECT delegate FROM access_grant WHERE owner = :owner";
  private static final String GRANTED =
      "SELECT 1 FROM access_grant WHERE owner = $1 AND delegate = $2";
  private static final String GRANT =
      "INSERT INTO access_grant (owner, delegate) VALUES ($1, $2) ON CONFLICT DO NOTHING";
  private static final String REVOKE =
      "DELETE FROM access_grant WHERE owner = $1 AND delegate = $2";

  private static final String DELEGATES_ELSEWHERE =
      "SELECT delegate_name FROM access_grant_elsewhere WHERE owner = $1 ORDER BY delegate_name";

  private static final String GRANTED_ELSEWHERE =
      "SELECT FROM access_grant_elsewhere WHERE owner = $1 AND delegate_name = $2";

  private static final String REVOKE_ELSEWHERE =
      "DELETE FROM access_grant_elsewhere WHERE owner = $1 AND delegate_name = $2";

  private final Tx tx;

  public PgGrants(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<List<Account>> delegates(AccountId owner) {
    return tx.ormRead(
        session ->
            session
                .createNativeQuery(DELEGATES, Long.class)
                .setParameter("owner", owner.value())
                .getResultList()
                .chain(ids -> PgAccounts.all(session, ids)));
  }

  @Override
  public Uni<Boolean> granted(AccountId owner, AccountId delegate) {
    return tx.autocommit(client -> run(client, GRANTED, owner, delegate))
        .map(rows -> rows.size() > 0);
  }

  @Override
  public Uni<Boolean> grant(AccountId owner, AccountId delegate) {
    return tx.update(client -> run(client, GRANT, owner, delegate))
        .map(rows -> rows.rowCount() > 0);
  }

  @Override
  public Uni<Boolean> revoke(AccountId owner, AccountId delegate) {
    return tx.update(client -> run(client, REVOKE, owner, delegate))
        .map(rows -> rows.rowCount() > 0);
  }

  @Override
  public Uni<List<String>> delegatesElsewhere(AccountId owner) {
    return tx.autocommit(
            client -> client.preparedQuery(DELEGATES_ELSEWHERE).execute(Tuple.of(owner.value())))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getString(0))
                    .toList());
  }

  @Override
  public Uni<Boolean> grantedElsewhere(AccountId owner, String delegate) {
    return tx.autocommit(
            client ->
                client.preparedQuery(GRANTED_ELSEWHERE).execute(Tuple.of(owner.value(), delegate)))
        .map(rows -> rows.size() > 0);
  }

  @Override
  public Uni<Boolean> revokeElsewhere(AccountId owner, String delegate) {
    return tx.update(
            client ->
                client.preparedQuery(REVOKE_ELSEWHERE).execute(Tuple.of(owner.value(), delegate)))
        .map(rows -> rows.rowCount() > 0);
  }

  private static Future<RowSet<Row>> run(
      SqlClient client, String sql, AccountId owner, AccountId delegate) {
    return client.preparedQuery(sql).execute(Tuple.of(owner.value(), delegate.value()));
  }
}
