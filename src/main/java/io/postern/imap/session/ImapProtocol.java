package io.postern.imap.session;

import io.postern.wire.Connection;
import io.postern.wire.Protocol;

/** IMAP4rev1 on a listener (RFC 3501). */
public final class ImapProtocol implements Protocol {
  private final Ports ports;
  private final Vocabulary vocabulary;

  public ImapProtocol(Ports ports, Vocabulary vocabulary) {
    this.ports = ports;
    this.vocabulary = vocabulary;
  }

  @Override
  public String name() {
    return "imap";
  }

  @Override
  public boolean literals() {
    return true;
  }

  @Override
  public Session open(Connection connection) {
    return new ImapSession(connection, ports, vocabulary);
  }
}
