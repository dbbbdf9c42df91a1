package io.postern.pop3;

import io.postern.wire.Connection;
import io.postern.wire.Protocol;

/** POP3 on a listener (RFC 1939). */
public final class Pop3Protocol implements Protocol {
  /**
   * Octets that a line of a SASL exchange, or AUTH with its initial response, may have. Other
   * commands are held to {@code mail.pop3.max-command-size} by the session.
   */
  public static final int LINE = 16 * 1024;

  private final Pop3Ports ports;

  public Pop3Protocol(Pop3Ports ports) {
    this.ports = ports;
  }

  @Override
  public String name() {
    return "pop3";
  }

  @Override
  public boolean literals() {
    return false;
  }

  @Override
  public Session open(Connection connection) {
    return new Pop3Session(connection, ports);
  }
}
