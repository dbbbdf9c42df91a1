package io.postern.auth.password;

import java.util.concurrent.ConcurrentHashMap;

/**
 * The time that a failing check must take: as long as checks of the slowest kind of verifier
 * usually do, so that time distinguishes neither an imported hash from one of ours, nor an unknown
 * name from a known one. Learnt from the checks of this process. Safe for all threads.
 */
final class FailureTiming {
  /** Longer ones are not waited for. */
  static final long MOST_NANOS = 1_000_000_000L;

  /** Kinds differ by scheme and cost: a site has a few. */
  private static final int KINDS = 16;

  // As TCP estimates round trips (RFC 6298 §2): smoothed mean and deviation.
  private static final int MEAN_PART = 8;
  private static final int DEVIATION_PART = 4;
  private static final int ROOM = 2;

  private record Usual(long mean, long deviation) {
    Usual and(long nanos) {
      long off = nanos - mean;
      return new Usual(
          mean + off / MEAN_PART, deviation + (Math.abs(off) - deviation) / DEVIATION_PART);
    }

    long most() {
      return Math.min(mean + ROOM * deviation, MOST_NANOS);
    }
  }

  private final ConcurrentHashMap<String, Usual> kinds = new ConcurrentHashMap<>();

  /** Records how long a check of this kind took. */
  void took(String kind, long nanos) {
    if (kinds.size() < KINDS || kinds.containsKey(kind)) {
      kinds.merge(kind, new Usual(nanos, 0), (usual, _) -> usual.and(nanos));
    }
  }

  /** Whether one of this kind was seen. */
  boolean knows(String kind) {
    return kinds.containsKey(kind);
  }

  /** How long a check that fails is to take at least, in nanoseconds; 0 before the first. */
  long least() {
    return kinds.values().stream().mapToLong(Usual::most).max().orElse(0);
  }
}
