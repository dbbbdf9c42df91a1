package io.postern.store;

import io.postern.embedded.OwnPostgres;
import io.postern.store.postgres.tx.CallTimeout;
import io.postern.store.postgres.tx.Tx;
import io.postern.store.postgres.tx.TxMeter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.hibernate.reactive.mutiny.Mutiny;

/** A PostgreSQL of a test's own with a schema, without the server and Hibernate. */
final class MigratedPostgres {
  private static final String NEWEST = "latest";

  private final Vertx vertx = Vertx.vertx();
  private final OwnPostgres postgres;
  private final Map<String, String> settings;
  private final Connection jdbc;
  private final Pool pool;
  private final Tx tx;

  /** With the present schema. */
  MigratedPostgres(Path directory) throws Exception {
    this(directory, NEWEST, 4);
  }

  /**
   * @param version of the schema
   * @param connections of the pool
   */
  MigratedPostgres(Path directory, String version, int connections) throws Exception {
    postgres = new OwnPostgres(directory);
    settings = postgres.settings();
    migrate(version);
    jdbc = connect();
    pool = pool(vertx, options(), connections);
    tx = tx(vertx, pool);
  }

  /** Another connection. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(setting("jdbc.url"), user(), password());
  }

  /** How a node connects to it. */
  PgConnectOptions options() {
    return PgConnectOptions.fromUri(setting("reactive.url"))
        .setUser(user())
        .setPassword(password())
        .setCachePreparedStatements(true);
  }

  /** The connections of a node. */
  static Pool pool(Vertx vertx, PgConnectOptions options, int connections) {
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(connections))
        .connectingTo(CallTimeout.DEFAULT.on(options))
        .using(vertx)
        .build();
  }

  /** Calls on these connections, without Hibernate. */
  static Tx tx(Vertx vertx, Pool pool) {
    return new Tx(
        vertx, pool, hibernate(), Future::succeededFuture, CallTimeout.DEFAULT, TxMeter.NONE);
  }

  private String setting(String key) {
    return settings.getOrDefault("quarkus.datasource." + key, "");
  }

  private String user() {
    return setting("username");
  }

  private String password() {
    return setting("password");
  }

  /** Migrates the schema. */
  void migrate(String version) {
    // A thread of a pool may have the class loader of an application that has ended.
    Flyway.configure(MigratedPostgres.class.getClassLoader())
        .dataSource(setting("jdbc.url"), user(), password())
        // As in the settings: an index is built concurrently with no transaction.
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .target(version)
        .load()
        .migrate();
  }

  /** Nothing is asked of it here. */
  private static Mutiny.SessionFactory hibernate() {
    return (Mutiny.SessionFactory)
        Proxy.newProxyInstance(
            MigratedPostgres.class.getClassLoader(),
            new Class<?>[] {Mutiny.SessionFactory.class},
            (_, method, _) -> {
              throw new UnsupportedOperationException(method.getName());
            });
  }

  /** A connection for what a test does by itself. */
  Connection jdbc() {
    return jdbc;
  }

  /** The pool of {@link #tx}. */
  Pool pool() {
    return pool;
  }

  /** Calls without Hibernate. */
  Tx tx() {
    return tx;
  }

  /** Runs a statement as another node would. */
  void sql(String statement, Object... arguments) {
    pool.preparedQuery(statement)
        .execute(Tuple.wrap(arguments))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  /** Ends it. */
  void stop() throws Exception {
    jdbc.close();
    pool.close().toCompletionStage().toCompletableFuture().join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    postgres.kill();
  }
}
