package io.postern.auth.password;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A few threads for slow sums. So many run at once, so many wait, the rest fail with {@link Busy};
 * thus the memory that the sums need is bounded whatever the clients do.
 */
public final class Workers implements AutoCloseable {
  private static final long KEEP_SECONDS = 30;

  private final ThreadPoolExecutor threads;

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
            new ArrayBlockingQueue<>(waiting),
            Thread.ofPlatform().name("password-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Does the sum on a worker when subscribed to. The result comes back on the Vert.x context of the
   * subscriber, or on the worker when it has none. Fails with {@link Busy} at once when too many
   * wait already, and with whatever the sum threw.
   */
  public <T> Uni<T> run(Supplier<T> sum) {
    return run(sum, _ -> 0);
  }

  /**
   * The same; the result comes back so many nanoseconds late, and meanwhile no worker waits. A
   * caller without a context does not wait either.
   */
  <T> Uni<T> run(Supplier<T> sum, ToLongFunction<T> late) {
    return Uni.createFrom().emitter(emitter -> submit(sum, late, emitter, Vertx.currentContext()));
  }

  private <T> void submit(
      Supplier<T> sum,
      ToLongFunction<T> late,
      UniEmitter<? super T> emitter,
      @Nullable Context caller) {
    try {
      threads.execute(() -> compute(sum, late, emitter, caller));
    } catch (RejectedExecutionException e) {
      emitter.fail(new Busy(e));
    }
  }

  private static <T> void compute(
      Supplier<T> sum,
      ToLongFunction<T> late,
      UniEmitter<? super T> emitter,
      @Nullable Context caller) {
    try {
      T result = sum.get();
      back(caller, late.applyAsLong(result), () -> emitter.complete(result));
    } catch (Throwable e) {
      // An error, too: a hash that finds no memory must not leave its session waiting for ever.
      back(caller, 0, () -> emitter.fail(e));
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
