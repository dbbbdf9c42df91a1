package io.postern.config;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The settings in force now. Sessions ask at the start of a turn; nobody keeps what was answered.
 */
public final class Live {
  private record Generation(long number, LiveSettings settings) {}

  private final AtomicReference<Generation> current;

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

  /** Puts validated settings in force. */
  public void swap(LiveSettings settings) {
    current.updateAndGet(g -> new Generation(g.number + 1, settings));
  }
}
