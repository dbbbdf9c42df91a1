package io.postern.wire.limits;

import io.postern.wire.timer.TimerWheel;
import java.time.Duration;

/**
 * A token bucket for the commands of one connection: a burst runs at once, then one command per
 * {@link #INTERVAL}.
 */
public final class Pacer {
  /** The time after which one more command may run. */
  public static final Duration INTERVAL = Duration.ofMillis(100);

  private final int burst;
  private double tokens;
  private long at;

  /**
   * @param burst how many commands run at once
   * @param millis the time; {@link TimerWheel#millis}
   */
  Pacer(int burst, long millis) {
    this.burst = burst;
    this.tokens = burst;
    this.at = millis;
  }

  /** Counts a command that has run; returns the delay before the next one, zero for none. */
  Duration ran(long millis) {
    tokens = Math.min(burst, tokens + (double) (millis - at) / INTERVAL.toMillis()) - 1;
    at = millis;
    return tokens >= 0 ? Duration.ZERO : INTERVAL;
  }
}
