package io.postern.store.postgres.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.embedded.ServersForPackage;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call ends within its timeout, whatever the state of the database. */
class TxTimeoutIT implements TxMeter {
  private static final String INSERT = "INSERT INTO in_time (blob) VALUES ($1)";
  private static final String COUNT = "SELECT count(*) FROM in_time WHERE blob = $1";
  private static final String TABLE = "CREATE TABLE IF NOT EXISTS in_time (blob uuid)";
  private static final CallTimeout TIMEOUT = new CallTimeout(Duration.ofSeconds(2));

  private final Vertx vertx = Vertx.vertx();

  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private SilentProxy proxy;

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private Pool pool;

  // Set by open().
  @SuppressWarnings("NullAway.Init")
  private Tx tx;

  @BeforeEach
  void open() throws Exception {
    proxy = new SilentProxy(vertx, server().getPort());
    pool =
        PgBuilder.pool()
            .with(TIMEOUT.on(new PoolOptions().setMaxSize(1)))
            .connectingTo(TIMEOUT.on(options()))
            .using(vertx)
            .build();
    tx = tx(Future.succeededFuture());
    await(tx.autocommit(client -> client.query(TABLE).execute()));
    outcomes.clear();
  }

  private Tx tx(Future<Void> current) {
    return new Tx(vertx, pool, sessionFactory(), () -> current, TIMEOUT, this);
  }

  private static PgConnectOptions server() throws Exception {
    var settings = new ServersForPackage().start();
    return PgConnectOptions.fromUri(String.valueOf(settings.get("quarkus.datasource.reactive.url")))
        .setUser(String.valueOf(settings.get("quarkus.datasource.username")))
        .setPassword(String.valueOf(settings.get("quarkus.datasource.password")));
  }

  /** Through the proxy. */
  private PgConnectOptions options() throws Exception {
    return server().setHost("127.0.0.1").setPort(proxy.port());
  }

  @AfterEach
  void close() throws Exception {
    SilentProxy.done(pool.close());
    proxy.close();
    SilentProxy.done(vertx.close());
  }

  /** Nothing is asked of it here. */
  private static Mutiny.SessionFactory sessionFactory() {
    return (Mutiny.SessionFactory)
        Proxy.newProxyInstance(
            TxTimeoutIT.class.getClassLoader(),
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

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(30));
  }

  private Uni<Long> insert(UUID blob) {
    return tx.write(s -> s.run(INSERT, blob).map(_ -> 1L));
  }

  /** It may have to wait until the only connection is given up for another. */
  private long rows(UUID blob) {
    return await(
        tx.write(s -> s.run(COUNT, blob).map(rows -> rows.iterator().next().getLong(0)))
            .onFailure(StoreException.class)
            .retry()
            .withBackOff(Duration.ofMillis(200))
            .atMost(5));
  }

  private static void assertUnavailable(Uni<?> call) {
    assertThatThrownBy(() -> await(call))
        .isInstanceOf(StoreException.class)
        .extracting(e -> ((StoreException) e).failure())
        .isInstanceOf(StoreFailure.Unavailable.class);
  }

  @Test
  void aSilentDatabaseTimesOut() {
    var before = UUID.randomUUID();
    await(insert(before));
    assertThat(proxy.silence()).isEqualTo(1);

    assertUnavailable(insert(UUID.randomUUID()));
    assertThat(outcomes).containsExactly(Outcome.OK, Outcome.LATE);
    // The only connection is given up, so this one is another.
    assertThat(rows(before)).isEqualTo(1);
  }

  @Test
  void aCallThatTimedOutWaitingForAConnectionDoesNotRunLater() {
    var first = UUID.randomUUID();
    var second = UUID.randomUUID();
    await(insert(UUID.randomUUID()));
    proxy.silence();

    var waiting =
        Uni.join().all(failed(insert(first)), failed(insert(second))).andCollectFailures();
    assertThat(await(waiting)).containsExactly(true, true);
    assertThat(rows(first)).isZero();
    assertThat(rows(second)).isZero();
  }

  @Test
  void aCallWaitsForTheSchemaThatItIsMadeFor() {
    var current = Promise.<Void>promise();
    var blob = UUID.randomUUID();
    var early = tx(current.future()).write(s -> s.run(INSERT, blob).map(_ -> 1L));
    var answer = early.subscribeAsCompletionStage();
    assertThat(rows(blob)).isZero();
    assertThat(answer).isNotDone();
    current.complete();
    assertThat(answer.join()).isEqualTo(1);
    assertThat(rows(blob)).isEqualTo(1);
  }

  @Test
  void aCallFailsWhenTheSchemaCheckFails() {
    var current = Promise.<Void>promise();
    var early = tx(current.future()).write(s -> s.run(INSERT, UUID.randomUUID()).map(_ -> 1L));
    var answer = early.subscribeAsCompletionStage();
    current.fail(new StoreException(new StoreFailure.Unavailable("not there")));
    assertUnavailable(Uni.createFrom().completionStage(answer));
  }

  @Test
  void aCallThatTimedOutWaitingForTheSchemaDoesNotRunLater() {
    var current = Promise.<Void>promise();
    var blob = UUID.randomUUID();
    var early = tx(current.future());
    assertUnavailable(early.write(s -> s.run(INSERT, blob).map(_ -> 1L)));
    assertThat(outcomes).containsExactly(Outcome.LATE);
    current.complete();
    assertThat(await(early.autocommit(client -> client.query("SELECT 1").execute())).size())
        .isEqualTo(1);
    assertThat(rows(blob)).isZero();
  }

  private static Uni<Boolean> failed(Uni<?> call) {
    return call.replaceWith(false).onFailure(StoreException.class).recoverWithItem(true);
  }

  @Test
  void aStatementBeyondTheTimeoutIsCancelledInTheServer() {
    assertUnavailable(tx.autocommit(client -> client.query("SELECT pg_sleep(20)").execute()));
    assertThat(await(tx.autocommit(client -> client.query("SELECT 1").execute())).size())
        .isEqualTo(1);
  }

  @Test
  void aStatementJustWithinTheTimeoutRunsOnAnIdleConnection() throws Exception {
    await(insert(UUID.randomUUID()));
    var waited = Promise.<Void>promise();
    vertx.setTimer(1_200, _ -> waited.complete());
    SilentProxy.done(waited.future());
    var slow = tx.write(s -> s.run("SELECT pg_sleep(1.2)").compose(_ -> Future.succeededFuture(1)));
    assertThat(await(slow)).isEqualTo(1);
  }

  /** If its socket were closed for silence, a call could get it at the same moment. */
  @Test
  void thePoolClosesIdleConnectionsBeforeTheirSockets() throws Exception {
    var socket = TIMEOUT.on(new PgConnectOptions()).getIdleTimeout();
    var unused = TIMEOUT.on(new PoolOptions());
    assertThat(Duration.of(unused.getIdleTimeout(), unused.getIdleTimeoutUnit().toChronoUnit()))
        .isLessThan(Duration.ofSeconds(socket).dividedBy(2));

    // Here no socket is ever cut.
    pool = PgBuilder.pool().with(unused).connectingTo(options()).using(vertx).build();
    SilentProxy.done(pool.query("SELECT 1").execute());
    SilentProxy.done(proxy.left());
  }
}
