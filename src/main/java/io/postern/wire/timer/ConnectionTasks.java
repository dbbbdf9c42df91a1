package io.postern.wire.timer;

import io.postern.wire.Connection;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;

/** Runs the tasks of one connection on its context; a task that fails is a fault. */
public final class ConnectionTasks {
  private final TimerWheel wheel;
  private final TimerWheel.TimerGroup delayed;
  private final Consumer<Throwable> fault;

  /**
   * @param fault called on the connection's context with the failure of a task
   */
  public ConnectionTasks(TimerWheel wheel, Consumer<Throwable> fault) {
    this.wheel = wheel;
    this.delayed = wheel.new TimerGroup();
    this.fault = fault;
  }

  public Context context() {
    return wheel.context();
  }

  /** Runs the task now; called on the connection's context. */
  public void runHere(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException failure) {
      fault.accept(failure);
    }
  }

  /** Runs the task on the connection's context, at once when called there. */
  public void run(Runnable task) {
    if (Vertx.currentContext() == context()) {
      runHere(task);
    } else {
      later(task);
    }
  }

  /** Runs the task in a later iteration of the event loop. */
  public void later(Runnable task) {
    context().runOnContext(_ -> runHere(task));
  }

  /** Runs the task when the other connections of the event loop have had their turn. */
  public void queue(Runnable task) {
    wheel.queue().add(() -> runHere(task));
  }

  /** Runs the task after the delay, unless it is cancelled before. */
  public Connection.Cancellation after(Duration delay, Runnable task) {
    return delayed.after(delay, () -> runHere(task));
  }

  /** Cancels all delayed tasks. */
  public void cancelDelayed() {
    delayed.cancel();
  }
}
