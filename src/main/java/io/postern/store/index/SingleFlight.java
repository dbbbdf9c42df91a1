package io.postern.store.index;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * At most one read of the store per key at a time, shared by all waiting callers. A caller that
 * arrives during a read may need a change committed after that read began, so all such callers
 * share the next read.
 *
 * @param <K> what is read
 * @param <V> the result of a read
 */
final class SingleFlight<K, V> {
  private static final class Computation<V> {
    final CompletableFuture<V> result = new CompletableFuture<>();
  }

  /** The running read, and the one that begins when it has ended. */
  private record Schedule<V>(Computation<V> running, Optional<Computation<V>> next) {
    Computation<V> joinable() {
      return next.orElse(running);
    }
  }

  private final ConcurrentMap<K, Schedule<V>> schedules = new ConcurrentHashMap<>();
  private final Function<K, Uni<V>> read;

  SingleFlight(Function<K, Uni<V>> read) {
    this.read = read;
  }

  /** The result of a read that begins after this call, on the caller's context. */
  Uni<V> get(K key) {
    return Uni.createFrom().deferred(() -> onContextOfCaller(join(key)));
  }

  private Computation<V> join(K key) {
    var mine = new Computation<V>();
    var schedule =
        schedules.merge(
            key,
            new Schedule<>(mine, Optional.empty()),
            (old, _) -> new Schedule<>(old.running, Optional.of(old.next.orElse(mine))));
    if (schedule.running == mine) {
      start(key, mine);
    }
    return schedule.joinable();
  }

  private void start(K key, Computation<V> computation) {
    Uni.createFrom()
        .deferred(() -> read.apply(key))
        .subscribe()
        .with(
            value -> finish(key, () -> computation.result.complete(value)),
            failure -> finish(key, () -> computation.result.completeExceptionally(failure)));
  }

  private void finish(K key, Runnable complete) {
    var next =
        Optional.ofNullable(
            schedules.computeIfPresent(
                key,
                (_, old) -> old.next.map(n -> new Schedule<>(n, Optional.empty())).orElse(null)));
    complete.run();
    next.ifPresent(schedule -> start(key, schedule.running));
  }

  private static <V> Uni<V> onContextOfCaller(Computation<V> computation) {
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
