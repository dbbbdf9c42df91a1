package io.postern.auth.password;

import java.util.concurrent.ConcurrentHashMap;

/**
 * How long checks take that fail: all as long as those of the slowest kind of verifier usually do,
 * so that time does not tell a hash brought along from elsewhere from one of ours, nor from a name
 * that nobody has. Learnt from the checks of this process. Safe for all threads.
 */
final class FailureTiming {
  /** Longer ones are not waited for. */
  static final long MOST_NANOS = 1_000_000_000L;

  /** Kinds differ by scheme and cost: a site has a few. */
  private static final int KINDS = 16;

  // As TCP has it for round trips (RFC 6298 §2): slow to follow, with room for what is usual.
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

  /** A check of this kind took so long. */
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
