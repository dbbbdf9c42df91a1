package io.postern.app;

import io.postern.app.wiring.SchemaStatus;
import io.postern.config.BootSettings;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.schema.Schema;
import io.postern.store.postgres.schema.SiteNumber;
import io.postern.store.postgres.tx.SqlErrors;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.flywaydb.core.Flyway;

/**
 * Migrates the database to the schema of this package before it is used for mail, while the rest of
 * the server starts: clients are greeted meanwhile, and their logins wait. It waits for an
 * unreachable database; until then logins are refused and this node is not ready. A database that
 * refuses the settings, or cannot be migrated, ends the server. Flyway runs only if the newest
 * migration is missing.
 */
@Singleton
final class Migrations {
  private static final Logger LOG = System.getLogger(Migrations.class.getName());

  /** The delay between two attempts to reach the database, at first. */
  private static final Duration AT_FIRST = Duration.ofMillis(100);

  private static final Duration AT_LAST = Duration.ofSeconds(2);

  /** How often it is logged how far a migration is. */
  private static final Duration REPORTS = Duration.ofSeconds(5);

  private static final int FAILED = 1;

  private static final Uni<Void> NOTHING = Uni.createFrom().voidItem();

  private final Optional<Long> number;
  private final Schema schema;
  private final SiteNumber site;
  private final SchemaStatus status;
  private final Instance<Flyway> flyway;
  private final AtomicReference<String> lastReported = new AtomicReference<>("");
  private final AtomicReference<Cancellable> check = new AtomicReference<>(() -> {});

  Migrations(
      BootSettings boot,
      Schema schema,
      SiteNumber site,
      SchemaStatus status,
      Instance<Flyway> flyway) {
    this.number = boot.site().number();
    this.schema = schema;
    this.site = site;
    this.status = status;
    this.flyway = flyway;
  }

  /** After the listeners: authentication at the database takes long. */
  void begin(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
    check.set(
        hasNewest()
            .chain(has -> has ? Uni.createFrom().voidItem() : migrated())
            .chain(() -> number.map(it -> claim(it.intValue())).orElse(NOTHING))
            .subscribe()
            .with(_ -> status.markCurrent(), this::end));
  }

  void stop(@Observes ShutdownEvent event) {
    check.get().cancel();
  }

  private Uni<Boolean> hasNewest() {
    return schema
        .has(Schema.NEWEST)
        .onFailure(why -> !SqlErrors.isPermanent(why))
        .invoke(this::report)
        .onFailure(why -> !SqlErrors.isPermanent(why))
        .retry()
        .withBackOff(AT_FIRST, AT_LAST)
        .indefinitely();
  }

  private void report(Throwable why) {
    status.markUnreachable(why);
    var message = String.valueOf(why.getMessage());
    if (!message.equals(lastReported.getAndSet(message))) {
      LOG.log(
          Level.WARNING,
          "The database cannot be reached; logins are refused until it can: {0}",
          message);
    }
  }

  private Uni<Void> migrated() {
    LOG.log(Level.INFO, "Migrating the database: migration {0} is missing", Schema.NEWEST);
    status.markMigrating("migration " + Schema.NEWEST + " is missing");
    var reports = reports().subscribe().with(this::report, _ -> {});
    return Uni.createFrom()
        .item(() -> flyway.get().migrate())
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onTermination()
        .invoke(reports::cancel)
        .replaceWithVoid();
  }

  private Uni<Void> claim(int wanted) {
    return site.require(wanted)
        .onFailure(why -> why instanceof StoreException && !SqlErrors.isPermanent(why))
        .retry()
        .withBackOff(AT_FIRST, AT_LAST)
        .indefinitely();
  }

  /** How far the migration is, from time to time; what cannot be read now is read the next time. */
  private Multi<Schema.Progress> reports() {
    return Multi.createFrom()
        .ticks()
        .every(REPORTS)
        .onOverflow()
        .drop()
        .onItem()
        .transformToUniAndConcatenate(
            _ -> schema.progress().onFailure().recoverWithItem(Optional.empty()))
        .filter(Optional::isPresent)
        .map(Optional::orElseThrow);
  }

  private void report(Schema.Progress progress) {
    status.markMigrating(progress.toString());
    LOG.log(Level.INFO, "Migrating the database: {0}", progress);
  }

  /** Ends the server: with an unknown schema no call can be answered. */
  private void end(Throwable why) {
    LOG.log(Level.ERROR, "The database cannot be used; the server ends", why);
    status.markUnusable(
        new StoreException(new StoreFailure.Unavailable("the database cannot be used"), why));
    Quarkus.asyncExit(FAILED);
  }
}
