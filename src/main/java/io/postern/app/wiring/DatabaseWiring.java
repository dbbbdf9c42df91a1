package io.postern.app.wiring;

import io.postern.config.BootSettings;
import io.postern.observe.DatabaseReadiness;
import io.postern.observe.meter.StoreMeters;
import io.postern.store.postgres.schema.Schema;
import io.postern.store.postgres.tx.CallTimeout;
import io.postern.store.postgres.tx.Tx;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.hibernate.reactive.mutiny.Mutiny;

/** Wires the connections to PostgreSQL and the transactions on them. */
final class DatabaseWiring {
  /** A database that does not answer within this time is unreachable. */
  private static final int CONNECT_MILLIS = 5_000;

  @Produces
  @Singleton
  CallTimeout callTimeout(BootSettings settings) {
    return new CallTimeout(settings.store().callTimeout());
  }

  /** The platform's pool, its connections configured with the call timeout. */
  @Produces
  @Singleton
  PgPoolCreator pool(CallTimeout timeout) {
    return input -> pool(input, timeout);
  }

  private static Pool pool(PgPoolCreator.Input input, CallTimeout timeout) {
    return PgBuilder.pool()
        .with(timeout.on(input.poolOptions()))
        .connectingTo(
            input.pgConnectOptionsList().stream()
                .map(PgConnectOptions::new)
                .map(options -> options.setConnectTimeout(CONNECT_MILLIS))
                .<SqlConnectOptions>map(timeout::on)
                .toList())
        .using(input.vertx())
        .build();
  }

  @Produces
  @Singleton
  Tx tx(
      Vertx vertx,
      Pool pool,
      Mutiny.SessionFactory sessions,
      SchemaStatus schema,
      CallTimeout timeout,
      StoreMeters meters) {
    return new Tx(vertx, pool, sessions, schema::check, timeout, meters);
  }

  /** Its calls do not wait for the schema. */
  @Produces
  @Singleton
  Schema schema(
      Vertx vertx,
      Pool pool,
      Mutiny.SessionFactory sessions,
      CallTimeout timeout,
      StoreMeters meters) {
    return new Schema(new Tx(vertx, pool, sessions, Future::succeededFuture, timeout, meters));
  }

  @Produces
  @Singleton
  DatabaseReadiness.Query readinessQuery(Tx tx) {
    return () -> tx.autocommit(client -> client.query("SELECT 1").execute()).replaceWithVoid();
  }
}
