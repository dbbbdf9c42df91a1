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
   * @param telling delivers the result to the caller
   */
  private record Done(boolean settled, Runnable telling) {}

  private final ThreadPoolExecutor threads;

  /** How many more may be accepted. */
  private final Semaphore places;

  /** By subject, the computations that wait for the one that is queued or runs. */
  private final ConcurrentMap<Object, List<Supplier<Done>>> others = new ConcurrentHashMap<>();

  /**
   * Creates a pool.
   *
   * @param atOnce how many computations run at the same time, at least 1
   * @param waiting how many more may wait, at least 1
   */
  public Workers(int atOnce, int waiting) {
    threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            KEEP_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("password-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
    places = new Semaphore(atOnce + waiting);
  }

  /**
   * Computes on a worker thread when subscribed to. The result comes back on the Vert.x context of
   * the subscriber, or on the worker when it has none. Fails with {@link Busy} at once when too
   * many wait already, and with what the computation threw.
   */
  public <T> Uni<T> run(Supplier<T> sum) {
    return run(new Object(), sum, _ -> false, _ -> 0);
  }

  /**
   * The same for a subject (single flight). While one computation of a subject is queued or runs,
   * others of it wait for it; if its result settles them, they run right after it and should find
   * its result, otherwise they queue like any other.
   *
   * @param settles whether the others need not compute after this result
   * @param late how many nanoseconds late the result comes back; meanwhile no worker waits. A
   *     caller without a context does not wait either
   */
  <T> Uni<T> run(Object subject, Supplier<T> sum, Predicate<T> settles, ToLongFunction<T> late) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var caller = Vertx.currentContext();
              try {
                submit(subject, () -> compute(sum, settles, late, emitter, caller));
              } catch (RejectedExecutionException e) {
                emitter.fail(new Busy(e));
              }
            });
  }

  private void submit(Object subject, Supplier<Done> task) {
    if (!places.tryAcquire()) {
      throw new RejectedExecutionException("all places are taken");
    }
    others.compute(
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
  private void first(Object subject, Supplier<Done> first) {
    var done = first.get();
    var waiting = others.remove(subject);
    done.telling().run();
    for (var other : Objects.requireNonNull(waiting, "each has its list")) {
      Runnable task = () -> other.get().telling().run();
      if (done.settled()) {
        task.run();
      } else if (!threads.isShutdown()) {
        threads.execute(task);
      }
    }
  }

  /** Computes, and releases its place. */
  private <T> T done(Supplier<T> sum) {
    try {
      return sum.get();
    } finally {
      places.release();
    }
  }

  private <T> Done compute(
      Supplier<T> sum,
      Predicate<T> settles,
      ToLongFunction<T> late,
      UniEmitter<? super T> emitter,
      @Nullable Context caller) {
    try {
      T result = done(sum);
      long nanos = late.applyAsLong(result);
      return new Done(
          settles.test(result), () -> back(caller, nanos, () -> emitter.complete(result)));
    } catch (Throwable e) {
      // An error, too: a hash that gets no memory must not leave its session waiting for ever.
      return new Done(false, () -> back(caller, 0, () -> emitter.fail(e)));
    }
  }

  private static void back(@Nullable Context caller, long late, Runnable news) {
    if (caller == null) {
      news.run();
    } else if (late <= 0) {
      caller.runOnContext(_ -> news.run());
    } else {
      // Rounded up, as timers know no less than a millisecond.
      long millis = TimeUnit.NANOSECONDS.toMillis(late) + 1;
      caller.runOnContext(_ -> caller.owner().setTimer(millis, _ -> news.run()));
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
