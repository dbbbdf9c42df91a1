package io.postern.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The settings in force now. Sessions ask at the start of a turn; nobody keeps what was answered.
 * Who must act on a change asks to be told. May be used from any thread.
 */
public final class Live {
  private record Generation(long number, LiveSettings settings) {}

  private final AtomicReference<Generation> current;
  private final List<Runnable> told = new CopyOnWriteArrayList<>();

  public Live(LiveSettings settings) {
    current = new AtomicReference<>(new Generation(1, settings));
  }

  /** The settings of now. */
  public LiveSettings now() {
    return current.get().settings;
  }

  /** Counts the swaps, from 1. */
  public long generation() {
    return current.get().number;
  }

  /** Puts validated settings in force, then tells who asked for it. */
  public void swap(LiveSettings settings) {
    current.updateAndGet(g -> new Generation(g.number + 1, settings));
    told.forEach(Runnable::run);
  }

  /** Runs the task after each swap, on the thread that swaps: it must be quick and not fail. */
  public void afterSwap(Runnable task) {
    told.add(task);
  }
}
