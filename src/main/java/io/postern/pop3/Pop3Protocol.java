package io.postern.pop3;

import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.Protocol;
import io.vertx.core.buffer.Buffer;

/** Runs POP3 sessions on a listener (RFC 1939). */
public final class Pop3Protocol implements Protocol {
  /**
   * Octets that a line of a SASL exchange, or AUTH with its initial response, may have. The session
   * limits other commands to {@code mail.pop3.max-command-size}.
   */
  public static final int LINE = 16 * 1024;

  private final Pop3Ports ports;

  public Pop3Protocol(Pop3Ports ports) {
    this.ports = ports;
  }

  @Override
  public MailProtocol kind() {
    return MailProtocol.POP3;
  }

  @Override
  public boolean literals() {
    return false;
  }

  @Override
  public Session open(Connection connection) {
    return new Pop3Session(connection, ports);
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    return Farewell.of(reason);
  }
}
