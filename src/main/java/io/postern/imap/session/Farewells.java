package io.postern.imap.session;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.ResponseEncoder;
import io.postern.imap.response.ResponseText;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.wire.CloseReason;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** What the server sends before it closes a connection (RFC 3501 §7.1.5). */
final class Farewells {
  private Farewells() {}

  /** The BYE for a reason, as a line; empty when the client has it already, or closed itself. */
  static Buffer line(CloseReason reason) {
    var line = new ResponseText();
    of(reason).ifPresent(bye -> new ResponseEncoder().tagged(ParsedRequest.NO_TAG, bye, line));
    return line.buffer();
  }

  private static Optional<StatusResponse> of(CloseReason reason) {
    return switch (reason) {
      case CLIENT, LOGOUT -> Optional.empty();
      case LOGIN_TIMEOUT -> bye("No login for too long.");
      case IDLE_TIMEOUT -> bye("No command for too long.");
      case STALLED -> bye("The connection stalled.");
      case ERRORS -> bye("Too many errors.");
      case NOT_COMPRESSED -> bye("What was sent cannot be decompressed.");
      case LOGINS_REFUSED -> bye("Too many logins were refused.");
      case TOO_LARGE -> bye("The command is too large to be read.");
      case FULL -> unavailable("Too many connections; please try again later.");
      case ADDRESS_FULL ->
          unavailable("Too many connections from your address; please try again later.");
      case DENIED -> bye("Connections from this address are not accepted.");
      case EVICTED -> unavailable("A newer session of yours replaces this one.");
      case SHUTDOWN -> unavailable("The service is shutting down; please connect again.");
      case REVOKED -> bye("The session was ended by the administrator.");
      case HOME_LOST -> unavailable("Your mailbox cannot be reached now; please connect again.");
      case FAULT -> bye("SERVERBUG", "The server failed.");
    };
  }

  private static Optional<StatusResponse> unavailable(String text) {
    return bye("UNAVAILABLE", text);
  }

  private static Optional<StatusResponse> bye(String code, String text) {
    return Optional.of(StatusResponse.of(Condition.BYE, new ResponseCode.Atom(code), text));
  }

  private static Optional<StatusResponse> bye(String text) {
    return Optional.of(StatusResponse.of(Condition.BYE, text));
  }
}
