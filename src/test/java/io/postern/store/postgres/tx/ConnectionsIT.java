package io.postern.store.postgres.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.Eventually;
import io.postern.cancellation.CancellationToken;
import io.postern.embedded.ServersForPackage;
import io.postern.store.StoreException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls on connections that are split over the event loops: two of each kind, for two loops. */
class ConnectionsIT {
  private static final String NAME = "ConnectionsIT";
  private static final String TABLE =
      "CREATE SCHEMA IF NOT EXISTS split; CREATE TABLE IF NOT EXISTS split.split (n int)";
  private static final String INSERT = "INSERT INTO split.split VALUES (1)";
  private static final String PID = "SELECT pg_backend_pid()";
  private static final String ACTIVE =
      "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND query LIKE $1"
          + " AND pid <> pg_backend_pid()";
  private static final String WAITING =
      "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND pid <> $1";
  private static final String OPEN =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1";
  private static final CallTimeout TIMEOUT = new CallTimeout(Duration.ofSeconds(4));
  private static final int CONNECTIONS = 6;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final CancellationToken token = new CancellationToken();

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private SilentProxy proxy;

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private LoopPool pool;

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private Pool watch;

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private Tx tx;

  @BeforeEach
  void open() throws Exception {
    proxy = new SilentProxy(vertx, server().getPort());
    var options = server().setHost("127.0.0.1").setPort(proxy.port());
    options.setCachePreparedStatements(true).addProperty("application_name", NAME);
    pool =
        Connections.split(
            vertx,
            TIMEOUT.on(new PoolOptions().setMaxSize(CONNECTIONS)),
            List.of(TIMEOUT.on(options)));
    watch = PgBuilder.pool().connectingTo(server()).using(vertx).build();
    SilentProxy.done(watch.query(TABLE).execute());
    tx = tx(TIMEOUT);
  }

  private Tx tx(CallTimeout timeout) {
    return new Tx(pool.connections(), hibernate(), Future::succeededFuture, timeout, TxMeter.NONE);
  }

  private static PgConnectOptions server() throws Exception {
    var settings = new ServersForPackage().start();
    return PgConnectOptions.fromUri(String.valueOf(settings.get("quarkus.datasource.reactive.url")))
        .setUser(String.valueOf(settings.get("quarkus.datasource.username")))
        .setPassword(String.valueOf(settings.get("quarkus.datasource.password")));
  }

  @AfterEach
  void close() throws Exception {
    SilentProxy.done(pool.close());
    SilentProxy.done(watch.close());
    proxy.close();
    SilentProxy.done(vertx.close());
  }

