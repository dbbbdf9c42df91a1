package io.postern.store.postgres.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.Eventually;
import io.postern.cancellation.CancellationToken;
import io.postern.embedded.ServersForPackage;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Database calls whose client has disconnected. */
class TxCancelledIT implements TxMeter {
  private static final String TABLE = "CREATE TABLE IF NOT EXISTS cancelled (blob uuid)";
  private static final String INSERT = "INSERT INTO cancelled (blob) VALUES ($1)";
  private static final String COUNT = "SELECT count(*) FROM cancelled WHERE blob = $1";
  private static final String ACTIVE =
      "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND query LIKE $1"
          + " AND pid <> pg_backend_pid()";

  private final Vertx vertx = Vertx.vertx();
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final CancellationToken token = new CancellationToken();

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private Pool pool;

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private Pool watch;

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private Tx tx;

  @BeforeEach
  void open() throws Exception {
    pool = pool();
    watch = pool();
    done(watch.query(TABLE).execute());
    tx = new Tx(vertx, pool, hibernate(), Future::succeededFuture, CallTimeout.DEFAULT, this);
  }

  /** Of one connection, so that a second call waits. */
  private Pool pool() throws Exception {
    var settings = new ServersForPackage().start();
    var options =
        PgConnectOptions.fromUri(String.valueOf(settings.get("quarkus.datasource.reactive.url")))
            .setUser(String.valueOf(settings.get("quarkus.datasource.username")))
            .setPassword(String.valueOf(settings.get("quarkus.datasource.password")));
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(1))
        .connectingTo(CallTimeout.DEFAULT.on(options))
        .using(vertx)
        .build();
  }

  @AfterEach
  void close() throws Exception {
    done(pool.close());
    done(watch.close());
    done(vertx.close());
  }

  /** Nothing is asked of it here. */
  private static Mutiny.SessionFactory hibernate() {
    return (Mutiny.SessionFactory)
        Proxy.newProxyInstance(
            TxCancelledIT.class.getClassLoader(),
            new Class<?>[] {Mutiny.SessionFactory.class},
            (_, method, _) -> {
              throw new UnsupportedOperationException(method.getName());
            });
  }

  @Override
  public void called(String kind, Outcome outcome, long nanos) {
    outcomes.add(outcome);
  }

  @Override
  public void retried() {}

  private static <T> T done(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private <T> CompletableFuture<T> started(Uni<T> call) {
    return call.subscribe().asCompletionStage(token.context());
  }

  private long count(Pool from, String sql, Object argument) throws Exception {
    return done(
        from.preparedQuery(sql)
            .execute(io.vertx.sqlclient.Tuple.of(argument))
            .map(rows -> rows.iterator().next().getLong(0)));
  }

  private void awaitActive(String like, long many) throws Exception {
    Eventually.holds(like, () -> count(watch, ACTIVE, like) == many);
  }

  private static void assertCancelled(CompletableFuture<?> call) {
    assertThatThrownBy(() -> call.orTimeout(20, TimeUnit.SECONDS).join())
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(CancellationException.class),
            e ->
                assertThat(e)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(CancellationException.class));
  }

  private Uni<Integer> insert(UUID blob) {
    return tx.write(s -> s.run(INSERT, blob).map(_ -> 1));
  }

  private static <T> Function<SqlClient, Future<T>> sleeping(String sql, T answer) {
    return client -> client.query(sql).execute().map(answer);
  }

  @Test
  void aStatementThatRunsIsCancelledAtTheServer() throws Exception {
    var asleep = started(tx.autocommit(sleeping("SELECT pg_sleep(25) /* one */", 1)));
    awaitActive("%pg_sleep(25) /* one */%", 1);
    token.cancel();
    assertCancelled(asleep);
    awaitActive("%pg_sleep(25) /* one */%", 0);
    assertThat(outcomes).containsExactly(Outcome.CANCELLED);
    assertTheConnectionIsGood();
  }

  @Test
  void aSnapshotThatRunsIsCancelledAtTheServer() throws Exception {
    var asleep =
        started(
            tx.readSnapshot(
                s -> {
                  var slow = s.run("SELECT pg_sleep(25) /* two */");
                  s.run("SELECT 1");
                  return slow.map(1);
                }));
    awaitActive("%pg_sleep(25) /* two */%", 1);
    token.cancel();
    assertCancelled(asleep);
    assertTheConnectionIsGood();
  }

  /** The server ignores a request that finds it between two statements. */
  @Test
  void aSnapshotIsCancelledThoughTheRequestCameBetweenItsStatements() throws Exception {
    var gap = Promise.<Void>promise();
    var asleep =
        started(
            tx.readSnapshot(
                s ->
                    s.run("SELECT 1 /* five */")
                        .compose(_ -> gap.future())
                        .compose(_ -> s.run("SELECT pg_sleep(25) /* six */").map(1))));
    awaitActive("%/* five */%", 1);
    token.cancel();
    vertx.setTimer(200, _ -> gap.complete());
    assertCancelled(asleep);
    assertTheConnectionIsGood();
  }

  /** Hints and indexes follow what was committed, so its answer must not be lost. */
  @Test
  void aRunningHibernateTransactionCompletesDespiteCancellation() throws Exception {
    var work = Promise.<Integer>promise();
    var answer =
        Call.<Integer>within(
            CallTimeout.DEFAULT,
            Connections.shared(vertx, pool).here(),
            this,
            "orm",
            token,
            call -> call.begin().compose(_ -> work.future()));
    token.cancel();
    work.complete(1);
    assertThat(done(answer)).isEqualTo(1);
    assertThat(outcomes).containsExactly(Outcome.OK);
  }

  /** It is the only one, so the next calls are made on it. */
  private void assertTheConnectionIsGood() throws Exception {
    var blob = UUID.randomUUID();
    for (int i = 0; i < 20; i++) {
      assertThat(insert(blob).await().atMost(Duration.ofSeconds(30))).isEqualTo(1);
    }
    assertThat(count(watch, COUNT, blob)).isEqualTo(20);
  }

  @Test
  void aCancelledCallThatWaitsForAConnectionDoesNotReachTheDatabase() throws Exception {
    var first = tx.autocommit(sleeping("SELECT pg_sleep(1) /* three */", 1));
    var running = first.subscribe().asCompletionStage();
    awaitActive("%pg_sleep(1) /* three */%", 1);
    var begun = new AtomicInteger();
    var read = started(tx.autocommit(c -> counted(begun)));
    var snapshot = started(tx.readSnapshot(s -> counted(begun)));
    var write = started(tx.write(s -> counted(begun)));
    token.cancel();
    // At once: the call that they waited for is still under way.
    assertCancelled(read);
    assertCancelled(snapshot);
    assertCancelled(write);
    assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertTheConnectionIsGood();
    assertThat(begun).hasValue(0);
  }

  private static Future<Integer> counted(AtomicInteger begun) {
    return Future.succeededFuture(begun.incrementAndGet());
  }

  @Test
  void aCallOfADisconnectedClientDoesNotWait() {
    token.cancel();
    var begun = new AtomicInteger();
    assertCancelled(started(tx.write(s -> counted(begun))));
    assertThat(begun).hasValue(0);
  }

  @Test
  void aWriteInProgressCompletesDespiteCancellation() throws Exception {
    var blob = UUID.randomUUID();
    var write =
        started(
            tx.write(
                s -> {
                  var slow = s.run("SELECT pg_sleep(0.5) /* four */");
                  var insert = s.run(INSERT, blob);
                  return slow.compose(_ -> insert).map(1);
                }));
    awaitActive("%pg_sleep(0.5) /* four */%", 1);
    token.cancel();
    assertThat(write.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(count(watch, COUNT, blob)).isEqualTo(1);
    assertThat(outcomes).containsExactly(Outcome.OK);
  }

  /** The request may find the server between two calls: it must not hit the next one. */
  @Test
  void aLateCancellationAffectsNoOtherCall() throws Exception {
    for (int i = 0; i < 100; i++) {
      var late = new CancellationToken();
      var call =
          tx.autocommit(sleeping("SELECT 1", 1)).subscribe().asCompletionStage(late.context());
      late.cancel();
      var next = insert(UUID.randomUUID()).subscribe().asCompletionStage();
      assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(call.handle((done, gone) -> true).get(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
