package io.postern.imap.session;

import io.postern.config.LiveSettings;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.ImapPorts;
import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.Protocol;
import io.postern.wire.limits.WireLimits;
import io.vertx.core.buffer.Buffer;

/** Runs IMAP sessions on a listener (RFC 3501, RFC 9051). */
public final class ImapProtocol implements Protocol {
  private final ImapPorts ports;
  private final ServedExtensions served;

  public ImapProtocol(ImapPorts ports, ExtensionRegistry extensions) {
    this.ports = ports;
    this.served = new ServedExtensions(extensions, ports.live());
  }

  /** A refused literal that still arrives is read up to so many times the largest allowed. */
  static final int LITERALS_READ = 2;

  /** The resource limits of a user's connection by the settings. */
  public static WireLimits limits(LiveSettings settings) {
    return WireLimits.ofLine((int) settings.imap().maxCommandSize().asLongValue())
        .skippingLiterals(LITERALS_READ * settings.maxReceiveSize().asLongValue());
  }

  @Override
  public MailProtocol kind() {
    return MailProtocol.IMAP;
  }

  @Override
  public boolean literals() {
    return true;
  }

  @Override
  public Session open(Connection connection) {
    return new ImapSession(connection, ports, served);
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    return Farewells.line(reason);
  }
}
