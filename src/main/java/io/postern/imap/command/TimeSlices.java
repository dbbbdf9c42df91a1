package io.postern.imap.command;

import io.postern.cancellation.CancellationToken;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Divides the work of one command into slices of {@link #SLICE_NANOS}, between which other
 * connections use the event loop. All loops of the command share one slice: many short loops in
 * sequence hold the event loop no longer than a long one. Used on one context only.
 */
final class TimeSlices {
  /** How long a slice holds the event loop, to about one step. */
  static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Executor queue;
  private final LongSupplier nanoTime;
  private long began;

  /**
   * @param queue runs a task on the connection's context, after others have had their turn
   * @param nanoTime the clock
   */
  TimeSlices(Executor queue, LongSupplier nanoTime) {
    this.queue = queue;
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
  }

  /** Slices among which other connections of the event loop run. */
  static TimeSlices on(Connection connection) {
    return new TimeSlices(connection::queue, System::nanoTime);
  }

  /**
   * Repeats a step until it returns false. After cancellation of the subscription it takes no
   * further step. Fails as a step fails, and with {@link CancellationException} at the first slice
   * after the client has disconnected.
   *
   * @param step a small piece of work: well below a slice
   */
  Uni<Void> repeat(BooleanSupplier step) {
    return CancellationToken.with(
        token ->
            Uni.createFrom()
                .emitter(
                    emitter -> {
                      var loop = new Loop(step, token, emitter);
                      emitter.onTermination(loop::stop);
                      loop.run();
                    }));
  }

  private boolean isOver() {
    return nanoTime.getAsLong() - began >= SLICE_NANOS;
  }

  private final class Loop {
    private final BooleanSupplier step;
    private final CancellationToken token;
    private final UniEmitter<? super Void> emitter;
    private boolean stopped;

    Loop(BooleanSupplier step, CancellationToken token, UniEmitter<? super Void> emitter) {
      this.step = step;
      this.token = token;
      this.emitter = emitter;
    }

    void stop() {
      stopped = true;
    }

    void run() {
      if (isOver()) {
        queue.execute(this::runSlice);
      } else {
        steps();
      }
    }

    private void runSlice() {
      if (token.cancelled()) {
        emitter.fail(new CancellationException());
      } else if (!stopped) {
        began = nanoTime.getAsLong();
        steps();
      }
    }

    private void steps() {
      try {
        do {
          if (!step.getAsBoolean()) {
            emitter.complete(null);
            return;
          }
          if (isOver()) {
            queue.execute(this::runSlice);
            return;
          }
        } while (!stopped);
      } catch (RuntimeException e) {
        emitter.fail(e);
      }
    }
  }
}
