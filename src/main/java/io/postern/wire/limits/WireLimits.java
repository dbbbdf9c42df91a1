package io.postern.wire.limits;

import java.time.Duration;
import java.util.Optional;

/**
 * The bounds on what one connection may cost.
 *
 * @param line most octets of the text of one command, or of an awaited line; line ends are not
 *     counted
 * @param skippedText octets of text that are read in all to find the end of a command that is too
 *     long or refused; beyond, the connection is closed
 * @param skippedLiterals octets of literals that are read for the same purpose
 * @param stalled how long a literal or message data may pause, or a client take no output, before
 *     the connection is closed
 * @param farewell how long a closing connection may take to send its last output before it is cut
 * @param unauthenticated the bounds until a user has logged in; empty for a protocol without a
 *     login
 */
public record WireLimits(
    int line,
    long skippedText,
    long skippedLiterals,
    Duration stalled,
    Duration farewell,
    Optional<Unauthenticated> unauthenticated) {
  /** The default time that a running command has to finish when the server shuts down. */
  public static final Duration LAST_COMMAND = Duration.ofSeconds(15);

  /** Text that is too long is read up to this multiple of the line limit. */
  public static final int SKIPPED_LINES = 16;

  /** Message data is read up to this multiple of the octets that are taken of it. */
  public static final int DATA_READ = 2;

  /**
   * The bounds until a user has logged in.
   *
   * @param line most octets of the text of one command
   * @param longLine the same of a command that may be long, see {@code Protocol.Session.mayBeLong}
   * @param awaitedLine most octets of an awaited line, such as a SASL response
   * @param ahead octets that are read ahead of the running command
   * @param burst commands that run at once; each further one waits, see {@link Pacer}
   * @param budget octets that all unauthenticated connections together may keep in memory
   */
  public record Unauthenticated(
      int line, int longLine, int awaitedLine, int ahead, int burst, OctetBudget budget) {
    /** Octets of the text of a command. */
    public static final int LINE = 8 * 1024;

    /** Octets of a long one: 30 names of 30 octets with values of 1,024 (RFC 2971 §3.3). */
    public static final int LONG_LINE = 32 * 1024;

    /** 8 KiB lines, 16 KiB for SASL (RFC 5034 §4 asks for room for tickets and tokens). */
    public static Unauthenticated of(OctetBudget budget) {
      return new Unauthenticated(LINE, LONG_LINE, 16 * 1024, 8 * 1024, 25, budget);
    }
  }

  /** Five minutes for stalls (RFC 5321 §4.5.3.2.5 gives data three), five seconds to close. */
  public static WireLimits ofLine(int line) {
    return new WireLimits(
        line,
        (long) SKIPPED_LINES * line,
        0,
        Duration.ofMinutes(5),
        Duration.ofSeconds(5),
        Optional.empty());
  }

  /** The same limits with so many octets of refused literals read. */
  public WireLimits skippingLiterals(long octets) {
    return new WireLimits(line, skippedText, octets, stalled, farewell, unauthenticated);
  }

  /** The same limits with this time for stalls. */
  public WireLimits stalled(Duration time) {
    return new WireLimits(line, skippedText, skippedLiterals, time, farewell, unauthenticated);
  }

  /** The same limits with these bounds until a user has logged in. */
  public WireLimits untilLogin(Unauthenticated limits) {
    return new WireLimits(
        line, skippedText, skippedLiterals, stalled, farewell, Optional.of(limits));
  }

  /**
   * The bounds on one command.
   *
   * @param authenticated whether a user has logged in
   * @param awaited whether a command awaits the line
   */
  CommandLimits framing(boolean authenticated, boolean awaited) {
    if (authenticated || unauthenticated.isEmpty()) {
      return new CommandLimits(line, line, skippedText, skippedLiterals);
    }
    var strict = unauthenticated.get();
    int most = Math.min(line, awaited ? strict.awaitedLine : strict.line);
    int longest = awaited ? most : Math.min(line, strict.longLine);
    long skipped = (long) SKIPPED_LINES * most;
    return new CommandLimits(most, longest, skipped, Math.min(skippedLiterals, skipped));
  }
}
