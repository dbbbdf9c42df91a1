package io.postern.store.postgres;

import io.postern.store.postgres.page.RecoveryCodec;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;

/**
 * Removes recoverable messages whose retention has ended, in transactions of at most {@link #BATCH}
 * rows. Several nodes may do so at once.
 *
 * <p>Rows of accounts without a retention of their own, or of their plan, are found by the time of
 * their removal. The other accounts are visited one by one if their oldest row is due: ids of rows
 * ascend with time.
 */
final class RecoverableExpiry {
  /** How many rows one transaction removes, and how many accounts one statement finds. */
  private static final int BATCH = 500;

  private static final String DAYS = "coalesce(a.deleted_item_days, p.deleted_item_days)";

  private static final String ACCOUNT =
      " FROM account a LEFT JOIN mailbox_plan p ON p.name = a.plan WHERE ";

  /** Rows that were passed over by one batch are not read again by the next. */
  private static final String BY_TIME =
      removed(
          "SELECT ctid, removed FROM recovery WHERE removed >= $2"
              + " AND removed < now() - $1 * interval '1 millisecond' AND NOT EXISTS (SELECT"
              + ACCOUNT
              + "a.id = recovery.account AND (a.moving IS NOT NULL OR "
              + DAYS
              + " IS NOT NULL)) ORDER BY removed");

  private static final String ACCOUNTS =
      "SELECT a.id"
          + ACCOUNT
          + "a.id > $1 AND a.moving IS NULL AND "
          + DAYS
          + " IS NOT NULL AND (SELECT r.removed FROM recovery r WHERE r.account = a.id ORDER BY r.id"
          + " LIMIT 1) < now() - "
          + DAYS
          + " * interval '1 day' ORDER BY a.id LIMIT "
          + BATCH;

  private static final String OF_ACCOUNT =
      removed(
          "SELECT ctid, removed FROM recovery WHERE account = $1 AND removed < now() - (SELECT "
              + DAYS
              + ACCOUNT
              + "a.id = $1 AND a.moving IS NULL) * interval '1 day' ORDER BY id");

  private final Tx tx;

  RecoverableExpiry(Tx tx) {
    this.tx = tx;
  }

  /**
   * Removes the rows of a query. A mark that is there is renewed, so that a sweep under way leaves
   * it.
   */
  private static String removed(String query) {
    return "WITH due AS (DELETE FROM recovery WHERE ctid IN (SELECT ctid FROM ("
        + query
        + " LIMIT "
        + BATCH
        + " FOR UPDATE SKIP LOCKED) d)"
        + " RETURNING account, removed, octet_length(entries) AS octets),"
        + " marked AS (INSERT INTO account_sweep (account)"
        + " SELECT DISTINCT account FROM due ORDER BY account"
        + " ON CONFLICT (account) DO UPDATE SET marks = account_sweep.marks + 1)"
        + " SELECT count(*), coalesce(sum(octets), 0)::bigint / %d, max(removed) FROM due"
            .formatted(RecoveryCodec.ENTRY);
  }

  /**
   * Removes all that are due.
   *
   * @param retention of accounts without one of their own, or of their plan
   * @return how many messages, with those of the same commands that were restored meanwhile
   */
  Uni<Long> run(Duration retention) {
    return byTime(retention)
        .chain(
            first ->
                accounts()
                    .onItem()
                    .transformToUniAndConcatenate(this::ofAccount)
                    .collect()
                    .in(() -> new long[] {first}, (sum, n) -> sum[0] += n))
        .map(sum -> sum[0]);
  }

  private Uni<Long> byTime(Duration retention) {
    return Multi.createBy()
        .repeating()
        .uni(
            () -> new AtomicReference<>(OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)),
            from ->
                batch(BY_TIME, retention.toMillis(), from.get())
                    .invoke(it -> it.last.ifPresent(from::set)))
        .whilst(it -> it.rows == BATCH)
        .collect()
        .in(() -> new long[1], (sum, it) -> sum[0] += it.messages)
        .map(sum -> sum[0]);
  }

  private Multi<Long> accounts() {
    return Multi.createBy()
        .repeating()
        .uni(() -> new AtomicLong(Long.MIN_VALUE), this::due)
        .whilst(found -> found.size() == BATCH)
        .onItem()
        .disjoint();
  }

  private Uni<List<Long>> due(AtomicLong last) {
    return tx.write(
            s ->
                s.run(ACCOUNTS, last.get())
                    .map(
                        rows ->
                            StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> row.getLong(0))
                                .toList()))
        .invoke(found -> found.stream().max(Long::compare).ifPresent(last::set));
  }

  private Uni<Long> ofAccount(long account) {
    return Multi.createBy()
        .repeating()
        .uni(() -> batch(OF_ACCOUNT, account))
        .whilst(it -> it.rows == BATCH)
        .collect()
        .in(() -> new long[1], (sum, it) -> sum[0] += it.messages)
        .map(sum -> sum[0]);
  }

  private record Batch(long rows, long messages, Optional<OffsetDateTime> last) {}

  private Uni<Batch> batch(String sql, Object... arguments) {
    return tx.write(
        s ->
            s.run(sql, arguments)
                .map(rows -> rows.iterator().next())
                .map(
                    row ->
                        new Batch(
                            row.getLong(0),
                            row.getLong(1),
                            Optional.ofNullable(row.getOffsetDateTime(2)))));
  }
}
