package io.postern.auth.password;

import java.util.concurrent.ConcurrentHashMap;

/**
 * The time that a failing check must take: as long as checks of the slowest kind of verifier
 * usually do, so that time distinguishes neither an imported hash from one of ours, nor an unknown
 * name from a known one. Learnt from the checks of this process. Safe for all threads.
 */
final class FailureTiming {
  /** Longer ones are not waited for. */
  static final long MAX_NANOS = 1_000_000_000L;

  /** Kinds differ by scheme and cost: a site has a few. */
  private static final int KINDS = 16;

  // As TCP estimates round trips (RFC 6298 §2): smoothed mean and deviation.
  private static final int MEAN_PART = 8;
  private static final int DEVIATION_PART = 4;
  private static final int ROOM = 2;

  private record Estimate(long mean, long deviation) {
    Estimate with(long nanos) {
      long difference = nanos - mean;
      return new Estimate(
          mean + difference / MEAN_PART,
          deviation + (Math.abs(difference) - deviation) / DEVIATION_PART);
    }

    long upperBound() {
      return Math.min(mean + ROOM * deviation, MAX_NANOS);
    }
  }

  private final ConcurrentHashMap<String, Estimate> kinds = new ConcurrentHashMap<>();

  /** Records how long a check of this kind took. */
  void record(String kind, long nanos) {
    if (kinds.size() < KINDS || kinds.containsKey(kind)) {
      kinds.merge(kind, new Estimate(nanos, 0), (estimate, _) -> estimate.with(nanos));
    }
  }

  /** Whether one of this kind was seen. */
  boolean hasSeen(String kind) {
    return kinds.containsKey(kind);
  }

  /** How long a check that fails is to take at least, in nanoseconds; 0 before the first. */
  long minimumNanos() {
    return kinds.values().stream().mapToLong(Estimate::upperBound).max().orElse(0);
  }
}
