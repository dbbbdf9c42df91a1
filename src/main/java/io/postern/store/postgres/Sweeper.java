package io.postern.store.postgres;

import io.postern.model.Ids.BlobId;
import io.postern.store.Blobs;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Removes contents and blobs without references. It checks only those marked as perhaps unowned:
 * contents by the removal of a message, blobs by their first chunk and by the removal of their
 * content; so its work grows with the garbage, not with the store. Several nodes may sweep at once.
 */
public final class Sweeper {
  /** How many contents or blobs one transaction removes. */
  private static final int BATCH = 500;

  /**
   * One statement, so one snapshot: a content's message that is moved or copied is seen before or
   * after, never neither, and a copy of a message keeps its content from being removed meanwhile.
   */
  private static final String CONTENTS =
      "WITH due AS (DELETE FROM content_unowned WHERE ctid IN (SELECT ctid FROM content_unowned"
          + " WHERE since < now() - $1 * interval '1 millisecond' ORDER BY since LIMIT "
          + BATCH
          + " FOR UPDATE SKIP LOCKED) RETURNING account, content),"
          + " swept AS (DELETE FROM content c USING (SELECT DISTINCT account, content FROM due) d"
          + " WHERE c.account = d.account AND c.id = d.content AND NOT EXISTS"
          + " (SELECT FROM message m WHERE m.account = c.account AND m.content = c.id)"
          + " AND NOT EXISTS"
          + " (SELECT FROM recoverable r WHERE r.account = c.account AND r.content = c.id)"
          + " RETURNING c.blob),"
          + " unowned AS (INSERT INTO blob_unowned (blob) SELECT blob FROM swept"
          + " ON CONFLICT DO NOTHING)"
          + " SELECT (SELECT count(*) FROM due), (SELECT count(*) FROM swept)";

  private static final String OWNED =
      "DELETE FROM blob_unowned u WHERE since < now() - $1 * interval '1 millisecond'"
          + " AND EXISTS (SELECT FROM content c WHERE c.blob = u.blob)";

  private static final String BLOBS =
      "SELECT blob FROM blob_unowned u WHERE since < now() - $1 * interval '1 millisecond'"
          + " AND NOT EXISTS (SELECT FROM content c WHERE c.blob = u.blob) LIMIT "
          + BATCH;

  private static final String DONE = "DELETE FROM blob_unowned WHERE blob = $1";

  private static final String FORGET =
      "WITH due AS (DELETE FROM recoverable WHERE ctid IN (SELECT ctid FROM recoverable"
          + " WHERE removed < now() - $1 * interval '1 millisecond' ORDER BY removed LIMIT "
          + BATCH
          + " FOR UPDATE SKIP LOCKED) RETURNING account, content),"
          + " unowned AS (INSERT INTO content_unowned (account, content)"
          + " SELECT account, content FROM due)"
          + " SELECT count(*) FROM due";

  private static final String LOGGED =
      "SELECT DISTINCT account, mailbox FROM expunged"
          + " WHERE at < now() - $1 * interval '1 millisecond' LIMIT "
          + BATCH;

  private static final String PRUNE =
      "WITH old AS (DELETE FROM expunged WHERE account = $1 AND mailbox = $2"
          + " AND at < now() - $3 * interval '1 millisecond' RETURNING mod_seq)"
          + " UPDATE mailbox_state SET expunged_floor = greatest(expunged_floor,"
          + " (SELECT max(mod_seq) FROM old)) WHERE account = $1 AND mailbox = $2";

  private final Tx tx;
  private final Blobs blobs;

  public Sweeper(Tx tx, Blobs blobs) {
    this.tx = tx;
    this.blobs = blobs;
  }

  /**
   * Removes contents whose last message was removed longer ago than the grace, and blobs that have
   * had no reference for so long.
   *
   * @param grace longer than any upload may take, so that its blob is never swept before its append
   * @return how many contents and blobs it removed
   */
  public Uni<Long> sweep(Duration grace) {
    return contents(grace).flatMap(gone -> blobs(grace).map(more -> gone + more));
  }

  /**
   * Removes recoverable messages whose retention has ended.
   *
   * @param retention {@code mail.retention.deleted-item}
   * @return how many
   */
  public Uni<Long> deleteRecoverable(Duration retention) {
    return Multi.createBy()
        .repeating()
        .uni(() -> tx.write(s -> s.run(FORGET, retention.toMillis()).map(r -> r.iterator().next())))
        .whilst(row -> row.getLong(0) == BATCH)
        .map(row -> row.getLong(0))
        .collect()
        .in(() -> new long[1], (sum, n) -> sum[0] += n)
        .map(sum -> sum[0]);
  }

  /**
   * Deletes the log of messages removed longer ago than this, and records that in the mailbox's
   * floor.
   *
   * @return in how many mailboxes
   */
  public Uni<Long> prune(Duration retention) {
    return Multi.createBy()
        .repeating()
        .uni(() -> tx.write(s -> s.run(LOGGED, retention.toMillis())))
        .whilst(rows -> rows.size() == BATCH)
        .onItem()
        .transformToUniAndConcatenate(rows -> pruned(rows, retention))
        .collect()
        .in(() -> new long[1], (sum, n) -> sum[0] += n)
        .map(sum -> sum[0]);
  }

  private Uni<Long> pruned(RowSet<Row> mailboxes, Duration retention) {
    return Multi.createFrom()
        .iterable(mailboxes)
        .onItem()
        .transformToUniAndConcatenate(
            row ->
                tx.write(s -> s.run(PRUNE, row.getLong(0), row.getLong(1), retention.toMillis())))
        .collect()
        .asList()
        .map(all -> (long) all.size());
  }

  private Uni<Long> contents(Duration grace) {
    return Multi.createBy()
        .repeating()
        .uni(() -> tx.write(s -> s.run(CONTENTS, grace.toMillis()).map(r -> r.iterator().next())))
        .whilst(row -> row.getLong(0) == BATCH)
        .map(row -> row.getLong(1))
        .collect()
        .in(() -> new long[1], (sum, n) -> sum[0] += n)
        .map(sum -> sum[0]);
  }

  private Uni<Long> blobs(Duration grace) {
    return tx.write(s -> s.run(OWNED, grace.toMillis()))
        .flatMap(
            _ ->
                Multi.createBy()
                    .repeating()
                    .uni(() -> unowned(grace).flatMap(this::drop))
                    .whilst(n -> n == BATCH)
                    .collect()
                    .in(() -> new long[1], (sum, n) -> sum[0] += n))
        .map(sum -> sum[0]);
  }

  private Uni<List<BlobId>> unowned(Duration grace) {
    return tx.write(
        s ->
            s.run(BLOBS, grace.toMillis())
                .map(
                    rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                            .map(row -> new BlobId(row.getUUID(0)))
                            .toList()));
  }

  private Uni<Integer> drop(List<BlobId> unowned) {
    return Multi.createFrom()
        .iterable(unowned)
        .onItem()
        .transformToUniAndConcatenate(
            blob -> blobs.drop(blob).flatMap(_ -> tx.write(s -> s.run(DONE, blob.value()))))
        .collect()
        .asList()
        .map(List::size);
  }
}
