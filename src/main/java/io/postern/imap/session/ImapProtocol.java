package io.postern.imap.session;

import io.postern.config.LiveSettings;
import io.postern.wire.Connection;
import io.postern.wire.Protocol;
import io.postern.wire.limits.WireLimits;

/** IMAP4rev1 on a listener (RFC 3501). */
public final class ImapProtocol implements Protocol {
  private final ImapPorts ports;
  private final ExtensionRegistry extensions;

  public ImapProtocol(ImapPorts ports, ExtensionRegistry extensions) {
    this.ports = ports;
    this.extensions = extensions;
  }

  /** A literal that is refused and comes in any case is read up to so many times the largest. */
  static final int LITERALS_READ = 2;

  /** How much a connection of users may cost by the settings. */
  public static WireLimits limits(LiveSettings settings) {
    return WireLimits.ofLine((int) settings.imap().maxCommandSize().asLongValue())
        .skippingLiterals(LITERALS_READ * settings.maxReceiveSize().asLongValue());
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
    return new ImapSession(connection, ports, extensions);
  }
}
