package io.postern.pop3;

import io.postern.auth.Sasl;
import io.postern.config.Pop3Settings;
import io.postern.wire.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What CAPA says (RFC 2449 §6), and whether a password may be given. */
final class Capabilities {
  private final Connection connection;
  private final Pop3Ports ports;

  Capabilities(Connection connection, Pop3Ports ports) {
    this.connection = connection;
    this.ports = ports;
  }

  /** The lines of the answer. */
  List<String> lines(boolean loggedIn) {
    var lines = new ArrayList<>(List.of("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE"));
    lines.addAll(List.of("PIPELINING", "EXPIRE NEVER", "UTF8", "LANG"));
    long delay = settings().loginDelay().toSeconds();
    if (delay > 0) {
      lines.add("LOGIN-DELAY " + delay);
    }
    if (mayGivePassword()) {
      lines.add("USER");
    }
    var mechanisms = mechanisms();
    if (!mechanisms.isEmpty()) {
      lines.add(
          "SASL " + mechanisms.stream().map(Sasl.Mechanism::name).collect(Collectors.joining(" ")));
    }
    // RFC 2595 §4: in AUTHORIZATION only
    if (!loggedIn && connection.canStartTls()) {
      lines.add("STLS");
    }
    lines.add("IMPLEMENTATION Postern");
    return lines;
  }

  /** The mechanisms that may be used on this connection as it is. */
  List<Sasl.Mechanism> mechanisms() {
    return ports.mechanisms().stream()
        .filter(mechanism -> !mechanism.plainText() || mayGivePassword())
        .toList();
  }

  boolean mayGivePassword() {
    return connection.secure()
        || switch (settings().plainTextLogin()) {
          case NEVER -> false;
          case LOOPBACK -> isLoopback();
          case ALWAYS -> true;
        };
  }

  private boolean isLoopback() {
    var host = String.valueOf(connection.remote().hostAddress());
    return host.startsWith("127.")
        || host.equals("::1")
        || host.startsWith("0:0:0:0:0:0:0:1")
        || host.startsWith("::ffff:127.");
  }

  private Pop3Settings settings() {
    return ports.live().now().pop3();
  }
}
