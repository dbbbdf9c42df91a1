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
 * A few threads for slow sums. So many run at once, so many wait, the rest fail with {@link Busy};
 * thus the memory that the sums need is bounded whatever the clients do.
 */
public final class Workers implements AutoCloseable {
  private static final long KEEP_SECONDS = 30;

  /**
   * What came of a sum.
   *
   * @param settled whether it settles others of the same subject
   * @param telling tells whoever asked for it
   */
  private record Done(boolean settled, Runnable telling) {}

  private final ThreadPoolExecutor threads;

  /** How many more may be taken. */
  private final Semaphore places;

  /** By subject, the sums that wait for the one that is queued or runs. */
  private final ConcurrentMap<Object, List<Supplier<Done>>> others = new ConcurrentHashMap<>();

  /**
   * Workers of their own.
   *
   * @param atOnce how many sums run at the same time, at least 1
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
   * Does the sum on a worker when subscribed to. The result comes back on the Vert.x context of the
   * subscriber, or on the worker when it has none. Fails with {@link Busy} at once when too many
   * wait already, and with whatever the sum threw.
   */
  public <T> Uni<T> run(Supplier<T> sum) {
    return run(new Object(), sum, _ -> false, _ -> 0);
  }

  /**
   * The same, of a subject. While one sum of it is waited for, others of it wait for that one; if
   * it settles them, they run right after it, so they should find its result and return, or else
   * they queue as any other.
   *
   * @param settles whether the result leaves the others nothing to compute
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

  /** Whoever comes when this one has been told finds nobody to wait for. */
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

  /** Does the sum, and gives its place to another. */
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
      // An error, too: a hash that finds no memory must not leave its session waiting for ever.
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

  /** Takes no more work; what waits is dropped. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** Too much waits already. */
  public static final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Busy(Throwable cause) {
      super("too many passwords wait to be verified", cause, false, false);
    }
  }
}