  /** Nothing is asked of it here. */
  private static Mutiny.SessionFactory hibernate() {
    return (Mutiny.SessionFactory)
        Proxy.newProxyInstance(
            ConnectionsIT.class.getClassLoader(),
            new Class<?>[] {Mutiny.SessionFactory.class},
            (_, method, _) -> {
              throw new UnsupportedOperationException(method.getName());
            });
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(30));
  }

  private <T> CompletableFuture<T> started(Uni<T> call) {
    return call.subscribe().asCompletionStage(token.context());
  }

  private static Function<SqlClient, Future<Integer>> number(String sql) {
    return client ->
        client.preparedQuery(sql).execute().map(r -> r.iterator().next().getInteger(0));
  }

  private static Function<SqlClient, Future<Integer>> doing(String sql) {
    return client -> client.query(sql).execute().map(1);
  }

  /** All these calls, begun on one event loop. */
  private CompletableFuture<List<Integer>> onOneLoop(List<Uni<Integer>> calls) {
    var all = new CompletableFuture<List<Integer>>();
    vertx
        .getOrCreateContext()
        .runOnContext(
            _ ->
                Uni.join()
                    .all(calls)
                    .andFailFast()
                    .subscribe()
                    .with(all::complete, all::completeExceptionally));
    return all;
  }

  private long count(String sql, Object argument) throws Exception {
    return SilentProxy.done(
        watch
            .preparedQuery(sql)
            .execute(Tuple.of(argument))
            .map(rows -> rows.iterator().next().getLong(0)));
  }

  private void awaitActive(String like, long many) throws Exception {
    Eventually.holds(like, () -> count(ACTIVE, like) == many);
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

  @Test
  void shortReadsOfAnEventLoopShareAConnection() throws Exception {
    var calls = new ArrayList<Uni<Integer>>();
    for (int i = 0; i < 500; i++) {
      calls.add(tx.autocommit(number(PID)));
    }
    var pids = onOneLoop(calls).get(30, TimeUnit.SECONDS);
    assertThat(pids).hasSize(500);
    assertThat(new HashSet<>(pids)).hasSize(1);
  }

  @Test
  void aNodeHasNoMoreConnectionsThanItMay() throws Exception {
    var calls = new ArrayList<CompletableFuture<Integer>>();
    for (int i = 0; i < 30; i++) {
      calls.add(started(tx.autocommit(doing("SELECT 1"))));
      calls.add(started(tx.longRead(doing("SELECT pg_sleep(0.05)"))));
      calls.add(started(tx.update(doing("SELECT pg_sleep(0.05)"))));
    }
    for (var call : calls) {
      assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }
    assertThat(count(OPEN, NAME)).isEqualTo(CONNECTIONS);
  }

  @Test
  void aShortReadWaitsForNoLongReadAndNoWrite() throws Exception {
    var calls = new ArrayList<CompletableFuture<Integer>>();
    // Calls from no event loop are spread over all: more of each kind than there are connections.
    for (int i = 0; i < CONNECTIONS; i++) {
      calls.add(started(tx.longRead(doing("SELECT pg_sleep(25) /* five */"))));
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      calls.add(started(tx.update(doing("SELECT pg_sleep(25) /* five */"))));
    }
    awaitActive("%pg_sleep(25) /* five */%", 4);
    assertThat(await(tx.autocommit(doing("SELECT 1")))).isEqualTo(1);
    token.cancel();
    calls.forEach(ConnectionsIT::assertCancelled);
    // In the server, too.
    awaitActive("%pg_sleep(25) /* five */%", 0);
    assertThat(await(tx.longRead(doing("SELECT 1")))).isEqualTo(1);
    assertThat(await(tx.update(doing(INSERT)))).isEqualTo(1);
  }

  @Test
  void aCancelledShortReadEndsAtOnceAndHitsNoOther() throws Exception {
    var asleep = tx.autocommit(doing("SELECT pg_sleep(1) /* six */"));
    var call = new CompletableFuture<Integer>();
    var other = new CompletableFuture<Integer>();
    vertx
        .getOrCreateContext()
        .runOnContext(
            _ -> {
              asleep.subscribe().with(token.context(), call::complete, call::completeExceptionally);
              tx.autocommit(number(PID))
                  .subscribe()
                  .with(other::complete, other::completeExceptionally);
            });
    awaitActive("%pg_sleep(1) /* six */%", 1);
    token.cancel();
    assertCancelled(call);
    assertThat(other).isNotDone();
    assertThat(other.get(30, TimeUnit.SECONDS)).isPositive();
  }

  @Test
  void aReadIsTriedAgainWhenItsConnectionBreaks() throws Exception {
    var patient = tx(new CallTimeout(Duration.ofMinutes(1)));
    var lock = SilentProxy.done(watch.getConnection());
    SilentProxy.done(lock.query("SELECT pg_advisory_lock(7)").execute());
    var locked = "SELECT pg_backend_pid() FROM pg_advisory_xact_lock_shared(7)";
    var reads =
        onOneLoop(List.of(patient.autocommit(number(locked)), patient.autocommit(number(PID))));
    int first = awaitWaiter(0);
    SilentProxy.done(
        watch.preparedQuery("SELECT pg_terminate_backend($1)").execute(Tuple.of(first)));
    int second = awaitWaiter(first);
    SilentProxy.done(lock.query("SELECT pg_advisory_unlock(7)").execute());
    assertThat(reads.get(30, TimeUnit.SECONDS)).containsExactly(second, second);
    SilentProxy.done(lock.close());
  }

  /** The process that waits for the lock of the test, once it is another than this. */
  private int awaitWaiter(int other) throws Exception {
    return Eventually.found(
        "a process waits for the lock",
        () -> {
          var waiting = SilentProxy.done(watch.preparedQuery(WAITING).execute(Tuple.of(other)));
          return waiting.size() == 0
              ? Optional.empty()
              : Optional.of(waiting.iterator().next().getInteger(0));
        });
  }

  @Test
  void aReadMayNotWrite() {
    for (var call : List.of(tx.autocommit(doing(INSERT)), tx.longRead(doing(INSERT)))) {
      assertThatThrownBy(() -> await(call))
          .isInstanceOf(StoreException.class)
          .cause()
          .isInstanceOf(PgException.class)
          .hasMessageContaining("read-only");
    }
    assertThat(await(tx.update(doing(INSERT)))).isEqualTo(1);
  }

  /** Steady statements keep a socket from being idle: its silence alone would never close it. */
  @Test
  void aSilentConnectionGetsNoReadAfterACallTimedOut() {
    var first = await(tx.autocommit(number(PID)));
    assertThat(first).isPositive();
    assertThat(proxy.silence()).isPositive();
    // Whichever event loop the calls are made on, its connection leads nowhere, or is new.
    var answered = 0;
    var failed = 0;
    for (int i = 0; i < 6; i++) {
      var call = tx.autocommit(number(PID)).map(_ -> true).onFailure(StoreException.class);
      if (await(call.recoverWithItem(false))) {
        answered++;
      } else {
        failed++;
      }
    }
    assertThat(failed).isBetween(1, 2);
    assertThat(answered).isEqualTo(6 - failed);
  }
}
