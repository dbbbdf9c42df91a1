package io.postern.store.postgres;

import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.util.Arrays;

/**
 * Removes the contents of one account that nothing names: no message in a page, none in a tail, no
 * recoverable message.
 *
 * <p>What is named, and which contents there are, is read in one snapshot; the rest is deleted
 * afterwards, in small transactions. This is sound because a content that nothing names stays so. A
 * new content appears in the same transaction as its message. An existing one gets a further
 * message only from one that it has: COPY, MOVE and RENAME of INBOX hold the lock of the source's
 * {@code mailbox_state}, a restore that of the row of {@code recovery}, to their commit, and
 * whatever removes that message needs the same lock. So of each content with a message, every
 * snapshot sees one: the old until the commit, and the new, too, from then on.
 *
 * <p>The account's mark is removed only if it was not renewed after the snapshot. A sweep that was
 * interrupted leaves it, and the next begins with the contents that are left. Two nodes may sweep
 * the same account: both find the same contents.
 */
final class ContentSweep {
  /** How many contents one transaction removes. */
  private static final int BATCH = 500;

  /** How many contents one snapshot finds; more are found by another. */
  static final int FOUND = 50_000;

  private static final String MARKS = "SELECT marks FROM account_sweep WHERE account = $1";

  private static final String DELETE =
      "WITH gone AS (DELETE FROM content WHERE account = $1 AND id IN (SELECT id FROM content"
          + " WHERE account = $1 AND id = ANY($2) ORDER BY id FOR UPDATE) RETURNING blob),"
          + " unowned AS (INSERT INTO blob_unowned (blob) SELECT DISTINCT blob FROM gone"
          + " ORDER BY blob ON CONFLICT DO NOTHING) SELECT count(*) FROM gone";

  private static final String DONE = "DELETE FROM account_sweep WHERE account = $1 AND marks = $2";

  private final Tx tx;
  private final long account;

  ContentSweep(Tx tx, long account) {
    this.tx = tx;
    this.account = account;
  }

  /**
   * What a snapshot shows.
   *
   * @param marks how often the account was marked
   * @param contents ids of contents that nothing names, at most {@link #FOUND}
   */
  // An array on purpose: a list would cost an object per number.
  @SuppressWarnings("ArrayRecordComponent")
  private record Unowned(long marks, long[] contents) {
    boolean all() {
      return contents.length < FOUND;
    }
  }

  /** Removes the contents; how many. Fails, with nothing removed, if a page cannot be decoded. */
  Uni<Long> run() {
    return Multi.createBy()
        .repeating()
        .uni(
            () ->
                tx.readSnapshot(this::find)
                    .flatMap(found -> delete(found).map(n -> new Pass(n, found.all()))))
        .whilst(pass -> !pass.last())
        .collect()
        .in(() -> new long[1], (sum, pass) -> sum[0] += pass.removed())
        .map(sum -> sum[0]);
  }

  private record Pass(long removed, boolean last) {}

  private Uni<Long> delete(Unowned found) {
    return Multi.createFrom()
        .range(0, (found.contents().length + BATCH - 1) / BATCH)
        .onItem()
        .transformToUniAndConcatenate(
            batch -> {
              int to = Math.min(found.contents().length, (batch + 1) * BATCH);
              var ids = Arrays.stream(found.contents(), batch * BATCH, to).boxed();
              return tx.write(
                  s ->
                      s.run(DELETE, account, ids.toArray(Long[]::new))
                          .map(rows -> rows.iterator().next().getLong(0)));
            })
        .collect()
        .in(() -> new long[1], (sum, n) -> sum[0] += n)
        .map(sum -> sum[0])
        .call(
            () ->
                found.all()
                    ? tx.write(s -> s.run(DONE, account, found.marks()))
                    : Uni.createFrom().voidItem());
  }

  private Future<Unowned> find(Statements statements) {
    return statements
        .run(MARKS, account)
        .compose(
            marks ->
                marks.size() == 0
                    ? Future.succeededFuture(new Unowned(0, new long[0]))
                    : new AccountContents(statements, account)
                        .unnamed(FOUND)
                        .map(ids -> new Unowned(marks.iterator().next().getLong(0), ids)));
  }
}
