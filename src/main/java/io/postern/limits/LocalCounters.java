package io.postern.limits;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Numbers that are forgotten when nothing was added for a time: what this replica knows while the
 * others can't be reached. At most 10,000; beyond, nothing new is noted until some are forgotten.
 * Safe for all threads.
 */
final class LocalCounters {
  static final int MOST = 10_000;

  private record Tally(int count, long expires) {}

  private final ConcurrentHashMap<String, Tally> all = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  LocalCounters() {
    this(System::nanoTime);
  }

  LocalCounters(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** How often it was added to; 0 when never, or when that is forgotten. */
  int of(String what) {
    var tally = all.get(what);
    return tally != null && tally.expires - nanos.getAsLong() > 0 ? tally.count : 0;
  }

  /** Adds one, to be forgotten after that time unless there is more. */
  void add(String what, Duration life) {
    long now = nanos.getAsLong();
    if (all.size() >= MOST) {
      all.values().removeIf(tally -> tally.expires - now <= 0);
    }
    if (all.size() < MOST || all.containsKey(what)) {
      int count = of(what) + 1;
      all.merge(
          what,
          new Tally(count, now + life.toNanos()),
          (before, it) -> new Tally(Math.max(before.count, it.count), it.expires));
    }
  }

  void forget(String what) {
    all.remove(what);
  }
}
