package io.postern.app;

import io.postern.auth.Gate;
import io.postern.auth.Kicks;
import io.postern.cluster.CrowdMeter;
import io.postern.cluster.Gatekeeper;
import io.postern.cluster.Kicking;
import io.postern.cluster.Link;
import io.postern.config.Live;
import io.postern.observe.Audit;
import io.postern.store.Access;
import io.postern.store.Account;
import io.postern.store.Accounts;
import io.postern.wire.Sessions;
import io.postern.wire.door.Doorman;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Who may come in, and who has to go: what the replicas agree on through Redis. */
final class ClusterWiring {
  @Produces
  @Singleton
  Link link(
      Vertx vertx,
      RedisPlaces places,
      Instance<Redis> client,
      @ConfigProperty(name = "quarkus.redis.hosts") Optional<List<String>> hosts) {
    return new Link(vertx, hosts.isEmpty() ? List.of() : places.of(client));
  }

  void close(@Disposes Link link) {
    link.close();
  }

  @Produces
  @Singleton
  @Typed(Gatekeeper.class)
  Gatekeeper gatekeeper(Live live, Link link, Sessions sessions, CrowdMeter meter) {
    return new Gatekeeper(live, link, sessions, meter);
  }

  /** The kicks come along: they are to be heard from the first connection on. */
  @Produces
  @Singleton
  Doorman doorman(Gatekeeper gatekeeper, Kicks kicks) {
    return gatekeeper;
  }

  /** The audit stands behind all who refuse, and writes what they said. */
  @Produces
  @Singleton
  Gate gate(Gatekeeper gatekeeper, Sessions sessions) {
    return new Audit(gatekeeper, sessions);
  }

  @Produces
  @Singleton
  Kicks kicks(
      Link link, Gatekeeper gatekeeper, Sessions sessions, Accounts accounts, CrowdMeter meter) {
    return new Kicking(
        link,
        gatekeeper,
        sessions,
        (user, protocol) ->
            accounts
                .find(user)
                .map(found -> found.map(Account::access))
                .map(access -> access.filter(it -> permits(it, protocol)).isPresent()),
        meter);
  }

  private static boolean permits(Access access, String protocol) {
    return access.enabled()
        && !access.administrator()
        && switch (protocol) {
          case "imap" -> access.imap();
          case "pop3" -> access.pop();
          default -> true;
        };
  }
}
