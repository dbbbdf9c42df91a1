package io.postern.observe.protocol;

import io.postern.model.MailProtocol;
import io.postern.wire.Request;
import io.postern.wire.registry.CommandRecord;
import io.postern.wire.registry.SessionInfo;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sessions and commands as tests of the protocol log use them. */
final class LoggedSessions {
  private LoggedSessions() {}

  /** A session of alice@example.test from 192.0.2.7. */
  static SessionInfo alice(MailProtocol protocol) {
    return session(protocol, Optional.of("alice@example.test"));
  }

  static SessionInfo session(MailProtocol protocol, Optional<String> user) {
    return new SessionInfo(
        "00f1e2d3c4b5a697",
        protocol,
        SocketAddress.inetSocketAddress(50123, "192.0.2.7"),
        SocketAddress.inetSocketAddress(993, "192.0.2.1"),
        true,
        Instant.EPOCH,
        user,
        Optional.empty(),
        Optional.empty());
  }

  /** A command of one line. */
  static CommandRecord command(long number, String name, String line) {
    return new CommandRecord(
        number, name, "ok", new Request(List.of(Buffer.buffer(line)), List.of()), 1_000_000, 9);
  }
}
