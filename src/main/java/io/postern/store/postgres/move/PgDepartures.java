package io.postern.store.postgres.move;

import io.postern.model.Ids.AccountId;
import io.postern.store.move.Arrivals.Store;
import io.postern.store.move.Departures;
import io.postern.store.move.MoveRefused;
import io.postern.store.move.MovedRows;
import io.postern.store.move.RowKey;
import io.postern.store.move.Ticket;
import io.postern.store.postgres.schema.Schema;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The side that accounts leave, in PostgreSQL. */
public final class PgDepartures implements Departures {
  /** How many chunks, of 128 KiB at most, are read at once. */
  private static final int CHUNKS = CHUNK_OCTETS >> 17;

  private static final String STORE =
      "SELECT coalesce((SELECT number FROM site_number), 0)::int, (SELECT max(version)"
          + " FROM flyway_schema_history WHERE success)";

  private static final String FIND =
      """
      SELECT a.id, (SELECT count(*) FROM content c WHERE c.account = a.id),
          (SELECT coalesce(sum(size), 0)::bigint FROM content c WHERE c.account = a.id),
          (SELECT min(m.name) FROM mailbox_state s JOIN mailbox m ON m.account = s.account
            AND m.id = s.mailbox WHERE s.account = a.id AND s.damaged IS NOT NULL)
        FROM account a WHERE a.name = $1 AND a.deleted IS NULL\
      """;

  private static final String GREATEST =
      """
      SELECT CASE WHEN $1::bigint % 1024 = $2::bigint THEN $1 ELSE 0 END,
        (SELECT coalesce(max(id), 0) FROM mailbox WHERE account = $1 AND id % 1024 = $2),
        (SELECT coalesce(max(id), 0) FROM content WHERE account = $1 AND id % 1024 = $2),
        (SELECT coalesce(max(id), 0) FROM recovery WHERE account = $1 AND id % 1024 = $2)\
      """;

  private static final String WINDOW =
      "SELECT %1$s, %2$s, %3$s FROM %4$s t WHERE account = $1 AND (%1$s, %2$s) > ($2, $3)"
          + " ORDER BY 1, 2 LIMIT %5$d";

  private static final String ROWS =
      "SELECT row_to_json(t)::text%s FROM %s t WHERE account = $1"
          + " AND (%s, %s) IN (SELECT * FROM unnest($2::bigint[], $3::bigint[]))";

  private static final String REPLACED =
      "SELECT row_to_json(t)::text FROM (SELECT * FROM %s WHERE %s = $1 ORDER BY %s OFFSET $2"
          + " LIMIT %d) t";

  private static final String GRANTS =
      "SELECT to_json(name)::text FROM (SELECT d.name FROM access_grant JOIN account d ON d.id ="
          + " delegate AND d.deleted IS NULL WHERE owner = $1 UNION SELECT delegate_name FROM"
          + " access_grant_elsewhere WHERE owner = $1) t ORDER BY name OFFSET $2 LIMIT 1000";

  private static final String CHUNK =
      "SELECT blob, n, bytes FROM blob_chunk WHERE blob = ANY($1) AND (blob, n) > ($2, $3)"
          + " ORDER BY blob, n LIMIT "
          + CHUNKS;

  private static final String LOCK = "SELECT moving FROM account WHERE id = $1 FOR UPDATE";

  /** Both the run that is the latest, and a move that has not gone on since. */
  private static final String CURRENT =
      "SELECT FROM account_move WHERE id = $1 AND attempt = $2 AND finished IS NULL FOR UPDATE";

  private static final String LOCK_MAILBOXES =
      "SELECT count(*) FROM (SELECT FROM mailbox_state WHERE account = $1 ORDER BY mailbox"
          + " FOR UPDATE) s";

  private static final String FENCE =
      "UPDATE mailbox_state SET fenced = $2 WHERE account = $1 AND fenced <> $2";

  private static final String MARK =
      "UPDATE account SET moving = CASE WHEN $2 THEN 'leaving' END WHERE id = $1";

  private static final String FROZEN =
      "UPDATE account_move SET frozen_at = CASE WHEN $2 THEN clock_timestamp() END WHERE id = $1";

  private static final String LEAVE =
      "UPDATE account SET moving = 'left', deleted = now() WHERE id = $1 AND moving = 'leaving'";

