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
 * One journey to the store per mailbox at a time, shared by all who wait. Who comes while one is
 * under way may want what happened after its departure, so all of those share the next one.
 */
final class SingleFlight {
  private static final class Computation {
    final CompletableFuture<MailboxIndex> landing = new CompletableFuture<>();
  }

  /** The one in the air, and the one that leaves when it has landed. */
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

  /** The result of a journey that begins after this call; it comes on the caller's context. */
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
    // A copy each, because a caller that gives up cancels what it waits for.
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
