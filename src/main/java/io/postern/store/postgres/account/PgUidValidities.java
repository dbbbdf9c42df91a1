package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.maintenance.UidValidities;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Renewals of UIDVALIDITY, in PostgreSQL.
 *
 * <p>Rows are locked in the order of the store: the accounts ascending, which blocks changes of
 * their trees, then their {@code mailbox_state} ascending, which waits for running appends. The
 * statement that renews comes after both, so that its snapshot has all existing mailboxes. The row
 * of the renewal is locked first, and other nodes skip it: one batch at a time.
 */
public final class PgUidValidities implements UidValidities {
  /** A batch has at most so many accounts, and so many mailboxes or one account. */
  static final int MAX_ACCOUNTS = 100;

  static final int MAX_MAILBOXES = 5_000;

  private static final String LOCK_ACCOUNTS =
      "SELECT count(*) FROM (SELECT FROM account WHERE id = ANY($1) ORDER BY id"
          + " FOR NO KEY UPDATE) a";

  private static final String LOCK_MAILBOXES =
      "SELECT count(*) FROM (SELECT FROM mailbox_state WHERE account = ANY($1)"
          + " ORDER BY account, mailbox FOR UPDATE) s";

  // RFC 3501 §2.3.1.1: greater than each value before, also than those that a restore lost.
  private static final String RENEW =
      "WITH box AS (SELECT account, id, row_number() OVER (PARTITION BY account"
          + " ORDER BY uid_validity, id) AS n FROM mailbox WHERE account = ANY($1)),"
          + " last AS (UPDATE account a SET uid_validity ="
          + " greatest(extract(epoch FROM clock_timestamp())::bigint, a.uid_validity + 1) + c.n - 1"
          + " FROM (SELECT account, count(*) AS n FROM box GROUP BY account) c"
          + " WHERE a.id = c.account RETURNING a.id, a.uid_validity - c.n AS before),"
          + " renewed AS (UPDATE mailbox m SET uid_validity = l.before + b.n"
          + " FROM box b JOIN last l ON l.id = b.account"
          + " WHERE m.account = b.account AND m.id = b.id"
          + " RETURNING m.account, m.id, m.uid_validity)"
          + " UPDATE mailbox_state s SET uid_validity = r.uid_validity FROM renewed r"
          + " WHERE s.account = r.account AND s.mailbox = r.id";

  private static final String COLUMNS =
      "id, requested, finished, accounts_total, accounts_renewed, mailboxes_renewed";

  private static final String REQUEST =
      "INSERT INTO uid_validity_renewal (last_account, accounts_total)"
          + " SELECT coalesce(max(id), 0), count(*) FROM account"
          + " ON CONFLICT DO NOTHING RETURNING "
          + COLUMNS;

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM uid_validity_renewal WHERE id = $1";

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM uid_validity_renewal WHERE id > $1 ORDER BY id LIMIT $2";

  private static final String OPEN =
      "SELECT id, last_account, renewed_to, ended_to FROM uid_validity_renewal"
          + " WHERE finished IS NULL FOR UPDATE SKIP LOCKED";

  private static final String DUE =
      "SELECT a.id, (SELECT count(*) FROM mailbox m WHERE m.account = a.id) FROM account a"
          + " WHERE a.id > $1 AND a.id <= $2 AND coalesce(a.moving, 'leaving') = 'leaving'"
          + " ORDER BY a.id LIMIT "
          + MAX_ACCOUNTS;

  private static final String PROGRESS =
      "UPDATE uid_validity_renewal SET renewed_to = $2, accounts_renewed = accounts_renewed + $3,"
          + " mailboxes_renewed = mailboxes_renewed + $4 WHERE id = $1";

  private static final String NAMES =
      "SELECT name FROM account WHERE id > $1 AND id <= $2 ORDER BY id";

  private static final String ENDED =
      "UPDATE uid_validity_renewal SET ended_to = greatest(ended_to, $2), finished ="
          + " CASE WHEN $2 >= last_account THEN now() END WHERE id = $1 AND finished IS NULL";

