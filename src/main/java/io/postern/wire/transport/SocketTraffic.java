package io.postern.wire.transport;

import io.postern.wire.registry.Traffic;
import io.postern.wire.timer.TimerWheel;

/** Counts the octets of a socket. Written on the connection's context. */
final class SocketTraffic implements Traffic {
  private final SocketOutbox out;
  private long octetsIn;

  /** When the last octet arrived; {@link TimerWheel#millis}. Read by all threads. */
  private volatile long lastInput = TimerWheel.millis();

  SocketTraffic(SocketOutbox out) {
    this.out = out;
  }

  /** Counts octets that have arrived. */
  void received(int octets) {
    lastInput = TimerWheel.millis();
    octetsIn += octets;
  }

  @Override
  public long octetsIn() {
    return octetsIn;
  }

  @Override
  public long octetsOut() {
    return out.octets();
  }

  @Override
  public long octetsWritten() {
    return out.written();
  }

  @Override
  public long lastInput() {
    return lastInput;
  }
}