  /** Owners who stay here still grant the user access. */
  private static final String KEEP_GRANTS =
      "INSERT INTO access_grant_elsewhere (owner, delegate_name) SELECT g.owner, a.name"
          + " FROM access_grant g JOIN account a ON a.id = g.delegate WHERE g.delegate = $1"
          + " ON CONFLICT DO NOTHING";

  /** The same for rights and private annotations in mailboxes of those who stay here. */
  private static final String KEEP_RIGHTS =
      "WITH gone AS (DELETE FROM mailbox_access WHERE grantee = $1 RETURNING *)"
          + " INSERT INTO mailbox_access_elsewhere SELECT g.account, g.mailbox, a.name, g.rights"
          + " FROM gone g JOIN account a ON a.id = g.grantee ON CONFLICT DO NOTHING";

  private static final String KEEP_ANNOTATIONS =
      "WITH gone AS (DELETE FROM annotation WHERE viewer = $1 AND account <> $1 RETURNING *)"
          + " INSERT INTO annotation_elsewhere SELECT g.account, g.mailbox, a.name, g.entry,"
          + " g.value FROM gone g JOIN account a ON a.id = g.viewer ON CONFLICT DO NOTHING";

  private static final String SWEEP =
      "UPDATE account SET purging = true WHERE id = $1 AND moving = 'left'";

  private final Tx tx;
  private final String site;

  /**
   * @param site the name of this site
   */
  public PgDepartures(Tx tx, String site) {
    this.tx = tx;
    this.site = site;
  }

  @Override
  public Uni<Store> store() {
    return store(tx, site);
  }

  /**
   * The store, for moves in either direction. Its database can be newer than this version, after a
   * rollback or during an upgrade: this version would then leave behind what it does not know of.
   */
  static Uni<Store> store(Tx tx, String site) {
    return tx.autocommit(client -> client.preparedQuery(STORE).execute())
        .map(rows -> rows.iterator().next())
        .map(row -> new Store(site, row.getInteger(0), row.getString(1)))
        .invoke(PgDepartures::requireThisVersion);
  }

  private static void requireThisVersion(Store store) {
    if (!store.schema().equals(Schema.NEWEST)) {
      throw new MoveRefused(
          "the database of %s has the schema %s, and this version of the server %s"
              .formatted(store.site(), store.schema(), Schema.NEWEST));
    }
  }

  @Override
  public Uni<Optional<Departing>> find(String name) {
    return tx.longRead(
        client ->
            client
                .preparedQuery(FIND)
                .execute(Tuple.of(name.toLowerCase(Locale.ROOT)))
                .map(
                    rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                            .map(PgDepartures::departing)
                            .findFirst()));
  }

  private static Departing departing(Row row) {
    return new Departing(
        new AccountId(row.getLong(0)),
        row.getLong(1),
        row.getLong(2),
        Optional.ofNullable(row.getString(3))
            .map(mailbox -> "the mailbox \"" + mailbox + "\" is damaged"));
  }

