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
    final CompletableFuture<MailboxIndex> result = new CompletableFuture<>();
  }

  /** The running read, and the one that begins when it has ended. */
  private record Schedule(Computation running, Optional<Computation> next) {
    Computation joinable() {
      return next.orElse(running);
    }
  }

  private final ConcurrentMap<MailboxKey, Schedule> schedules = new ConcurrentHashMap<>();
  private final Function<MailboxKey, Uni<MailboxIndex>> read;

  SingleFlight(Function<MailboxKey, Uni<MailboxIndex>> read) {
    this.read = read;
  }

  /** The result of a read that begins after this call, on the caller's context. */
  Uni<MailboxIndex> get(MailboxKey key) {
    return Uni.createFrom().deferred(() -> onContextOfCaller(join(key)));
  }

  private Computation join(MailboxKey key) {
    var mine = new Computation();
    var schedule =
        schedules.merge(
            key,
            new Schedule(mine, Optional.empty()),
            (old, _) -> new Schedule(old.running, Optional.of(old.next.orElse(mine))));
    if (schedule.running == mine) {
      start(key, mine);
    }
    return schedule.joinable();
  }

  private void start(MailboxKey key, Computation computation) {
    Uni.createFrom()
        .deferred(() -> read.apply(key))
        .subscribe()
        .with(
            index -> finish(key, () -> computation.result.complete(index)),
            failure -> finish(key, () -> computation.result.completeExceptionally(failure)));
  }

  private void finish(MailboxKey key, Runnable complete) {
    var next =
        Optional.ofNullable(
            schedules.computeIfPresent(
                key,
                (_, old) -> old.next.map(n -> new Schedule(n, Optional.empty())).orElse(null)));
    complete.run();
    next.ifPresent(schedule -> start(key, schedule.running));
  }

  private static Uni<MailboxIndex> onContextOfCaller(Computation computation) {
    // One copy per caller, because a caller that gives up cancels its copy.
    var result = Uni.createFrom().completionStage(() -> computation.result.copy());
    return Optional.ofNullable(Vertx.currentContext())
        .map(context -> result.emitOn(task -> on(context, task)))
        .orElse(result);
  }

  private static void on(Context context, Runnable task) {
    if (Vertx.currentContext() == context) {
      task.run();
    } else {
      context.runOnContext(_ -> task.run());
    }
  }
}
