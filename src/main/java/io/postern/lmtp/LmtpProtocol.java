package io.postern.lmtp;

import io.postern.config.Live;
import io.postern.config.net.Networks;
import io.postern.model.MailProtocol;
import io.postern.wire.Connection;
import io.postern.wire.Protocol;
import java.util.function.Supplier;

/** Runs LMTP sessions on a listener (RFC 2033). */
public final class LmtpProtocol implements Protocol {
  private final Live live;
  private final Supplier<Networks> trustedNetworks;
  private final Delivery delivery;
  private final String ownName;

  /**
   * The protocol that all LMTP sessions of a node share.
   *
   * @param ownName the server's name when the settings give none
   */
  public LmtpProtocol(Live live, Delivery delivery, String ownName) {
    this.live = live;
    this.trustedNetworks =
        live.derived(settings -> Networks.parse(settings.lmtp().trustedNetworks()));
    this.delivery = delivery;
    this.ownName = ownName;
  }

  @Override
  public MailProtocol kind() {
    return MailProtocol.LMTP;
  }

  @Override
  public boolean literals() {
    return false;
  }

  @Override
  public Session open(Connection connection) {
    return new LmtpSession(connection, live, trustedNetworks, delivery, ownName);
  }
}
