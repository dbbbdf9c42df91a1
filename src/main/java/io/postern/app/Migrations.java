package io.postern.app;

import io.postern.app.StoreWiring.FirstConnection;
import io.postern.app.StoreWiring.SchemaCurrent;
import io.postern.store.postgres.schema.Schema;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.flywaydb.core.Flyway;

/**
 * Sees to it that the database has the schema of this package before anybody asks it for mail,
 * while the rest of the server starts: clients are greeted meanwhile, and their logins wait. A
 * database that is not there yet is waited for; this node is not ready until then. Flyway is woken
 * up only for a database that lacks the newest migration.
 */
@Singleton
final class Migrations {
  private static final Logger LOG = System.getLogger(Migrations.class.getName());

  /** A connection that is being made is worth waiting for, but not needed. */
  private static final Duration SHORTLY = Duration.ofSeconds(1);

  /** Between two looks for a database that is not there. */
  private static final Duration AT_FIRST = Duration.ofMillis(100);

  private static final Duration AT_LAST = Duration.ofSeconds(2);

  private static final int FAILED = 1;

  private final Schema schema;
  private final FirstConnection first;
  private final SchemaCurrent current;
  private final Instance<Flyway> flyway;
  private final AtomicBoolean told = new AtomicBoolean();

  Migrations(Schema schema, FirstConnection first, SchemaCurrent current, Instance<Flyway> flyway) {
    this.schema = schema;
    this.first = first;
    this.current = current;
    this.flyway = flyway;
  }

  void begin(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    first
        .tried()
        .ifNoItem()
        .after(SHORTLY)
        .recoverWithUni(Uni.createFrom().voidItem())
        .chain(this::hasNewest)
        .chain(has -> has ? Uni.createFrom().voidItem() : migrated())
        .subscribe()
        .with(_ -> current.reached(), Migrations::end);
  }

  private Uni<Boolean> hasNewest() {
    return schema
        .has(Schema.NEWEST)
        .onFailure()
        .invoke(this::tell)
        .onFailure()
        .retry()
        .withBackOff(AT_FIRST, AT_LAST)
        .indefinitely();
  }

  private void tell(Throwable why) {
    if (!told.getAndSet(true)) {
      LOG.log(Level.WARNING, "The database is waited for; logins wait, too: {0}", why.getMessage());
    }
  }

  private Uni<Void> migrated() {
    LOG.log(Level.INFO, "The database lacks migration {0} and is brought up to it", Schema.NEWEST);
    return Uni.createFrom()
        .item(() -> flyway.get().migrate())
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .replaceWithVoid();
  }

  /** With a schema that nobody knows no call can be answered. */
  private static void end(Throwable why) {
    LOG.log(Level.ERROR, "The database could not be migrated, and the server ends", why);
    Quarkus.asyncExit(FAILED);
  }
}
