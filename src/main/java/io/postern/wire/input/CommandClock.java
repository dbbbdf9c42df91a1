package io.postern.wire.input;

import io.postern.wire.timer.TimerWheel;

/** What is under way on a connection, since when, and how long its command has run. */
public final class CommandClock {
  private Phase phase = Phase.ARRIVING;
  private long since = TimerWheel.millis();

  /** Nanoseconds that the command has run, its waits for the client left aside. */
  private long work;

  private long ranSince;

  public Phase phase() {
    return phase;
  }

  /** Since when the phase lasts; {@link TimerWheel#millis}. */
  public long since() {
    return since;
  }

  /** The client has sent something of what the phase waits for. */
  public void progressed() {
    since = TimerWheel.millis();
  }

  /** A command begins, which has not waited for room in the outbox so far. */
  public void begin(long waitedNanos) {
    work = -waitedNanos;
  }

  /** Nanoseconds that it ran, when it has waited for room so long in all. */
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
