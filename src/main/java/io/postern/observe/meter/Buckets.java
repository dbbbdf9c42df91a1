package io.postern.observe.meter;

import java.time.Duration;
import java.util.stream.LongStream;

/** Into which times histograms are cut: wide enough for a slow disk, few enough for Prometheus. */
final class Buckets {
  /** From an answer out of memory to the minute that alerts are made of. */
  static final Duration[] COMMANDS =
      millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000);

  /** From a read by key to the time a call may take. */
  static final Duration[] STORE =
      millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 15_000, 30_000);

  private Buckets() {}

  private static Duration[] millis(long... millis) {
    return LongStream.of(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
