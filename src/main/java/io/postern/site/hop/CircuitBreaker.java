package io.postern.site.hop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Stops attempts to reach a site that has failed for some time, but for one a second. Safe for all
 * threads.
 */
final class CircuitBreaker {
  /** The time between two attempts at a failed site. */
  static final Duration PROBE = Duration.ofSeconds(1);

  /** Failures without an attempt for so long are forgotten. */
  static final Duration MEMORY = Duration.ofMinutes(1);

  /** The failures in a row: when the first and the last of them were. */
  private record Failures(long first, long last) {}

  private final long after;
  private final LongSupplier nanos;
  private final AtomicReference<Optional<Failures>> failures =
      new AtomicReference<>(Optional.empty());
  private final AtomicLong probed;

  /**
   * @param after how long a site fails before attempts are stopped
   * @param nanos {@link System#nanoTime}
   */
  CircuitBreaker(Duration after, LongSupplier nanos) {
    this.after = after.toNanos();
    this.nanos = nanos;
    this.probed = new AtomicLong(nanos.getAsLong() - PROBE.toNanos());
  }

  /** Whether an attempt may be made now. */
  boolean allows() {
    long now = nanos.getAsLong();
    var seen = failures.get();
    if (seen.isEmpty()
        || now - seen.get().first < after
        || now - seen.get().last >= MEMORY.toNanos()) {
      return true;
    }
    long last = probed.get();
    return now - last >= PROBE.toNanos() && probed.compareAndSet(last, now);
  }

  /** The site was reached. */
  void succeeded() {
    failures.set(Optional.empty());
  }

  /** The site was not reached. */
  void failed() {
    long now = nanos.getAsLong();
    failures.updateAndGet(
        seen ->
            Optional.of(
                seen.filter(it -> now - it.last < MEMORY.toNanos())
                    .map(it -> new Failures(it.first, now))
                    .orElseGet(() -> new Failures(now, now))));
  }
}
