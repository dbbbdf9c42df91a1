package io.postern.store.postgres.tx;

import io.vertx.core.impl.ContextInternal;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of the calls under way on one event loop. One timer looks through them four times a
 * second while there are any, where a timer per call would cost each call a few microseconds. A
 * deadline is never early, and late by {@link #PERIOD_MILLIS} at most. Used on its event loop only.
 */
final class Deadlines {
  /** Milliseconds between two sweeps. */
  static final long PERIOD_MILLIS = 250;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A deadline in the ring of those that are pending. */
  static final class Deadline {
    private final long due;
    private final Runnable expired;
    private @Nullable Deadline previous;
    private @Nullable Deadline next;

    private Deadline(long due, Runnable expired) {
      this.due = due;
      this.expired = expired;
    }

    /** Removes the deadline; without effect when it was removed or has passed. */
    void remove() {
      var before = previous;
      var after = next;
      if (before != null && after != null) {
        before.next = after;
        after.previous = before;
        previous = null;
        next = null;
      }
    }
  }

  private final ContextInternal context;
  private final Deadline ring = new Deadline(0, () -> {});
  private boolean sweeping;

  Deadlines(ContextInternal context) {
    this.context = context;
    ring.next = ring;
    ring.previous = ring;
  }

  /**
   * Adds a deadline.
   *
   * @param millis from now
   * @param expired called once when it has passed, unless it is removed before
   */
  Deadline add(long millis, Runnable expired) {
    var deadline = new Deadline(System.nanoTime() + millis * NANOS_PER_MILLI, expired);
    var last = ring.previous;
    deadline.previous = last;
    deadline.next = ring;
    if (last != null) {
      last.next = deadline;
    }
    ring.previous = deadline;
    if (!sweeping) {
      sweeping = true;
      context.setPeriodic(PERIOD_MILLIS, this::sweep);
    }
    return deadline;
  }

  private void sweep(long timer) {
    long now = System.nanoTime();
    var due = new ArrayList<Deadline>();
    for (var it = ring.next; it != null && it != ring; it = it.next) {
      if (now - it.due >= 0) {
        due.add(it);
      }
    }
    due.forEach(Deadline::remove);
    due.forEach(it -> it.expired.run());
    if (ring.next == ring) {
      sweeping = false;
      context.owner().cancelTimer(timer);
    }
  }
}
