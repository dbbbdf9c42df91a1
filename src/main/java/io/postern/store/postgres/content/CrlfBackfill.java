package io.postern.store.postgres.content;

import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Computes and stores the sizes with CRLF of all contents that an older version stored without
 * them, in small transactions, so that no POP3 login has to wait for it. One node at a time does
 * so; an interrupted run is continued by the next, on any node.
 */
public final class CrlfBackfill {
  /** The advisory lock of the node that measures: "crlf" in ASCII. */
  private static final long LOCK = 0x63726c66;

  /**
   * The first account from $2 on with contents to measure; all of these are in a partial index.
   * NULL when there is none, or another node has the lock.
   */
  private static final String NEXT =
      "SELECT CASE WHEN pg_try_advisory_xact_lock($1) THEN (SELECT account FROM content"
          + " WHERE account >= $2 AND crlf_size IS NULL AND crlf_size IS DISTINCT FROM size"
          + " ORDER BY account LIMIT 1) END";

  /** One transaction measured so many contents of an account. */
  private record Batch(long account, int contents) {}

  private final Tx tx;

  public CrlfBackfill(Tx tx) {
    this.tx = tx;
  }

  /**
   * Measures until none is left, and rests after each transaction for as long as it took; does
   * nothing while another node measures.
   *
   * @return how many contents were measured
   */
  public Uni<Long> run() {
    return Multi.createBy()
        .repeating()
        .uni(AtomicLong::new, this::next)
        .whilst(Optional::isPresent)
        .collect()
        .in(() -> new long[1], (sum, batch) -> sum[0] += batch.map(Batch::contents).orElse(0))
        .map(sum -> sum[0]);
  }

  private Uni<Optional<Batch>> next(AtomicLong account) {
    long began = System.nanoTime();
    return batch(account.get())
        .invoke(done -> done.ifPresent(batch -> account.set(batch.account)))
        .call(done -> done.isPresent() ? rest(System.nanoTime() - began) : now());
  }

  private static Uni<Void> rest(long nanos) {
    return now().onItem().delayIt().by(Duration.ofMillis(1 + nanos / 1_000_000));
  }

  private static Uni<Void> now() {
    return Uni.createFrom().voidItem();
  }

  /** Empty when nothing is left, or another node measures. */
  private Uni<Optional<Batch>> batch(long from) {
    return tx.write(
        statements ->
            statements
                .run(NEXT, LOCK, from)
                .map(rows -> rows.iterator().next().getLong(0))
                .compose(
                    account ->
                        account == null
                            ? Future.succeededFuture(Optional.empty())
                            : measure(statements, account)));
  }

  private static Future<Optional<Batch>> measure(Statements statements, long account) {
    return statements
        .run(CrlfSizes.MEASURE, account, CrlfSizes.BATCH)
        .map(done -> Optional.of(new Batch(account, done.rowCount())));
  }
}
