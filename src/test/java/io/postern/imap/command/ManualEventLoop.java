package io.postern.imap.command;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** An event loop whose tasks are run by the test, and a clock that advances with each reading. */
final class ManualEventLoop implements Executor {
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final long nanosPerLook;
  private long now;
  private int looks;
  private int turns;

  ManualEventLoop(long nanosPerLook) {
    this.nanosPerLook = nanosPerLook;
  }

  long nanoTime() {
    looks++;
    return now += nanosPerLook;
  }

  /** How often the clock was read: at least once for each step. */
  int looks() {
    return looks;
  }

  /** How many tasks have run. */
  int turns() {
    return turns;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Runs the next task; false when none waits. */
  boolean runOne() {
    var task = tasks.poll();
    if (task != null) {
      turns++;
      task.run();
    }
    return task != null;
  }

  /** Runs tasks until none waits. */
  void runAll() {
    while (runOne()) {
      // The task has run.
    }
  }
}
