package io.postern.wire.timer;

import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * The run queue of one event loop: its connections that have more to do than fits into a {@link
 * Slice}, served round robin. They take {@link #ROUND_NANOS} of each iteration of the loop, so that
 * sockets, timers and other connections run between two rounds. Used on its context only.
 */
public final class RunQueue {
  /** The time slice of one connection, after which the others run. */
  public static final class Slice {
    private static final int FRAMES = 128;
    private static final long NANOS = 500_000;

    private final long ends = System.nanoTime() + NANOS;
    private int frames;

    /** Whether the slice is used up, so that the next frame waits; called before each frame. */
    public boolean over() {
      return ++frames > FRAMES || System.nanoTime() - ends > 0;
    }
  }

  private static final long ROUND_NANOS = 2_000_000;

  private final ContextInternal context;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean scheduled;

  RunQueue(Context context) {
    this.context = (ContextInternal) context;
  }

  /** Appends the task; it runs in its turn. */
  public void add(Runnable task) {
    waiting.add(task);
    schedule();
  }

  /**
   * Schedules a round as a timer that is due at once. The loop would run a plain task, and its
   * successors, before it polls its sockets again.
   */
  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      var _ =
          context
              .nettyEventLoop()
              .schedule(() -> context.dispatch(this::round), 0, TimeUnit.NANOSECONDS);
    }
  }

  private void round() {
    scheduled = false;
    long ends = System.nanoTime() + ROUND_NANOS;
    int tasks = waiting.size();
    for (int i = 0; i < tasks && System.nanoTime() - ends < 0; i++) {
      waiting.remove().run();
    }
    if (!waiting.isEmpty()) {
      schedule();
    }
  }
}