  @Override
  public Uni<List<Long>> greatest(AccountId account, int number) {
    var arguments = Tuple.of(account.value(), (long) number);
    return tx.longRead(client -> client.preparedQuery(GREATEST).execute(arguments))
        .map(rows -> rows.iterator().next())
        .map(row -> List.of(row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3)));
  }

  @Override
  public Uni<Window> window(AccountId account, MovedRows rows, RowKey after) {
    var table = MovedTable.of(rows);
    var sql =
        WINDOW.formatted(table.first(), table.second(), table.hash(), table.name(), table.batch());
    return read(s -> s.run(sql, account.value(), after.first(), after.second()))
        .map(
            found -> {
              var keys = new ArrayList<RowKey>();
              found.forEach(
                  row -> keys.add(new RowKey(row.getLong(0), row.getLong(1), row.getLong(2))));
              return new Window(keys, keys.size() < table.batch());
            });
  }

  private Uni<RowSet<Row>> read(
      java.util.function.Function<Statements, Future<RowSet<Row>>> statement) {
    return tx.readSnapshot(s -> s.run(Digests.SESSION).compose(_ -> statement.apply(s)));
  }

  @Override
  public Uni<Rows> rows(AccountId account, MovedRows kind, List<RowKey> keys) {
    if (keys.size() > kind.batch()) {
      throw new IllegalArgumentException(kind.batch() + " rows at most, not " + keys.size());
    }
    var table = MovedTable.of(kind);
    boolean contents = kind == MovedRows.CONTENT;
    var sql = ROWS.formatted(contents ? ", blob" : "", table.name(), table.first(), table.second());
    var first = keys.stream().map(RowKey::first).toArray(Long[]::new);
    var second = keys.stream().map(RowKey::second).toArray(Long[]::new);
    return tx.readSnapshot(
        s ->
            s.run(Digests.SESSION)
                .compose(_ -> s.run(sql, account.value(), first, second))
                .compose(
                    rows -> {
                      var blobs = contents ? blobs(rows) : List.<UUID>of();
                      return Digests.chunks(s, blobs)
                          .map(digest -> new Rows(json(rows), blobs, digest, rows.size()));
                    }));
  }

  private static List<UUID> blobs(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.getUUID(1))
        .distinct()
        .toList();
  }

  private static String json(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.getString(0))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public Uni<Rows> rows(AccountId account, MovedRows kind, int skip) {
    var table = MovedTable.of(kind);
    var sql =
        kind == MovedRows.GRANT
            ? GRANTS
            : REPLACED.formatted(table.name(), table.account(), table.first(), table.batch());
    return read(s -> s.run(sql, account.value(), skip))
        .map(rows -> new Rows(json(rows), List.of(), "", rows.size()));
  }

  @Override
  public Uni<Chunks> chunks(List<UUID> blobs, Chunks after) {
    var arguments =
        Tuple.of(blobs.toArray(UUID[]::new)).addUUID(after.blob()).addInteger(after.number());
    return tx.longRead(client -> client.preparedQuery(CHUNK).execute(arguments))
        .map(PgDepartures::chunks);
  }

  private static Chunks chunks(RowSet<Row> rows) {
    var octets = Buffer.buffer();
    var last = Chunks.none();
    for (var row : rows) {
      var blob = row.getUUID(0);
      var bytes = row.getBuffer(2);
      octets
          .appendLong(blob.getMostSignificantBits())
          .appendLong(blob.getLeastSignificantBits())
          .appendInt(row.getInteger(1))
          .appendInt(bytes.length())
          .appendBuffer(bytes);
      last = new Chunks(octets, blob, row.getInteger(1));
    }
    return last;
  }

  @Override
  public Uni<Boolean> freeze(Ticket ticket) {
    return change(ticket, s -> fence(s, ticket, true));
  }

  @Override
  public Uni<Boolean> thaw(Ticket ticket) {
    return change(ticket, s -> fence(s, ticket, false));
  }

  private static Future<Boolean> fence(Statements statements, Ticket ticket, boolean on) {
    long account = ticket.account().value();
    return statements
        .run(LOCK_MAILBOXES, account)
        .compose(_ -> statements.run(FENCE, account, on))
        .compose(_ -> statements.run(MARK, account, on))
        .compose(_ -> statements.run(FROZEN, ticket.move(), on))
        .map(true);
  }

  /** Changes the account if this is the latest run; the account's row is locked first. */
  private Uni<Boolean> change(
      Ticket ticket, java.util.function.Function<Statements, Future<Boolean>> body) {
    return tx.write(
        s ->
            s.run(Digests.SESSION)
                .compose(_ -> s.run(LOCK, ticket.account().value()))
                .compose(_ -> s.run(CURRENT, ticket.move(), ticket.attempt()))
                .compose(
                    found -> found.size() > 0 ? body.apply(s) : Future.succeededFuture(false)));
  }

  @Override
  public Uni<List<String>> digest(AccountId account) {
    return tx.readSnapshot(s -> Digests.account(s, account.value()));
  }

  @Override
  public Uni<Boolean> leave(Ticket ticket) {
    long account = ticket.account().value();
    return change(
        ticket,
        s ->
            s.run(KEEP_GRANTS, account)
                .compose(_ -> s.run(KEEP_RIGHTS, account))
                .compose(_ -> s.run(KEEP_ANNOTATIONS, account))
                .compose(_ -> s.run(LEAVE, account))
                .map(true));
  }

  @Override
  public Uni<Void> sweep(AccountId account) {
    return tx.update(client -> client.preparedQuery(SWEEP).execute(Tuple.of(account.value())))
        .replaceWithVoid();
  }
}
