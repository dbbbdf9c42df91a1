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
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;

/**
 * Removes contents and blobs without references. It checks only what is marked: accounts, by the
 * removal of a mailbox and the end of recoverable messages' retention; blobs, by their first chunk
 * and by the removal of their content. So its work grows with the garbage and with the accounts
 * that have some, not with the store. Several nodes may sweep at once.
 */
public final class Sweeper {
  /** How many blobs, or rows, one transaction removes. */
  private static final int BATCH = 500;

  private static final String MARKED =
      "SELECT account FROM account_sweep WHERE account > $1"
          + " AND since < now() - $2 * interval '1 millisecond' ORDER BY account LIMIT "
          + BATCH;

  private static final String OWNED =
      "DELETE FROM blob_unowned u WHERE since < now() - $1 * interval '1 millisecond'"
          + " AND EXISTS (SELECT FROM content c WHERE c.blob = u.blob)";

  private static final String BLOBS =
      "SELECT blob FROM blob_unowned u WHERE since < now() - $1 * interval '1 millisecond'"
          + " AND NOT EXISTS (SELECT FROM content c WHERE c.blob = u.blob) LIMIT "
          + BATCH;

  private static final String DONE = "DELETE FROM blob_unowned WHERE blob = $1";

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
   * Removes the contents without a reference of the accounts that were marked longer ago than the
   * grace, and blobs that have had no reference for so long. A failure with one account does not
   * keep it from the others.
   *
   * @param grace longer than any upload may take, so that its blob is never swept before its append
   * @return how many contents and blobs it removed; fails at the end if any part failed
   */
  public Uni<Long> sweep(Duration grace) {
    return Multi.createFrom()
        .items(contents(grace), blobs(grace))
        .onItem()
        .transformToUni(part -> part)
        .collectFailures()
        .concatenate()
        .collect()
        .in(() -> new long[1], (sum, n) -> sum[0] += n)
        .map(sum -> sum[0]);
  }

  /**
   * Removes recoverable messages whose retention has ended.
   *
   * @param retention {@code mail.retention.deleted-item}, of accounts that have none of their own
   *     or of their plan
   * @return how many, with those of the same commands that were restored meanwhile
   */
  public Uni<Long> deleteRecoverable(Duration retention) {
    return new RecoverableExpiry(tx).run(retention);
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
        .uni(() -> new AtomicLong(Long.MIN_VALUE), last -> marked(last, grace))
        .whilst(accounts -> accounts.size() == BATCH)
        .onItem()
        .<Long>disjoint()
        .onItem()
        .transformToUni(account -> new ContentSweep(tx, account).run())
        .collectFailures()
        .concatenate()
        .collect()
        .in(() -> new long[1], (sum, n) -> sum[0] += n)
        .map(sum -> sum[0]);
  }

  private Uni<List<Long>> marked(AtomicLong last, Duration grace) {
    return tx.write(
            s ->
                s.run(MARKED, last.get(), grace.toMillis())
                    .map(
                        rows ->
                            StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> row.getLong(0))
                                .toList()))
        .invoke(accounts -> accounts.stream().max(Long::compare).ifPresent(last::set));
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
