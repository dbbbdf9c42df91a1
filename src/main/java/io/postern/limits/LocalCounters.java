package io.postern.limits;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Counters that expire when nothing is added for a time: the state of this replica while Redis
 * cannot be reached. At most 10,000; beyond, no new one is added until some expire. Safe for all
 * threads.
 */
final class LocalCounters {
  static final int MOST = 10_000;

  private record Count(int count, long expires) {}

  private final ConcurrentHashMap<String, Count> all = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  LocalCounters() {
    this(System::nanoTime);
  }

  LocalCounters(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The count; 0 when nothing was added, or when it has expired. */
  int of(String what) {
    var counted = all.get(what);
    return counted != null && counted.expires - nanos.getAsLong() > 0 ? counted.count : 0;
  }

  /** Adds one; the counter expires after that time unless more is added. */
  void add(String what, Duration life) {
    long now = nanos.getAsLong();
    if (all.size() >= MOST) {
      all.values().removeIf(counted -> counted.expires - now <= 0);
    }
    if (all.size() < MOST || all.containsKey(what)) {
      int count = of(what) + 1;
      all.merge(
          what,
          new Count(count, now + life.toNanos()),
          (before, it) -> new Count(Math.max(before.count, it.count), it.expires));
    }
  }

  void forget(String what) {
    all.remove(what);
  }
}
