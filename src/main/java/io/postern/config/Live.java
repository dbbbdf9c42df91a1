package io.postern.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Holds the settings in force. Sessions read them at the start of each command and do not keep
 * them. Components that must act on a change register a task. May be used from any thread.
 */
public final class Live {
  private record Generation(long number, LiveSettings settings) {}

  private final AtomicReference<Generation> current;
  private final List<Runnable> tasks = new CopyOnWriteArrayList<>();

  public Live(LiveSettings settings) {
    current = new AtomicReference<>(new Generation(1, settings));
  }

  /** Returns the settings in force. */
  public LiveSettings now() {
    return current.get().settings;
  }

  /** Returns the generation, which starts at 1 and grows by one with each swap. */
  public long generation() {
    return current.get().number;
  }

  /** Puts validated settings in force, then runs the registered tasks. */
  public void swap(LiveSettings settings) {
    current.updateAndGet(g -> new Generation(g.number + 1, settings));
    tasks.forEach(Runnable::run);
  }

  /**
   * Returns a value that is computed from the settings in force: at its first use after each swap,
   * not at each use.
   *
   * @param compute must not fail for validated settings; may run more than once for the same ones
   */
  public <T> Supplier<T> derived(Function<LiveSettings, T> compute) {
    record Derived<T>(LiveSettings from, T value) {}
    var last = new AtomicReference<Derived<T>>();
    return () -> {
      var settings = now();
      var derived = last.get();
      if (derived == null || derived.from != settings) {
        derived = new Derived<>(settings, compute.apply(settings));
        last.set(derived);
      }
      return derived.value;
    };
  }

  /** Runs the task after each swap, on the swapping thread; it must be quick and must not fail. */
  public void afterSwap(Runnable task) {
    tasks.add(task);
  }
}
