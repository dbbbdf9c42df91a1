package io.postern.store.postgres.move;

import io.postern.store.move.MoveRefused;
import io.postern.store.move.MovedRows;
import io.postern.store.move.RowKey;
import io.postern.store.postgres.tx.Statements;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.ToLongFunction;
import java.util.stream.StreamSupport;

/** The rows of an account that arrives. Rows of other accounts are left out. */
final class ArrivedRows {
  private static final String RANGE =
      "account = $1 AND (%1$s, %2$s) > ($5, $6) AND ($9 OR (%1$s, %2$s) <= ($7, $8))";

  private static final String COMPARE =
      "WITH e AS MATERIALIZED (SELECT * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[])"
          + " AS e(a, b, h)), gone AS (DELETE FROM %4$s t WHERE "
          + RANGE
          + " AND NOT EXISTS (SELECT FROM e WHERE e.a = %1$s AND e.b = %2$s) RETURNING t.*)%5$s"
          + " SELECT e.a, e.b, e.h FROM e LEFT JOIN (SELECT %1$s AS a, %2$s AS b, %3$s AS h"
          + " FROM %4$s t WHERE "
          + RANGE
          + ") d ON d.a = e.a AND d.b = e.b WHERE d.h IS DISTINCT FROM e.h ORDER BY 1, 2";

  private static final String UNOWNED =
      ", unowned AS (INSERT INTO blob_unowned (blob) SELECT DISTINCT blob FROM gone"
          + " ON CONFLICT DO NOTHING)";

  private static final String POPULATED = "json_populate_recordset(NULL::%1$s, $2::text::json) r";

  private static final String INSERT =
      "INSERT INTO %1$s SELECT r.* FROM " + POPULATED + " WHERE r.account = $1";

  private static final String CONTENTS = INSERT.formatted("content") + " ON CONFLICT DO NOTHING";

  private static final String BLOBS =
      "SELECT DISTINCT r.blob FROM " + POPULATED.formatted("content") + " WHERE r.account = $1";

  private static final String OLD_PAGES =
      "DELETE FROM mailbox_page p USING "
          + POPULATED.formatted("mailbox_page")
          + " WHERE p.account = $1 AND p.mailbox = r.mailbox AND p.page = r.page";

  private static final String OLD_RECOVERY =
      "DELETE FROM recovery p USING "
          + POPULATED.formatted("recovery")
          + " WHERE p.account = $1 AND p.id = r.id";

  private static final String COLUMNS =
      "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
          + " WHERE attrelid = 'account'::regclass AND attnum > 0 AND NOT attisdropped"
          + " AND attname NOT IN ('id', 'moving', 'deleted', 'purging')";

  private static final String ACCOUNT =
      "UPDATE account SET (%1$s) = (SELECT %1$s FROM json_populate_recordset(NULL::account,"
          + " $2::text::json)) WHERE id = $1";

  private static final String MISSING_PLAN =
      "SELECT r.plan FROM json_populate_recordset(NULL::account, $1::text::json) r"
          + " WHERE r.plan IS NOT NULL"
          + " AND NOT EXISTS (SELECT FROM mailbox_plan p WHERE p.name = r.plan)";

  private static final String DELETE_GRANTS =
      "WITH here AS (DELETE FROM access_grant WHERE owner = $1)"
          + " DELETE FROM access_grant_elsewhere WHERE owner = $1";

  /** To those whose mailboxes are here, and to the others. */
  private static final String GRANTS =
      "WITH n AS MATERIALIZED (SELECT n.name, a.id FROM json_array_elements_text($2::text::json)"
          + " AS n(name) LEFT JOIN account a ON a.name = n.name AND a.deleted IS NULL),"
          + " here AS (INSERT INTO access_grant SELECT $1, id FROM n WHERE id IS NOT NULL)"
          + " INSERT INTO access_grant_elsewhere SELECT $1, name FROM n WHERE id IS NULL";

  private static final String RIGHTS =
      "WITH n AS MATERIALIZED (SELECT r.*, a.id FROM "
          + POPULATED.formatted("named_mailbox_access")
          + " LEFT JOIN account a ON a.name = r.grantee_name AND a.name <> 'anyone'"
          + " AND a.deleted IS NULL"
          + " WHERE r.account = $1), here AS (INSERT INTO mailbox_access"
          + " SELECT $1, mailbox, id, rights FROM n WHERE id IS NOT NULL)"
          + " INSERT INTO mailbox_access_elsewhere"
          + " SELECT $1, mailbox, grantee_name, rights FROM n WHERE id IS NULL";

  /** The account that arrives is marked as deleted, and sees its own. */
  private static final String ANNOTATIONS =
      "WITH n AS MATERIALIZED (SELECT r.*, CASE WHEN r.viewer_name = '' THEN 0 ELSE a.id END AS id"
          + " FROM "
          + POPULATED.formatted("named_annotation")
          + " LEFT JOIN account a ON a.name = r.viewer_name AND (a.deleted IS NULL OR a.id = $1)"
          + " WHERE r.account = $1), here AS (INSERT INTO annotation"
          + " SELECT $1, mailbox, id, entry, value FROM n WHERE id IS NOT NULL)"
          + " INSERT INTO annotation_elsewhere"
          + " SELECT $1, mailbox, viewer_name, entry, value FROM n WHERE id IS NULL";

  private static final String CHUNKS =
      "INSERT INTO blob_chunk (blob, n, bytes) SELECT * FROM unnest($1::uuid[], $2::int[],"
          + " $3::bytea[]) ON CONFLICT DO NOTHING";

