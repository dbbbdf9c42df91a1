package io.postern.lmtp;

import io.postern.wire.CloseReason;
import io.vertx.core.buffer.Buffer;

/** The last reply before the server closes a connection. */
final class Farewell {
  private Farewell() {}

  static Buffer of(CloseReason reason) {
    return switch (reason) {
      case CLIENT, LOGOUT -> Buffer.buffer();
      case LOGIN_TIMEOUT, IDLE_TIMEOUT, STALLED -> closing("4.4.2", "The connection timed out");
      case ERRORS, NOT_COMPRESSED, LOGINS_REFUSED -> closing("4.7.0", "Too many errors");
      case TOO_LARGE -> closing("4.7.0", "A line or message is too long to be read");
      case FULL, ADDRESS_FULL -> closing("4.3.2", "Too many connections; try again later");
      // RFC 5321 §3.1
      case DENIED ->
          Buffer.buffer(
              LmtpReply.of(554, "5.7.1", "Connections from this address are not accepted").text());
      case SHUTDOWN, REVOKED, EVICTED, HOME_LOST ->
          closing("4.3.2", "The service closes this session; try again later");
      case FAULT -> closing("4.3.0", "Internal server error");
    };
  }

  // RFC 5321 §3.8: a server that closes the connection on its own replies 421
  private static Buffer closing(String enhanced, String text) {
    return Buffer.buffer(LmtpReply.of(421, enhanced, text).text());
  }
}
