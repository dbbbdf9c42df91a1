package io.postern.wire.registry;

import io.postern.model.MailProtocol;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of a session at one moment.
 *
 * @param id its identifier in logs
 * @param user the logged-in user
 * @param client the name that the client's program gives itself
 */
public record SessionInfo(
    String id,
    MailProtocol protocol,
    SocketAddress remote,
    SocketAddress local,
    boolean secure,
    Instant since,
    Optional<String> user,
    Optional<String> client) {

  SessionInfo withUser(String name) {
    return new SessionInfo(id, protocol, remote, local, secure, since, Optional.of(name), client);
  }

  SessionInfo withoutUser() {
    return new SessionInfo(id, protocol, remote, local, secure, since, Optional.empty(), client);
  }

  SessionInfo withTls() {
    return new SessionInfo(id, protocol, remote, local, true, since, user, client);
  }

  SessionInfo withClient(String program) {
    return new SessionInfo(id, protocol, remote, local, secure, since, user, Optional.of(program));
  }
}