  private record OpenRenewal(long id, long last, long renewed, long ended) {}

  private final Tx tx;

  public PgUidValidities(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<Integer> renew(AccountId account) {
    return tx.write(statements -> renew(statements, List.of(account.value())));
  }

  private static Future<Integer> renew(Statements statements, List<Long> accounts) {
    var ids = accounts.toArray(Long[]::new);
    return statements
        .run(LOCK_ACCOUNTS, (Object) ids)
        .compose(_ -> statements.run(LOCK_MAILBOXES, (Object) ids))
        .compose(_ -> statements.run(RENEW, (Object) ids))
        .map(RowSet::rowCount);
  }

  @Override
  public Uni<Optional<Renewal>> renewAll() {
    return tx.update(client -> client.preparedQuery(REQUEST).execute())
        .map(PgUidValidities::renewals)
        .map(made -> made.stream().findFirst());
  }

  @Override
  public Uni<Optional<Renewal>> find(long id) {
    return renewals(FIND, Tuple.of(id)).map(found -> found.stream().findFirst());
  }

  @Override
  public Uni<List<Renewal>> list(long after, int limit) {
    if (limit < 1 || limit > MOST_LISTED) {
      throw new IllegalArgumentException("1 to " + MOST_LISTED + " are listed, not " + limit);
    }
    return renewals(LIST, Tuple.of(after, limit));
  }

  private Uni<List<Renewal>> renewals(String sql, Tuple arguments) {
    return tx.autocommit(client -> client.preparedQuery(sql).execute(arguments))
        .map(PgUidValidities::renewals);
  }

  private static List<Renewal> renewals(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(PgUidValidities::renewal).toList();
  }

  private static Renewal renewal(Row row) {
    return new Renewal(
        row.getLong(0),
        row.getOffsetDateTime(1).toInstant(),
        Optional.ofNullable(row.getOffsetDateTime(2)).map(OffsetDateTime::toInstant),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5));
  }

  @Override
  public Uni<Optional<Batch>> next() {
    return tx.write(
        statements ->
            statements
                .run(OPEN)
                .compose(
                    rows ->
                        rows.size() == 0
                            ? Future.succeededFuture(Optional.empty())
                            : next(statements, open(rows.iterator().next())).map(Optional::of)));
  }

  private static OpenRenewal open(Row row) {
    return new OpenRenewal(row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3));
  }

  private static Future<Batch> next(Statements statements, OpenRenewal open) {
    return open.renewed() > open.ended()
        ? batch(statements, open, open.renewed())
        : statements
            .run(DUE, open.renewed(), open.last())
            .compose(due -> renew(statements, open, due));
  }

  private static Future<Batch> renew(Statements statements, OpenRenewal open, RowSet<Row> due) {
    var accounts = new ArrayList<Long>();
    long mailboxes = 0;
    for (var row : due) {
      mailboxes += row.getLong(1);
      if (mailboxes > MAX_MAILBOXES && !accounts.isEmpty()) {
        break;
      }
      accounts.add(row.getLong(0));
    }
    long upTo = accounts.isEmpty() ? open.last() : accounts.getLast();
    return renew(statements, accounts)
        .compose(
            renewed ->
                statements.run(
                    PROGRESS, open.id(), upTo, (long) accounts.size(), renewed.longValue()))
        .compose(_ -> batch(statements, open, upTo));
  }

  private static Future<Batch> batch(Statements statements, OpenRenewal open, long upTo) {
    return statements
        .run(NAMES, open.ended(), upTo)
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false).map(r -> r.getString(0)).toList())
        .map(names -> new Batch(open.id(), new AccountId(upTo), names));
  }

  @Override
  public Uni<Void> complete(Batch batch) {
    return tx.update(
            client ->
                client
                    .preparedQuery(ENDED)
                    .execute(Tuple.of(batch.renewal(), batch.upTo().value())))
        .replaceWithVoid();
  }
}
