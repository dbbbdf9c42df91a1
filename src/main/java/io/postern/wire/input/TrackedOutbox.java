package io.postern.wire.input;

import io.postern.wire.Outbox;

/** An outbox that tracks how long its writers wait for room. On the connection's context. */
public interface TrackedOutbox extends Outbox {
  /** The total time that writers waited for room, nanoseconds. */
  long waitedNanos();

  /** Fails all waits for room: the connection has ended. */
  void cancelWaits();
}
