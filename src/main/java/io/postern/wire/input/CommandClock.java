package io.postern.wire.input;

import io.postern.wire.timer.TimerWheel;

/** Tracks the phase of a connection, since when it lasts, and how long its command has run. */
public final class CommandClock {
  private Phase phase = Phase.ARRIVING;
  private long since = TimerWheel.millis();

  /** Nanoseconds that the command has run, without its waits for the client. */
  private long work;

  private long ranSince;

  public Phase phase() {
    return phase;
  }

  /** When the phase began, or the client last made progress in it; {@link TimerWheel#millis}. */
  public long since() {
    return since;
  }

  /** Records that the client has sent part of what the phase waits for. */
  public void progressed() {
    since = TimerWheel.millis();
  }

  /** Begins a command; the connection has waited so long for room in the outbox before it. */
  public void begin(long waitedNanos) {
    work = -waitedNanos;
  }

  /** Nanoseconds that the command ran, given how long the connection waited for room in all. */
  public long work(long waitedNanos) {
    return work + waitedNanos;
  }

  public void enter(Phase next) {
    if (phase == Phase.RUNNING) {
      work += System.nanoTime() - ranSince;
    }
    if (next == Phase.RUNNING) {
      ranSince = System.nanoTime();
    }
    phase = next;
    progressed();
  }

  /** Fails when no command runs. */
  public void needsCommand(String what) {
    if (phase != Phase.RUNNING) {
      throw new IllegalStateException(what + " while no command runs: " + phase);
    }
  }
}
