package io.postern.app;

import io.postern.config.Live;
import io.postern.store.maintenance.AuditTrail;
import io.postern.store.postgres.SparsePages;
import io.postern.store.postgres.Sweeper;
import io.postern.store.postgres.account.AccountPurge;
import io.postern.store.postgres.content.CrlfBackfill;
import io.postern.store.postgres.message.DamagedMailboxes;
import io.postern.store.search.SearchIndexing;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Sweeps the store periodically, completes what an older version stored, and indexes contents for
 * SEARCH. Several nodes may do so: each takes what no other holds.
 */
@Singleton
class MaintenanceJob {
  private static final Logger LOG = System.getLogger(MaintenanceJob.class.getName());

  /** Longer than any upload may take. */
  private static final Duration GRACE = Duration.ofDays(1);

  /** How long expunges are logged; clients that return within it get exactly those. */
  private static final Duration EXPUNGED_KEPT = Duration.ofDays(30);

  private final Sweeper sweeper;
  private final SparsePages sparse;
  private final AccountPurge purge;
  private final AuditTrail trail;
  private final CrlfBackfill backfill;
  private final SearchIndexing indexing;
  private final DamagedMailboxes damaged;
  private final Live live;

  MaintenanceJob(
      Sweeper sweeper,
      SparsePages sparse,
      AccountPurge purge,
      AuditTrail trail,
      CrlfBackfill backfill,
      SearchIndexing indexing,
      DamagedMailboxes damaged,
      Live live) {
    this.sweeper = sweeper;
    this.sparse = sparse;
    this.purge = purge;
    this.trail = trail;
    this.backfill = backfill;
    this.indexing = indexing;
    this.damaged = damaged;
    this.live = live;
  }

  @Scheduled(
      every = "10m",
      delayed = "5m",
      concurrentExecution = ConcurrentExecution.SKIP,
      identity = "sweep")
  Uni<Void> sweep() {
    return purge
        .purge(live.now().retention().mailbox())
        .invoke(MaintenanceJob::log)
        .chain(() -> sweeper.deleteRecoverable(live.now().retention().deletedItem()))
        .chain(() -> sweeper.sweep(GRACE))
        .invoke(
            swept ->
                LOG.log(
                    Level.DEBUG,
                    "Unused contents and blobs deleted: rows={0}",
                    Long.toString(swept)))
        .chain(() -> sweeper.prune(EXPUNGED_KEPT))
        .chain(() -> trail.expire(live.now().retention().audit()))
        .chain(() -> sparse.run())
        .replaceWithVoid();
  }

  /** Opens mailboxes again that were damaged and have been restored. */
  @Scheduled(
      every = "1m",
      delayed = "10s",
      concurrentExecution = ConcurrentExecution.SKIP,
      identity = "damaged")
  Uni<Void> recheck() {
    return damaged.recheck().invoke(MaintenanceJob::logRestored).replaceWithVoid();
  }

  private static void logRestored(long mailboxes) {
    if (mailboxes > 0) {
      LOG.log(
          Level.INFO, "Mailboxes are no longer damaged: mailboxes={0}", Long.toString(mailboxes));
    }
  }

  /** Measures what an older version stored, so that no POP3 login has to wait for it. */
  @Scheduled(
      every = "1h",
      delayed = "1m",
      concurrentExecution = ConcurrentExecution.SKIP,
      identity = "backfill")
  Uni<Void> measure() {
    return backfill.run().invoke(MaintenanceJob::logMeasured).replaceWithVoid();
  }

  /** Indexes what was delivered, or searched for the first time, in the last second. */
  @Scheduled(
      every = "1s",
      delayed = "1s",
      concurrentExecution = ConcurrentExecution.SKIP,
      identity = "indexing")
  Uni<Void> index() {
    return indexing.run();
  }

  private static void logMeasured(long contents) {
    if (contents > 0) {
      LOG.log(
          Level.INFO,
          "Contents of an older version measured for POP3: contents={0}",
          Long.toString(contents));
    }
  }

  private static void log(long purged) {
    if (purged > 0) {
      LOG.log(
          Level.INFO,
          "Deleted accounts removed after their retention: accounts={0}",
          Long.toString(purged));
    }
  }
}
