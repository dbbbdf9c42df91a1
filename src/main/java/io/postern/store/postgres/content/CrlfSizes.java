package io.postern.store.postgres.content;

import io.postern.cancellation.CancellationToken;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * The contents of an account that have more octets when every line ends with CRLF. New contents are
 * stored with that size; for those that an older version wrote, {@link CrlfBackfill} or the first
 * request, whichever comes first, computes it from their chunks in the database and stores it.
 */
public final class CrlfSizes {
  /** Octets of contents that one statement measures, unless one content has more. */
  static final long BATCH = 16L * 1024 * 1024;

  private static final String READ =
      "SELECT id, crlf_size FROM content WHERE account = $1 AND crlf_size IS DISTINCT FROM size";

  private static final String SOME =
      "WITH s AS MATERIALIZED (SELECT id, blob, size FROM"
          + " (SELECT id, blob, size, sum(size::bigint) OVER (ORDER BY id) - size AS ahead"
          + " FROM content WHERE account = $1 AND crlf_size IS NULL"
          // Of it the planner sees that the partial index has all of these rows.
          + " AND crlf_size IS DISTINCT FROM size ORDER BY id LIMIT 1000) c"
          + " WHERE ahead < $2),";

  /** The text of encode's format {@code escape} has CR and LF as they are, all else as ASCII. */
  private static final String CHUNKS =
      " k AS (SELECT s.id, b.n, get_byte(b.bytes, length(b.bytes) - 1) AS last,"
          + " octet_length(e) - octet_length(replace(e, E'\\n', '')) AS feeds,"
          + " (octet_length(e) - octet_length(replace(e, E'\\r\\n', ''))) / 2 AS ends,"
          + " (get_byte(b.bytes, 0) = 10 AND lag(get_byte(b.bytes, length(b.bytes) - 1))"
          + " OVER (PARTITION BY s.id ORDER BY b.n) = 13)::int AS cut,"
          + " position('\\x00'::bytea IN b.bytes) > 0 AS nul"
          + " FROM s JOIN blob_chunk b ON b.blob = s.blob, encode(b.bytes, 'escape') e),";

  /** Measures contents of the account $1, of not much more than $2 octets. */
  static final String MEASURE =
      SOME
          + CHUNKS
          + " m AS (SELECT s.id, s.size + coalesce(sum(k.feeds - k.ends - coalesce(k.cut, 0)), 0)"
          + " + CASE WHEN (array_agg(k.last ORDER BY k.n DESC))[1] <> 10 THEN 2 ELSE 0 END AS size,"
          + " coalesce(bool_or(k.nul), false) AS nul"
          + " FROM s LEFT JOIN k ON k.id = s.id GROUP BY s.id, s.size)"
          + " UPDATE content c SET crlf_size = m.size, nul = m.nul FROM m"
          + " WHERE c.account = $1 AND c.id = m.id";

  private CrlfSizes() {}

  /** Reads them; one statement when all sizes are known. */
  public static Uni<Map<ContentId, Long>> read(Tx tx, AccountId account) {
    return tx.autocommit(client -> client.preparedQuery(READ).execute(Tuple.of(account.value())))
        .chain(
            rows ->
                known(rows)
                    ? Uni.createFrom().item(sizes(rows))
                    : tx.call(token -> measure(tx, account, token)).chain(() -> read(tx, account)));
  }

  private static boolean known(RowSet<Row> rows) {
    for (var row : rows) {
      if (row.getLong(1) == null) {
        return false;
      }
    }
    return true;
  }

  /**
   * Measures until none is left; each statement is a transaction, so that no work is lost.
   *
   * @param token ends the measuring after the running statement
   */
  private static Future<Void> measure(Tx tx, AccountId account, CancellationToken token) {
    if (token.cancelled()) {
      return Future.failedFuture(new CancellationException());
    }
    return tx.statement(
            client -> client.preparedQuery(MEASURE).execute(Tuple.of(account.value(), BATCH)))
        .compose(
            done -> done.rowCount() == 0 ? Future.succeededFuture() : measure(tx, account, token));
  }

  private static Map<ContentId, Long> sizes(RowSet<Row> rows) {
    var sizes = HashMap.<ContentId, Long>newHashMap(rows.size());
    for (var row : rows) {
      sizes.put(ContentRows.id(row), row.getLong(1));
    }
    return sizes;
  }
}
