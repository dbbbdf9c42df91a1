package io.postern.wire;

/** What is under way on a connection, since when, and how long its command has run. */
final class CommandClock {
  private Phase phase = Phase.ARRIVING;
  private long since = Wheel.millis();

  /** Nanoseconds that the command has run, its waits for the client left aside. */
  private long work;

  private long ranSince;

  Phase phase() {
    return phase;
  }

  /** Since when the phase lasts; {@link Wheel#millis}. */
  long since() {
    return since;
  }

  /** The client has sent something of what the phase waits for. */
  void progressed() {
    since = Wheel.millis();
  }

  /** A command begins, which has not waited for room in the outbox so far. */
  void begin(long waitedNanos) {
    work = -waitedNanos;
  }

  /** Nanoseconds that it ran, when it has waited for room so long in all. */
  long work(long waitedNanos) {
    return work + waitedNanos;
  }

  void enter(Phase next) {
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
  void needsCommand(String what) {
    if (phase != Phase.RUNNING) {
      throw new IllegalStateException(what + " while no command runs: " + phase);
    }
  }
}
