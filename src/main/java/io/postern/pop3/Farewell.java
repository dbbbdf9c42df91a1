package io.postern.pop3;

import io.postern.wire.CloseReason;
import io.vertx.core.buffer.Buffer;

/** The last response before the server closes a connection. */
final class Farewell {
  private Farewell() {}

  static Buffer of(CloseReason reason) {
    return switch (reason) {
      // RFC 1939 §3: at a time-out nothing is sent
      case CLIENT, LOGOUT, LOGIN_TIMEOUT, IDLE_TIMEOUT, STALLED -> Buffer.buffer();
      case ERRORS, NOT_COMPRESSED -> Buffer.buffer("-ERR Too many errors\r\n");
      case LOGINS_REFUSED -> Buffer.buffer("-ERR [AUTH] Too many logins were refused\r\n");
      case TOO_LARGE -> Buffer.buffer("-ERR The line is too long to be read\r\n");
      case ADDRESS_FULL ->
          temporary("Too many connections from your address; please try again later");
      case FULL -> temporary("Too many connections; please try again later");
      // RFC 3206 §4
      case DENIED ->
          Buffer.buffer("-ERR [SYS/PERM] Connections from this address are not accepted\r\n");
      case EVICTED -> temporary("A newer session replaces this one");
      case SHUTDOWN -> temporary("The service is shutting down; please connect again");
      case REVOKED -> temporary("The session is ended");
      case HOME_LOST -> temporary("Your maildrop cannot be reached now; please connect again");
      case FAULT -> temporary("The server failed");
    };
  }

  private static Buffer temporary(String text) {
    return Buffer.buffer("-ERR [SYS/TEMP] " + text + "\r\n");
  }
}
