package io.postern.store.postgres;

import io.postern.model.Ids.BlobId;
import io.postern.store.Blobs;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/** Blobs in PostgreSQL, one row per chunk. */
public final class PgBlobs implements Blobs {
  private static final String WRITE = "INSERT INTO blob_chunk (blob, n, bytes) VALUES ($1, $2, $3)";

  /** The first chunk marks the blob as unowned; a message that refers to it clears the mark. */
  private static final String WRITE_FIRST =
      "WITH unowned AS (INSERT INTO blob_unowned (blob) VALUES ($1)) " + WRITE;

  private static final String READ = "SELECT bytes FROM blob_chunk WHERE blob = $1 AND n = $2";

  private static final String READ_RANGE =
      "SELECT substring(bytes FROM $3 FOR $4) FROM blob_chunk WHERE blob = $1 AND n = $2";

  private static final String DROP =
      "WITH unowned AS (DELETE FROM blob_unowned WHERE blob = $1)"
          + " DELETE FROM blob_chunk WHERE blob = $1";

  private final Tx tx;

  public PgBlobs(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<Void> write(BlobId blob, int number, Buffer bytes) {
    var arguments = Tuple.of(blob.value(), number, bytes);
    return tx.update(
        client ->
            client
                .preparedQuery(number == 0 ? WRITE_FIRST : WRITE)
                .execute(arguments)
                .<Void>mapEmpty());
  }

  @Override
  public Multi<Buffer> read(BlobId blob, long from, long length) {
    if (length <= 0) {
      return Multi.createFrom().empty();
    }
    long end = from > Long.MAX_VALUE - length ? Long.MAX_VALUE : from + length;
    int first = (int) Math.min(from / CHUNK, Integer.MAX_VALUE - 1);
    int last = (int) Math.min((end - 1) / CHUNK, Integer.MAX_VALUE - 1);
    return Multi.createFrom()
        .range(first, last + 1)
        .onItem()
        .transformToUniAndConcatenate(n -> piece(blob, n, from, end))
        .select()
        .first(piece -> piece.length() > 0);
  }

  /** What a chunk holds of the range; nothing when there is no such chunk. */
  private Uni<Buffer> piece(BlobId blob, int n, long from, long end) {
    long start = (long) n * CHUNK;
    int skip = (int) Math.max(0, from - start);
    int length = (int) Math.min(CHUNK, end - start) - skip;
    boolean whole = length == CHUNK;
    var arguments = Tuple.of(blob.value(), n);
    if (!whole) {
      arguments.addInteger(skip + 1).addInteger(length);
    }
    return tx.longRead(
        client ->
            client.preparedQuery(whole ? READ : READ_RANGE).execute(arguments).map(PgBlobs::bytes));
  }

  private static Buffer bytes(RowSet<Row> rows) {
    return rows.size() == 0 ? Buffer.buffer() : rows.iterator().next().getBuffer(0);
  }

  @Override
  public Uni<Void> drop(BlobId blob) {
    return tx.update(
        client -> client.preparedQuery(DROP).execute(Tuple.of(blob.value())).<Void>mapEmpty());
  }
}
