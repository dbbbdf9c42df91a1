package io.postern.store.postgres.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.quarkus.arc.ClientProxy;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions with failures. */
@QuarkusTest
class TxIT {
  private static final String COUNT = "SELECT count(*) FROM blob_unowned WHERE blob = $1";
  private static final String INSERT = "INSERT INTO blob_unowned (blob) VALUES ($1)";
  private static final String LOST = "40001";

  private final Vertx vertx;
  private final Pool pool;
  private final Mutiny.SessionFactory sessions;
  private final UUID blob = UUID.randomUUID();

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private Tx tx;

  @Inject
  TxIT(Vertx vertx, Pool pool, Mutiny.SessionFactory sessions) {
    this.vertx = vertx;
    this.pool = pool;
    this.sessions = sessions;
  }

  @BeforeEach
  void open() {
    tx =
        new Tx(
            vertx,
            ClientProxy.unwrap(pool),
            sessions,
            Future::succeededFuture,
            CallTimeout.DEFAULT,
            TxMeter.NONE);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(30));
  }

  private static Future<?> raise(Statements statements, String state) {
    return statements.run(
        "DO $$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = '" + state + "'; END $$");
  }

  private long rows() {
    return await(tx.write(s -> s.run(COUNT, blob).map(rows -> rows.iterator().next().getLong(0))));
  }

  @Test
  void aTransactionThatLosesAConflictIsRetried() {
    var tries = new AtomicInteger();
    var result =
        await(
            tx.write(
                s -> {
                  s.run(INSERT, blob);
                  return tries.incrementAndGet() < Tx.TRIES
                      ? raise(s, LOST).map("lost")
                      : Future.succeededFuture("done");
                }));
    assertThat(result).isEqualTo("done");
    assertThat(tries).hasValue(Tx.TRIES);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void retriesAreLimited() {
    var tries = new AtomicInteger();
    var call =
        tx.write(
            s -> {
              tries.incrementAndGet();
              return raise(s, LOST);
            });
    assertThatThrownBy(() -> await(call))
        .isInstanceOf(StoreException.class)
        .hasCauseInstanceOf(PgException.class)
        .extracting(e -> ((StoreException) e).failure())
        .isInstanceOf(StoreFailure.Unavailable.class);
    assertThat(tries).hasValue(Tx.TRIES);
  }

  @Test
  void whatFailsChangesNothing() {
    var refused = new StoreException(new StoreFailure.MailboxGone());
    assertThatThrownBy(
            () ->
                await(
                    tx.write(s -> s.run(INSERT, blob).compose(_ -> Future.failedFuture(refused)))))
        .isSameAs(refused);
    assertThatThrownBy(
            () ->
                await(
                    tx.write(
                        s -> {
                          s.run(INSERT, blob);
                          throw refused;
                        })))
        .isSameAs(refused);
    assertThatThrownBy(
            () ->
                await(
                    tx.write(
                        s -> {
                          s.run(INSERT, blob);
                          var failing = s.run("SELECT 1 / 0");
                          return failing.compose(_ -> s.commit()).map("done");
                        })))
        .isInstanceOf(StoreException.class);
    assertThat(rows()).isZero();
  }

  @Test
  void anErrorOfTheProgramIsNotTranslated() {
    var fault = new IllegalStateException("ours");
    assertThatThrownBy(() -> await(tx.write(_ -> Future.failedFuture(fault)))).isSameAs(fault);
  }

  @Test
  void waitsForLocksAreLimited() {
    for (var setting : List.of("lock_timeout", "idle_in_transaction_session_timeout")) {
      var result =
          await(
              tx.write(
                  s -> s.run("SHOW " + setting).map(rows -> rows.iterator().next().getString(0))));
      assertThat(result).isIn("15s", "1min");
    }
    assertThatThrownBy(() -> await(tx.write(s -> raise(s, "55P03"))))
        .isInstanceOf(StoreException.class)
        .satisfies(
            e ->
                assertThat(SqlErrors.affectsAllCalls(Objects.requireNonNull(e.getCause())))
                    .isTrue());
  }

  @Test
  void hibernateRollsBackToo() {
    var refused = new StoreException(new StoreFailure.MailboxGone());
    assertThatThrownBy(
            () ->
                await(
                    tx.ormTransaction(
                        session ->
                            session
                                .createNativeQuery("INSERT INTO blob_unowned (blob) VALUES (:b)")
                                .setParameter("b", blob)
                                .executeUpdate()
                                .flatMap(_ -> Uni.createFrom().failure(refused)))))
        .isSameAs(refused);
    assertThat(rows()).isZero();
  }

  @Test
  void hibernateRetriesToo() {
    var tries = new AtomicInteger();
    var raise = "DO $$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = '" + LOST + "'; END $$";
    var result =
        await(
            tx.ormTransaction(
                session ->
                    tries.incrementAndGet() < 3
                        ? session.createNativeQuery(raise).executeUpdate().map(_ -> "lost")
                        : Uni.createFrom().item("done")));
    assertThat(result).isEqualTo("done");
    assertThat(tries).hasValue(3);
  }
}
