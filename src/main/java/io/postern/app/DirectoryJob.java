package io.postern.app;

import io.postern.app.wiring.SchemaStatus;
import io.postern.app.wiring.SiteParts;
import io.postern.site.directory.HomePublisher;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.quarkus.flyway.FlywayDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.flywaydb.core.Flyway;

/**
 * Migrates the directory of homes after the start, and publishes this site's accounts there, again
 * from time to time. With one site only it does nothing.
 */
@Singleton
class DirectoryJob {
  private static final Logger LOG = System.getLogger(DirectoryJob.class.getName());
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

  private final Optional<HomePublisher> publisher;
  private final Instance<Flyway> flyway;
  private final SchemaStatus schema;
  private final AtomicReference<Cancellable> start = new AtomicReference<>(() -> {});
  private volatile boolean migrated;

  DirectoryJob(
      SiteParts sites,
      Accounts accounts,
      AppPasswords appPasswords,
      @FlywayDataSource("directory") Instance<Flyway> flyway,
      SchemaStatus schema) {
    this.publisher = sites.publisher(accounts, appPasswords);
    this.flyway = flyway;
    this.schema = schema;
  }

  void begin(@Observes StartupEvent event) {
    publisher.ifPresent(
        it ->
            start.set(
                schema
                    .whenCurrent()
                    .chain(this::migrate)
                    .chain(it::publishAll)
                    .onFailure()
                    .invoke(why -> LOG.log(Level.WARNING, "The directory of homes: {0}", why))
                    .onFailure()
                    .retry()
                    .withBackOff(FIRST_DELAY, LONGEST_DELAY)
                    .indefinitely()
                    .subscribe()
                    .with(
                        many ->
                            LOG.log(
                                Level.INFO,
                                "Accounts are published in the directory of homes: accounts={0}",
                                Long.toString(many)),
                        why -> LOG.log(Level.ERROR, "No account is published", why))));
  }

  private Uni<Void> migrate() {
    return Uni.createFrom()
        .item(() -> flyway.get().migrate())
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .invoke(() -> migrated = true)
        .replaceWithVoid();
  }

  void stop(@Observes ShutdownEvent event) {
    start.get().cancel();
  }

  /** Publishes accounts that were changed while the directory was down. */
  @Scheduled(
      every = "10m",
      delayed = "10m",
      concurrentExecution = ConcurrentExecution.SKIP,
      identity = "directory")
  Uni<Void> publish() {
    return migrated && publisher.isPresent()
        ? publisher
            .get()
            .publishAll()
            .onFailure()
            .invoke(why -> LOG.log(Level.WARNING, "The directory of homes: {0}", why))
            .onFailure()
            .recoverWithItem(0L)
            .replaceWithVoid()
        : Uni.createFrom().voidItem();
  }
}
