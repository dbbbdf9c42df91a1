package io.postern.store.index;

import io.postern.model.Ids.MailboxKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * At most one read of the store per mailbox at a time, shared by all waiting callers. A caller that
 * arrives during a read may need a change committed after that read began, so all such callers
 * share the next read.
 */
final class SingleFlight {
  private static final class Computation {
    final CompletableFuture<MailboxIndex> landing = new CompletableFuture<>();
  }

  /** The running read, and the one that begins when it has ended. */
  private record Schedule(Computation flying, Optional<Computation> next) {
    Computation joined() {
      return next.orElse(flying);
    }
  }

  private final ConcurrentMap<MailboxKey, Schedule> schedules = new ConcurrentHashMap<>();
  private final Function<MailboxKey, Uni<MailboxIndex>> journey;

  SingleFlight(Function<MailboxKey, Uni<MailboxIndex>> journey) {
    this.journey = journey;
  }

  /** The result of a read that begins after this call, on the caller's context. */
  Uni<MailboxIndex> take(MailboxKey key) {
    return Uni.createFrom().deferred(() -> onContextOfCaller(join(key)));
  }

  private Computation join(MailboxKey key) {
    var mine = new Computation();
    var schedule =
        schedules.merge(
            key,
            new Schedule(mine, Optional.empty()),
            (old, _) -> new Schedule(old.flying, Optional.of(old.next.orElse(mine))));
    if (schedule.flying == mine) {
      depart(key, mine);
    }
    return schedule.joined();
  }

  private void depart(MailboxKey key, Computation flight) {
    Uni.createFrom()
        .deferred(() -> journey.apply(key))
        .subscribe()
        .with(
            index -> landed(key, () -> flight.landing.complete(index)),
            failure -> landed(key, () -> flight.landing.completeExceptionally(failure)));
  }

  private void landed(MailboxKey key, Runnable disembark) {
    var next =
        Optional.ofNullable(
            schedules.computeIfPresent(
                key,
                (_, old) -> old.next.map(n -> new Schedule(n, Optional.empty())).orElse(null)));
    disembark.run();
    next.ifPresent(schedule -> depart(key, schedule.flying));
  }

  private static Uni<MailboxIndex> onContextOfCaller(Computation flight) {
    // One copy per caller, because a caller that gives up cancels its copy.
    var landing = Uni.createFrom().completionStage(() -> flight.landing.copy());
    return Optional.ofNullable(Vertx.currentContext())
        .map(context -> landing.emitOn(task -> on(context, task)))
        .orElse(landing);
  }

  private static void on(Context context, Runnable task) {
    if (Vertx.currentContext() == context) {
      task.run();
    } else {
      context.runOnContext(_ -> task.run());
    }
  }
}
