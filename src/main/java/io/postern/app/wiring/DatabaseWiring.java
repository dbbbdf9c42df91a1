package io.postern.app.wiring;

import io.postern.config.BootSettings;
import io.postern.observe.DatabaseReadiness;
import io.postern.observe.meter.StoreMeters;
import io.postern.store.postgres.schema.Schema;
import io.postern.store.postgres.schema.SiteNumber;
import io.postern.store.postgres.tx.CallTimeout;
import io.postern.store.postgres.tx.Connections;
import io.postern.store.postgres.tx.LoopPool;
import io.postern.store.postgres.tx.Tx;
import io.quarkus.arc.ClientProxy;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
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

  /**
   * The platform's pool, of the connections that this node has: they are configured with the call
   * timeout, and split over the event loops.
   */
  @Produces
  @Singleton
  PgPoolCreator pool(CallTimeout timeout) {
    return input ->
        Connections.split(
            input.vertx(),
            timeout.on(input.poolOptions()),
            input.pgConnectOptionsList().stream()
                .map(PgConnectOptions::new)
                .map(options -> options.setConnectTimeout(CONNECT_MILLIS))
                .map(timeout::on)
                .toList());
  }

  /** The connections behind the platform's pool. */
  @Produces
  @Singleton
  Connections connections(Pool pool) {
    return ((LoopPool) ClientProxy.unwrap(pool)).connections();
  }

  @Produces
  @Singleton
  Tx tx(
      Connections connections,
      Mutiny.SessionFactory sessions,
      SchemaStatus schema,
      CallTimeout timeout,
      StoreMeters meters) {
    return new Tx(connections, sessions, schema::check, timeout, meters);
  }

  /** Its calls do not wait for the schema. */
  @Produces
  @Singleton
  Schema schema(
      Connections connections,
      Mutiny.SessionFactory sessions,
      CallTimeout timeout,
      StoreMeters meters) {
    return new Schema(new Tx(connections, sessions, Future::succeededFuture, timeout, meters));
  }

  /** Its calls do not wait for the schema, which is current only when the number is known. */
  @Produces
  @Singleton
  SiteNumber siteNumber(
      Connections connections,
      Mutiny.SessionFactory sessions,
      CallTimeout timeout,
      StoreMeters meters) {
    return new SiteNumber(new Tx(connections, sessions, Future::succeededFuture, timeout, meters));
  }

  @Produces
  @Singleton
  DatabaseReadiness.Query readinessQuery(Tx tx, SchemaStatus schema) {
    return new DatabaseReadiness.Query() {
      @Override
      public Uni<Void> run() {
        return tx.autocommit(client -> client.query("SELECT 1").execute()).replaceWithVoid();
      }

      @Override
      public Optional<String> migrating() {
        return schema.migrating();
      }
    };
  }
}
