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
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.hibernate.reactive.mutiny.Mutiny;

/** A PostgreSQL of a test's own with the present schema, without the server and Hibernate. */
final class MigratedPostgres {
  private final Vertx vertx = Vertx.vertx();
  private final OwnPostgres postgres;
  private final Pool pool;
  private final Tx tx;

  MigratedPostgres(Path directory) throws Exception {
    postgres = new OwnPostgres(directory);
    var settings = postgres.settings();
    var user = settings.get("quarkus.datasource.username");
    var password = settings.get("quarkus.datasource.password");
    Flyway.configure()
        .dataSource(settings.get("quarkus.datasource.jdbc.url"), user, password)
        // As in the settings: an index is built concurrently with no transaction.
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .load()
        .migrate();
    var options =
        PgConnectOptions.fromUri(settings.get("quarkus.datasource.reactive.url"))
            .setUser(user)
            .setPassword(password)
            .setCachePreparedStatements(true);
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(4))
            .connectingTo(CallTimeout.DEFAULT.on(options))
            .using(vertx)
            .build();
    tx =
        new Tx(
            vertx, pool, hibernate(), Future::succeededFuture, CallTimeout.DEFAULT, TxMeter.NONE);
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
    pool.close().toCompletionStage().toCompletableFuture().join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    postgres.kill();
  }
}
