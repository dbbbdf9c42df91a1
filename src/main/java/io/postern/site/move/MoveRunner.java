package io.postern.site.move;

import io.postern.store.move.MoveJobs.Job;
import io.postern.store.move.MoveJobs.Phase;
import io.postern.store.move.MoveRefused;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Takes moves that can go on, one after the other, and runs them. Safe for all threads. */
public final class MoveRunner {
  private final Optional<MoveSites> configured;
  private final MoveSteps steps;
  private final MoveMeter meter;

  /**
   * @param configured empty when there is one site only: then nothing runs
   */
  public MoveRunner(Optional<MoveSites> configured, MoveMeter meter) {
    this(configured, MoveSteps.ALL, meter);
  }

  /**
   * @param steps is notified before each step
   */
  public MoveRunner(Optional<MoveSites> configured, MoveSteps steps, MoveMeter meter) {
    this.configured = configured;
    this.steps = steps;
    this.meter = meter;
  }

  /** Runs all moves that can go on now. */
  public Uni<Void> run() {
    return configured.map(this::run).orElseGet(() -> Uni.createFrom().voidItem());
  }

  private Uni<Void> run(MoveSites sites) {
    return Multi.createBy()
        .repeating()
        .uni(() -> next(sites))
        .whilst(Optional::isPresent)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Optional<Job>> next(MoveSites sites) {
    return sites
        .jobs()
        .take()
        .call(
            taken ->
                taken.map(job -> run(sites, job)).orElseGet(() -> Uni.createFrom().voidItem()));
  }

  private Uni<Void> run(MoveSites sites, Job job) {
    return Uni.createFrom()
        .deferred(() -> new AccountMove(sites, steps, meter, job).run())
        .onFailure(MoveRefused.class)
        .recoverWithUni(
            why ->
                sites
                    .jobs()
                    .fail(job.ticket(), Phase.FAILED, String.valueOf(why.getMessage()))
                    .replaceWithVoid());
  }
}