  /** Until a content refers to them; a mark that is there is renewed. */
  private static final String MARK_CHUNKS =
      "INSERT INTO blob_unowned (blob) SELECT DISTINCT * FROM unnest($1::uuid[])"
          + " ON CONFLICT (blob) DO UPDATE SET since = now()";

  private static final int CHUNK_HEAD = 24;

  private final Statements statements;
  private final long account;

  ArrivedRows(Statements statements, long account) {
    this.statements = statements;
    this.account = account;
  }

  Future<List<RowKey>> compare(MovedRows rows, RowKey after, List<RowKey> present, boolean last) {
    var table = MovedTable.of(rows);
    var sql =
        COMPARE.formatted(
            table.first(),
            table.second(),
            table.hash(),
            table.name(),
            rows == MovedRows.CONTENT ? UNOWNED : "");
    var end = present.isEmpty() ? after : present.getLast();
    var arguments =
        Tuple.of(account)
            .addArrayOfLong(column(present, RowKey::first))
            .addArrayOfLong(column(present, RowKey::second))
            .addArrayOfLong(column(present, RowKey::hash))
            .addLong(after.first())
            .addLong(after.second())
            .addLong(end.first())
            .addLong(end.second())
            .addBoolean(last);
    return statements.run(sql, arguments).map(ArrivedRows::keys);
  }

  private static Long[] column(List<RowKey> keys, ToLongFunction<RowKey> part) {
    return keys.stream().mapToLong(part).boxed().toArray(Long[]::new);
  }

  private static List<RowKey> keys(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> new RowKey(row.getLong(0), row.getLong(1), row.getLong(2)))
        .toList();
  }

  /** The digest of the octets of contents; otherwise nothing. */
  Future<String> put(MovedRows rows, String json, boolean first) {
    return switch (rows) {
      case CONTENT -> run(CONTENTS, json).compose(_ -> run(BLOBS, json)).compose(this::octets);
      case PAGE ->
          run(OLD_PAGES, json).compose(_ -> run(INSERT.formatted("mailbox_page"), json)).map("");
      case RECOVERY ->
          run(OLD_RECOVERY, json).compose(_ -> run(INSERT.formatted("recovery"), json)).map("");
      case ACCOUNT ->
          requirePlan(json)
              .compose(_ -> statements.run(COLUMNS))
              .map(found -> ACCOUNT.formatted(found.iterator().next().getString(0)))
              .compose(sql -> run(sql, json))
              .map("");
      case MAILBOX_ACCESS -> named("mailbox_access", RIGHTS, json, first).map("");
      case ANNOTATION -> named("annotation", ANNOTATIONS, json, first).map("");
      case GRANT ->
          (first ? statements.run(DELETE_GRANTS, account) : Future.succeededFuture())
              .compose(_ -> run(GRANTS, json))
              .map("");
      case MAILBOX,
          MAILBOX_STATE,
          SUBSCRIPTION,
          EXPUNGED,
          MAILDROP_LOCK,
          APP_PASSWORD,
          ACCOUNT_QUOTA ->
          replace(MovedTable.of(rows).name(), json, first).map("");
    };
  }

  /** Plans are not moved: what the account may do here would be another thing. */
  private Future<Void> requirePlan(String json) {
    return statements
        .run(MISSING_PLAN, json)
        .compose(
            missing ->
                missing.size() == 0
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new MoveRefused(
                            "the destination has no mailbox plan \""
                                + missing.iterator().next().getString(0)
                                + "\"")));
  }

  private Future<RowSet<Row>> replace(String table, String json, boolean first) {
    return (first ? delete(table) : Future.succeededFuture())
        .compose(_ -> run(INSERT.formatted(table), json));
  }

  private Future<RowSet<Row>> delete(String table) {
    return statements.run("DELETE FROM " + table + " WHERE account = $1", account);
  }

  /** Of accounts that are here, and of those elsewhere. */
  private Future<RowSet<Row>> named(String table, String insert, String json, boolean first) {
    return (first
            ? delete(table).compose(_ -> delete(table + "_elsewhere"))
            : Future.succeededFuture())
        .compose(_ -> run(insert, json));
  }

  private Future<RowSet<Row>> run(String sql, String json) {
    return statements.run(sql, account, json);
  }

  private Future<String> octets(RowSet<Row> blobs) {
    var ids = new ArrayList<UUID>();
    blobs.forEach(row -> ids.add(row.getUUID(0)));
    return Digests.chunks(statements, ids);
  }

  /** Stores chunks, with marks by which those are swept that no content ever refers to. */
  Future<?> putChunks(Buffer chunks) {
    var blobs = new ArrayList<UUID>();
    var numbers = new ArrayList<Integer>();
    var bytes = new ArrayList<Buffer>();
    for (int at = 0; at < chunks.length(); ) {
      int length = chunks.getInt(at + CHUNK_HEAD - 4);
      blobs.add(new UUID(chunks.getLong(at), chunks.getLong(at + 8)));
      numbers.add(chunks.getInt(at + 16));
      bytes.add(chunks.getBuffer(at + CHUNK_HEAD, at + CHUNK_HEAD + length));
      at += CHUNK_HEAD + length;
    }
    var ids = blobs.toArray(UUID[]::new);
    var arguments =
        Tuple.of(ids)
            .addArrayOfInteger(numbers.toArray(Integer[]::new))
            .addArrayOfBuffer(bytes.toArray(Buffer[]::new));
    return statements
        .run(MARK_CHUNKS, (Object) ids)
        .compose(_ -> statements.run(CHUNKS, arguments));
  }
}
