package io.postern.wire;

import java.time.Duration;

/**
 * How much a connection may cost.
 *
 * @param line octets that the text of one command, or an awaited line, may have; line ends are not
 *     counted
 * @param stalled how long a literal or message data may pause, or a client take none of the output,
 *     before the connection is closed
 * @param farewell how long a closed connection may take for its last output before it is cut
 */
public record WireLimits(int line, Duration stalled, Duration farewell) {
  /** How long a command that runs when the server goes away may take, if nobody says otherwise. */
  static final Duration LAST_COMMAND = Duration.ofSeconds(15);

  /** Five minutes for what stalls (RFC 5321 §4.5.3.2.5 gives data three), five seconds to go. */
  public static WireLimits ofLine(int line) {
    return new WireLimits(line, Duration.ofMinutes(5), Duration.ofSeconds(5));
  }
}
