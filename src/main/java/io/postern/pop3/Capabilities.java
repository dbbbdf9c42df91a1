package io.postern.pop3;

import io.postern.auth.Client;
import io.postern.auth.Mechanisms;
import io.postern.config.area.Pop3Settings;
import io.postern.model.Home;
import io.postern.model.MailProtocol;
import io.postern.wire.Connection;
import io.postern.wire.HandOver;
import io.postern.wire.SiteLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The CAPA response (RFC 2449 §6), and the login methods that a connection offers. */
final class Capabilities {
  private final Connection connection;
  private final Pop3Ports ports;

  Capabilities(Connection connection, Pop3Ports ports) {
    this.connection = connection;
    this.ports = ports;
  }

  /** The lines of the response. */
  List<String> lines(boolean loggedIn) {
    var lines = new ArrayList<>(List.of("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE"));
    lines.addAll(List.of("PIPELINING", "EXPIRE NEVER", "UTF8", "LANG"));
    long delay = settings().loginDelay().toSeconds();
    if (delay > 0) {
      lines.add("LOGIN-DELAY " + delay);
    }
    var offer = offer();
    if (offer.password()) {
      lines.add("USER");
    }
    if (!offer.names().isEmpty()) {
      lines.add("SASL " + String.join(" ", offer.names()));
    }
    // RFC 2595 §4: in AUTHORIZATION only
    if (!loggedIn && connection.canStartTls()) {
      lines.add("STLS");
    }
    lines.add("IMPLEMENTATION Postern");
    return lines;
  }

  /** The login methods that the connection offers in its present state. */
  Mechanisms.Offer offer() {
    return ports.mechanisms().offer(client());
  }

  /** The client as {@code auth} describes it. */
  Client client() {
    return new Client(
        connection.id(),
        MailProtocol.POP3,
        String.valueOf(connection.remote().hostAddress()),
        connection.secure(),
        connection.tls(),
        front(connection.sites()));
  }

  private static Optional<Client.Front> front(SiteLink sites) {
    return sites
        .front()
        .map(site -> new Client.Front(site, sites.handOver().map(Capabilities::handOver)));
  }

  private static Client.HandOver handOver(HandOver handOver) {
    return new Client.HandOver(handOver.user(), handOver.home().map(Home::epoch).orElse(0L));
  }

  private Pop3Settings settings() {
    return ports.live().now().pop3();
  }
}
