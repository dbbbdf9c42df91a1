package io.postern.auth.password;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of threads for slow hash computations. A fixed number run at once, a fixed number
 * wait, and the rest fail with {@link Busy}; so their memory is bounded whatever the clients do.
 */
public final class Workers implements AutoCloseable {
  private static final long KEEP_SECONDS = 30;

  /**
   * The result of a computation.
   *
   * @param settled whether it gives the others of the same subject their result
   * @param delivery delivers the result to the caller
   */
  private record Completion(boolean settled, Runnable delivery) {}

  private final ThreadPoolExecutor threads;

  /** How many more may be accepted. */
  private final Semaphore capacity;

  /** By subject, the computations that wait for the one that is queued or runs. */
  private final ConcurrentMap<Object, List<Supplier<Completion>>> queued =
      new ConcurrentHashMap<>();

  /**
   * Creates a pool.
   *
   * @param maxRunning how many computations run at the same time, at least 1
   * @param maxWaiting how many more may wait, at least 1
   */
  public Workers(int maxRunning, int maxWaiting) {
    this("password-", maxRunning, maxWaiting);
  }

  /**
   * The same for other slow work than hashes.
   *
   * @param name how the names of its threads begin
   */
  public Workers(String name, int maxRunning, int maxWaiting) {
    threads =
        new ThreadPoolExecutor(
            maxRunning,
            maxRunning,
            KEEP_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name(name, 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
    capacity = new Semaphore(maxRunning + maxWaiting);
  }

  /**
   * Computes on a worker thread when subscribed to. The result comes back on the Vert.x context of
   * the subscriber, or on the worker when it has none. Fails with {@link Busy} at once when too
   * many wait already, and with what the computation threw.
   */
  public <T> Uni<T> run(Supplier<T> computation) {
    return run(new Object(), computation, _ -> false, _ -> 0);
  }

  /**
   * The same for a subject (single flight). While one computation of a subject is queued or runs,
   * others of it wait for it; if its result settles them, they run right after it and should find
   * its result, otherwise they queue like any other.
   *
   * @param settles whether the others need not compute after this result
   * @param delayNanos how many nanoseconds late the result comes back; meanwhile no worker waits. A
   *     caller without a context does not wait either
   */
  <T> Uni<T> run(
      Object subject, Supplier<T> computation, Predicate<T> settles, ToLongFunction<T> delayNanos) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var caller = Vertx.currentContext();
              try {
                submit(subject, () -> compute(computation, settles, delayNanos, emitter, caller));
              } catch (RejectedExecutionException e) {
                emitter.fail(new Busy(e));
              }
            });
  }

  private void submit(Object subject, Supplier<Completion> task) {
    if (!capacity.tryAcquire()) {
      throw new RejectedExecutionException("too many computations wait");
    }
    queued.compute(
        subject,
        (_, waiting) -> {
          if (waiting == null) {
            threads.execute(() -> first(subject, task));
            return new ArrayList<>();
          }
          waiting.add(task);
          return waiting;
        });
  }

  /** Removes the subject's entry before delivery: a later request starts a new computation. */
  private void first(Object subject, Supplier<Completion> first) {
    var done = first.get();
    var waiting = queued.remove(subject);
    done.delivery().run();
    for (var other : Objects.requireNonNull(waiting, "each has its list")) {
      Runnable task = () -> other.get().delivery().run();
      if (done.settled()) {
        task.run();
      } else if (!threads.isShutdown()) {
        threads.execute(task);
      }
    }
  }

  /** Computes, and releases its place. */
  private <T> T computeAndRelease(Supplier<T> computation) {
    try {
      return computation.get();
    } finally {
      capacity.release();
    }
  }

  private <T> Completion compute(
      Supplier<T> computation,
      Predicate<T> settles,
      ToLongFunction<T> delayNanos,
      UniEmitter<? super T> emitter,
      @Nullable Context caller) {
    try {
      T result = computeAndRelease(computation);
      long nanos = delayNanos.applyAsLong(result);
      return new Completion(
          settles.test(result), () -> deliver(caller, nanos, () -> emitter.complete(result)));
    } catch (Throwable e) {
      // An error, too: a hash that gets no memory must not leave its session waiting for ever.
      return new Completion(false, () -> deliver(caller, 0, () -> emitter.fail(e)));
    }
  }

  private static void deliver(@Nullable Context caller, long delayNanos, Runnable delivery) {
    if (caller == null) {
      delivery.run();
    } else if (delayNanos <= 0) {
      caller.runOnContext(_ -> delivery.run());
    } else {
      // Rounded up, as timers know no less than a millisecond.
      long millis = TimeUnit.NANOSECONDS.toMillis(delayNanos) + 1;
      caller.runOnContext(_ -> caller.owner().setTimer(millis, _ -> delivery.run()));
    }
  }

  /** Accepts no more work; waiting computations are dropped. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** Too many computations wait already. */
  public static final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Busy(Throwable cause) {
      super("too many passwords wait to be verified", cause, false, false);
    }
  }
}
