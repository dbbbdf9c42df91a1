package io.postern.site.move;

import java.time.Duration;

/** Counts moves of accounts. Called from any thread; must be quick. */
public interface MoveMeter {
  /** How a run ended. */
  enum Outcome {
    /** The account is in use at the other site. */
    MOVED,
    /** The run cannot go on now; the move is tried again. */
    POSTPONED,
    CANCELLED,
    FAILED
  }

  /** A run ended. */
  default void ended(Outcome outcome) {}

  /** An account was frozen for so long, until it was open at the other site. */
  default void frozen(Duration time) {}

  /** Contents were copied. */
  default void copied(long contents, long octets) {}

  /** Counts nothing. */
  MoveMeter NONE = new MoveMeter() {};
}
