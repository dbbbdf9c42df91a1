package io.postern.transfer;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Keeps a transfer below a number of octets a second, on average since its beginning. */
public final class Rate {
  private static final double NANOS = 1e9;

  private final long octetsPerSecond;
  private final LongSupplier nanoTime;
  private final LongConsumer park;
  private final long started;
  private long octets;

  Rate(long octetsPerSecond, LongSupplier nanoTime, LongConsumer park) {
    this.octetsPerSecond = octetsPerSecond;
    this.nanoTime = nanoTime;
    this.park = park;
    this.started = nanoTime.getAsLong();
  }

  /**
   * At most so many octets a second.
   *
   * @param octetsPerSecond 1 or more
   */
  public static Rate of(long octetsPerSecond) {
    return new Rate(octetsPerSecond, System::nanoTime, LockSupport::parkNanos);
  }

  /** As fast as both sides can. */
  public static Rate unlimited() {
    return of(Long.MAX_VALUE);
  }

  /** Waits until so many octets more are within the rate. */
  void spend(long count) {
    octets += count;
    long due = started + (long) (octets / (double) octetsPerSecond * NANOS);
    for (long left = due - nanoTime.getAsLong(); left > 0; left = due - nanoTime.getAsLong()) {
      park.accept(left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }
}
