package io.postern.wire.transport;

import io.postern.wire.timer.TimerWheel;

/** Counts the octets that a client sends. Written on the connection's context. */
public final class ReceivedOctets {
  private long octets;

  /** When an octet last came; {@link TimerWheel#millis}. Read by all threads. */
  private volatile long last = TimerWheel.millis();

  void add(int more) {
    last = TimerWheel.millis();
    octets += more;
  }

  public long octets() {
    return octets;
  }

  /** When an octet last came; {@link TimerWheel#millis}. Safe for all threads. */
  long last() {
    return last;
  }
}
