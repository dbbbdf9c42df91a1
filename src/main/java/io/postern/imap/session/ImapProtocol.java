package io.postern.imap.session;

import io.postern.config.LiveSettings;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.ImapPorts;
import io.postern.model.MailProtocol;
import io.postern.wire.Connection;
import io.postern.wire.Protocol;
import io.postern.wire.limits.WireLimits;
import java.util.List;

/** Runs IMAP4rev1 sessions on a listener (RFC 3501). */
public final class ImapProtocol implements Protocol {
  private final ImapPorts ports;
  private final ExtensionRegistry extensions;
  private volatile Enabled enabled;

  /** The extensions that are served while these capabilities are disabled. */
  private record Enabled(List<String> disabled, ExtensionRegistry extensions) {}

  public ImapProtocol(ImapPorts ports, ExtensionRegistry extensions) {
    this.ports = ports;
    this.extensions = extensions;
    this.enabled = new Enabled(List.of(), extensions);
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
    return new ImapSession(connection, ports, enabled());
  }

  /** Computed again when the setting has changed; by several threads, to the same result. */
  private ExtensionRegistry enabled() {
    var disabled = ports.live().now().imap().disabledCapabilities().orElse(List.of());
    var last = enabled;
    if (!last.disabled.equals(disabled)) {
      last = new Enabled(disabled, extensions.without(disabled));
      enabled = last;
    }
    return last.extensions;
  }
}
