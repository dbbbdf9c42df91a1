package io.postern.app.wiring;

import io.postern.admission.AdmissionControl;
import io.postern.auth.LoginPolicy;
import io.postern.auth.SessionRevocation;
import io.postern.config.Live;
import io.postern.config.component.ProtocolLogRequests;
import io.postern.limits.AdmissionMeter;
import io.postern.limits.AdmissionService;
import io.postern.limits.ClusterBus;
import io.postern.limits.SharedProtocolLogRequests;
import io.postern.limits.SharedSessionRevocation;
import io.postern.model.MailProtocol;
import io.postern.observe.log.AuditLog;
import io.postern.store.account.Access;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.postern.store.content.ContentCache;
import io.postern.store.rendering.Renditions;
import io.postern.wire.registry.SessionRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Wires admission, limits and session revocation, which the replicas share through Redis. */
final class LimitsWiring {
  @Produces
  @Singleton
  ClusterBus clusterBus(
      Vertx vertx,
      RedisEndpoints endpoints,
      Instance<Redis> client,
      @ConfigProperty(name = "quarkus.redis.hosts") Optional<List<String>> hosts) {
    return new ClusterBus(vertx, hosts.isEmpty() ? List.of() : endpoints.of(client));
  }

  void close(@Disposes ClusterBus bus) {
    bus.close();
  }

  @Produces
  @Singleton
  @Typed(AdmissionService.class)
  AdmissionService admissionService(
      Live live, ClusterBus bus, SessionRegistry sessions, AdmissionMeter meter) {
    return new AdmissionService(live, bus, sessions, meter);
  }

  @Produces
  @Singleton
  ProtocolLogRequests protocolLogRequests(ClusterBus bus, InstantSource clock) {
    return new SharedProtocolLogRequests(bus, clock);
  }

  /** Depends on the session revocation, so that it is active from the first connection on. */
  @Produces
  @Singleton
  AdmissionControl admissionControl(
      AdmissionService admissionService, SessionRevocation revocation) {
    return admissionService;
  }

  /** The audit log wraps the admission service and records its decisions. */
  @Produces
  @Singleton
  LoginPolicy loginPolicy(AdmissionService admissionService, SessionRegistry sessions) {
    return new AuditLog(admissionService, sessions);
  }

  @Produces
  @Singleton
  SessionRevocation sessionRevocation(
      ClusterBus bus,
      AdmissionService admissionService,
      SessionRegistry sessions,
      Accounts accounts,
      ContentCache contents,
      Renditions renditions,
      AdmissionMeter meter) {
    var revocation =
        new SharedSessionRevocation(
            bus,
            admissionService,
            sessions,
            (user, protocol) ->
                accounts
                    .find(user)
                    .map(found -> found.map(Account::access))
                    .map(access -> access.filter(it -> permits(it, protocol)).isPresent()),
            meter);
    revocation.onDeletion(
        account -> {
          contents.drop(account);
          renditions.drop(account);
        });
    return revocation;
  }

  private static boolean permits(Access access, MailProtocol protocol) {
    return access.enabled() && !access.administrator() && access.opens(protocol);
  }
}
