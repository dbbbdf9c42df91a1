package io.postern.wire.registry;

import io.postern.model.MailProtocol;
import io.postern.wire.HandOver;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of a session at one moment.
 *
 * @param id its identifier in logs; of a connection that another site passes on, the identifier
 *     there
 * @param user the logged-in user
 * @param client the name that the client's program gives itself
 * @param home the name of the site to which the connection is passed on
 */
public record SessionInfo(
    String id,
    MailProtocol protocol,
    SocketAddress remote,
    SocketAddress local,
    boolean secure,
    Instant since,
    Optional<String> user,
    Optional<String> client,
    Optional<String> home) {

  SessionInfo withUser(String name) {
    return with(secure, Optional.of(name), client, home);
  }

  SessionInfo withoutUser() {
    return with(secure, Optional.empty(), client, home);
  }

  SessionInfo withTls() {
    return with(true, user, client, home);
  }

  SessionInfo withClient(String program) {
    return with(secure, user, Optional.of(program), home);
  }

  SessionInfo withHome(String name, String site) {
    return with(secure, Optional.of(name), client, Optional.of(site));
  }

  SessionInfo withClientOf(HandOver handOver) {
    return new SessionInfo(
        handOver.session(),
        protocol,
        handOver.remote(),
        handOver.local(),
        secure,
        since,
        user,
        client,
        home);
  }

  private SessionInfo with(
      boolean tls, Optional<String> name, Optional<String> program, Optional<String> site) {
    return new SessionInfo(id, protocol, remote, local, tls, since, name, program, site);
  }
}
