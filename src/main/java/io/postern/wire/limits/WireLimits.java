package io.postern.wire.limits;

import io.postern.wire.input.Framer;
import java.time.Duration;
import java.util.Optional;

/**
 * How much a connection may cost.
 *
 * @param line octets that the text of one command, or an awaited line, may have; line ends are not
 *     counted
 * @param skippedText octets of text that are read in all to find the end of a command that is too
 *     long or refused; beyond, the connection is closed
 * @param skippedLiterals octets of literals that are read for the same purpose
 * @param stalled how long a literal or message data may pause, or a client take none of the output,
 *     before the connection is closed
 * @param farewell how long a closed connection may take for its last output before it is cut
 * @param unauthenticated what holds instead until a user has logged in; empty for a protocol
 *     without a login
 */
public record WireLimits(
    int line,
    long skippedText,
    long skippedLiterals,
    Duration stalled,
    Duration farewell,
    Optional<Unauthenticated> unauthenticated) {
  /** How long a command that runs when the server goes away may take, if nobody says otherwise. */
  public static final Duration LAST_COMMAND = Duration.ofSeconds(15);

  /** So many times the octets of a line are read of a text that is too long. */
  public static final int SKIPPED_LINES = 16;

  /** Message data is read up to so many times the octets that are taken of it. */
  public static final int DATA_READ = 2;

  /**
   * What holds until a user has logged in.
   *
   * @param line octets that the text of one command may have
   * @param awaitedLine octets that an awaited line may have, such as a SASL response
   * @param ahead octets that are read ahead of the command that runs
   * @param burst commands that are run at once; each further one waits, see {@link Pacer}
   * @param budget octets that all unauthenticated connections together may keep in memory
   */
  public record Unauthenticated(
      int line, int awaitedLine, int ahead, int burst, OctetBudget budget) {
    /** 8 KiB lines, 16 KiB for SASL (RFC 5034 §4 wants room for tickets and tokens). */
    public static Unauthenticated of(OctetBudget budget) {
      return new Unauthenticated(8 * 1024, 16 * 1024, 8 * 1024, 25, budget);
    }
  }

  /** Five minutes for what stalls (RFC 5321 §4.5.3.2.5 gives data three), five seconds to go. */
  public static WireLimits ofLine(int line) {
    return new WireLimits(
        line,
        (long) SKIPPED_LINES * line,
        0,
        Duration.ofMinutes(5),
        Duration.ofSeconds(5),
        Optional.empty());
  }

  /** With so many octets of refused literals read. */
  public WireLimits skippingLiterals(long octets) {
    return new WireLimits(line, skippedText, octets, stalled, farewell, unauthenticated);
  }

  /** With this time for what stalls. */
  public WireLimits stalled(Duration time) {
    return new WireLimits(line, skippedText, skippedLiterals, time, farewell, unauthenticated);
  }

  /** With this until a user has logged in. */
  public WireLimits untilLogin(Unauthenticated limits) {
    return new WireLimits(
        line, skippedText, skippedLiterals, stalled, farewell, Optional.of(limits));
  }

  /**
   * How much is read of one command.
   *
   * @param authenticated whether a user has logged in
   * @param awaited whether the line is one that a command awaits
   */
  Framer.Limits framing(boolean authenticated, boolean awaited) {
    if (authenticated || unauthenticated.isEmpty()) {
      return new Framer.Limits(line, skippedText, skippedLiterals);
    }
    var strict = unauthenticated.get();
    int most = Math.min(line, awaited ? strict.awaitedLine : strict.line);
    long skipped = (long) SKIPPED_LINES * most;
    return new Framer.Limits(most, skipped, Math.min(skippedLiterals, skipped));
  }
}
