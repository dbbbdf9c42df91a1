package io.postern.observe.meter;

import java.time.Duration;
import java.util.stream.LongStream;

/** Histogram buckets: wide enough for a slow disk, few enough for Prometheus. */
final class Buckets {
  /** From a response out of memory to one minute, which alerts use. */
  static final Duration[] COMMANDS =
      millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000);

  /** From a read by key to the timeout of a call. */
  static final Duration[] STORE =
      millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 15_000, 30_000);

  private Buckets() {}

  private static Duration[] millis(long... millis) {
    return LongStream.of(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
