package io.postern.app.move;

import io.postern.site.move.MoveRunner;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Runs moves of accounts from this site. Several nodes may do so: each takes one that is free. */
@Singleton
class MoveJob {
  private static final Logger LOG = System.getLogger(MoveJob.class.getName());

  private final MoveRunner runner;

  MoveJob(MoveRunner runner) {
    this.runner = runner;
  }

  @Scheduled(
      every = "2s",
      delayed = "5s",
      concurrentExecution = ConcurrentExecution.SKIP,
      identity = "moves")
  Uni<Void> run() {
    return runner
        .run()
        .onFailure()
        .invoke(why -> LOG.log(Level.WARNING, "Moves are put off: {0}", why))
        .onFailure()
        .recoverWithNull();
  }
}
