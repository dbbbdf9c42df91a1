package io.postern.wire.transport;

import io.postern.wire.timer.TimerWheel;

/** Counts the octets that a client has sent. Written on the connection's context. */
public final class ReceivedOctets {
  private long octets;

  /** When the last octet arrived; {@link TimerWheel#millis}. Read by all threads. */
  private volatile long last = TimerWheel.millis();

  void add(int more) {
    last = TimerWheel.millis();
    octets += more;
  }

  public long octets() {
    return octets;
  }

  /** When the last octet arrived; {@link TimerWheel#millis}. Safe for all threads. */
  long last() {
    return last;
  }
}
