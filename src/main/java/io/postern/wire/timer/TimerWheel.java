package io.postern.wire.timer;

import io.postern.wire.Connection;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The timer wheel of one event loop, with ticks of a tenth of a second: one timer for all its
 * connections, which runs only while a delay is pending. Used on its context only.
 */
public final class TimerWheel {
  private static final Logger LOG = System.getLogger(TimerWheel.class.getName());
  private static final long TICK = 100;
  private static final int SLOTS = 512;

  /** A deadline that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  private final Vertx vertx;
  private final Context context;
  private final Delay[] slots = new Delay[SLOTS];
  private final RunQueue queue;

  /** The last tick that was processed. */
  private long worked = tick();

  private int waiting;
  private boolean turning;

  private TimerWheel(Vertx vertx, Context context) {
    this.vertx = vertx;
    this.context = context;
    this.queue = new RunQueue(context);
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Delay();
    }
  }

  /** Creates timer wheels, each on an event-loop context of its own, spread over the loops. */
  public static List<TimerWheel> spread(Vertx vertx, int count) {
    // These contexts outlive listeners, which come and go with the settings. The public way to a
    // context would be a verticle.
    var contexts = Stream.generate(((VertxInternal) vertx)::createEventLoopContext);
    return contexts.limit(count).map(context -> new TimerWheel(vertx, context)).toList();
  }

  /** The event-loop context of this wheel. */
  public Context context() {
    return context;
  }

  /** The connections of the event loop that wait for their turn. */
  public RunQueue queue() {
    return queue;
  }

  /** Milliseconds of a monotonic clock. */
  public static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  /** Runs the task after the delay, rounded up to a tick. */
  public Connection.Cancellation after(Duration delay, Runnable task) {
    return after(delay.toMillis(), task);
  }

  /** The same for a delay in milliseconds. */
  public Connection.Cancellation after(long millis, Runnable task) {
    return schedule(millis, task, List.of());
  }

  private Delay schedule(long millis, Runnable task, List<Delay> group) {
    if (waiting == 0) {
      worked = tick();
    }
    long due = Math.max(worked + 1, Math.ceilDiv(Math.addExact(millis(), millis), TICK));
    var delay = new Delay(due, task, group);
    delay.join(slots[Math.floorMod(due, SLOTS)]);
    waiting++;
    turn();
    return delay;
  }

  /** Whether its timer is running. */
  public boolean turning() {
    return turning;
  }

  private void turn() {
    if (!turning) {
      turning = true;
      context.runOnContext(start -> vertx.setPeriodic(TICK, this::turned));
    }
  }

  private void turned(long timer) {
    long now = tick();
    // A late timer processes at most one round: that visits every slot.
    long from = Math.max(worked + 1, now - SLOTS + 1);
    worked = now;
    for (long tick = from; tick <= now; tick++) {
      expire(slots[Math.floorMod(tick, SLOTS)], now);
    }
    if (waiting == 0) {
      vertx.cancelTimer(timer);
      turning = false;
    }
  }

  private void expire(Delay slot, long now) {
    var due = slot.takeDue(now);
    for (var delay : due) {
      // A task that ran before may have cancelled it.
      if (delay.done()) {
        run(delay.task);
      }
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException fault) {
      LOG.log(Level.ERROR, "a delayed task failed", fault);
    }
  }

  private static long tick() {
    return Math.floorDiv(millis(), TICK);
  }

  /** The delays of one owner, which are cancelled together. */
  public final class TimerGroup {
    /** Those that are pending: a few. */
    private final List<Delay> all = new ArrayList<>(1);

    public Connection.Cancellation after(Duration delay, Runnable task) {
      var added = schedule(delay.toMillis(), task, all);
      all.add(added);
      return added;
    }

    public void cancel() {
      List.copyOf(all).forEach(Delay::cancel);
    }
  }

  /**
   * One deadline of one owner. An earlier deadline reschedules the timer; a later one does not: the
   * timer then fires early and the task checks again.
   */
  public final class DeadlineTimer {
    private final Runnable task;
    private long at = NEVER;
    private Optional<Connection.Cancellation> entry = Optional.empty();

    public DeadlineTimer(Runnable task) {
      this.task = task;
    }

    /** Fires at that time at the latest; {@link #millis}. */
    public void setDeadline(long due) {
      if (due < at) {
        entry.ifPresent(Connection.Cancellation::cancel);
        at = due;
        entry = Optional.of(after(Math.max(0, due - millis()), this::ring));
      }
    }

    private void ring() {
      at = NEVER;
      entry = Optional.empty();
      task.run();
    }

    public void cancel() {
      entry.ifPresent(Connection.Cancellation::cancel);
    }
  }

  /** A task in the linked ring of its slot; the slot itself is the head of the ring. */
  private final class Delay implements Connection.Cancellation {
    private final long due;
    private final Runnable task;

    /** The pending delays of its owner, or none if it has no group. */
    private final List<Delay> group;

    private Delay next = this;
    private Delay previous = this;
    private boolean over;

    Delay() {
      this(Long.MAX_VALUE, () -> {}, List.of());
    }

    Delay(long due, Runnable task, List<Delay> group) {
      this.due = due;
      this.task = task;
      this.group = group;
    }

    void join(Delay slot) {
      next = slot;
      previous = slot.previous;
      previous.next = this;
      slot.previous = this;
    }

    @Override
    public void cancel() {
      if (done()) {
        unlink();
      }
    }

    /** Ends it; returns whether it was pending. */
    private boolean done() {
      if (over) {
        return false;
      }
      over = true;
      waiting--;
      if (!group.isEmpty()) {
        group.remove(this);
      }
      return true;
    }

    private void unlink() {
      previous.next = next;
      next.previous = previous;
      next = this;
      previous = this;
    }

    List<Delay> takeDue(long now) {
      var due = Stream.iterate(next, delay -> delay != this, delay -> delay.next);
      var list = due.filter(delay -> delay.due <= now).toList();
      list.forEach(Delay::unlink);
      return list;
    }
  }
}
