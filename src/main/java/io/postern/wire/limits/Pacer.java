package io.postern.wire.limits;

import io.postern.wire.timer.TimerWheel;
import java.time.Duration;

/**
 * Paces the commands of one connection: a token bucket. So many run at once; from then on one each
 * {@link #INTERVAL}.
 */
public final class Pacer {
  /** How long it takes until one more command may run. */
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

  /** A command has run; how long the next one waits, zero for not at all. */
  Duration ran(long millis) {
    tokens = Math.min(burst, tokens + (double) (millis - at) / INTERVAL.toMillis()) - 1;
    at = millis;
    return tokens >= 0 ? Duration.ZERO : INTERVAL;
  }
}
