package io.postern.wire.registry;

/** The octets that a connection has transferred. On the connection's context. */
public interface Traffic {
  /** Octets received from the client. */
  long octetsIn();

  /** Octets sent to the client. */
  long octetsOut();

  /** Octets written so far, including those that wait to be sent. */
  long octetsWritten();

  /** When the last octet arrived, in milliseconds of {@code TimerWheel}. Safe for all threads. */
  long lastInput();
}
