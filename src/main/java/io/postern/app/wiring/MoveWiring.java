package io.postern.app.wiring;

import io.postern.auth.SessionRevocation;
import io.postern.config.BootSettings;
import io.postern.config.area.SiteSettings;
import io.postern.observe.meter.MoveMeters;
import io.postern.site.SiteCertificates;
import io.postern.site.move.MoveRequests;
import io.postern.site.move.MoveRunner;
import io.postern.site.move.MoveSites;
import io.postern.site.transfer.ArrivalCalls;
import io.postern.site.transfer.TransferClient;
import io.postern.store.postgres.move.PgArrivals;
import io.postern.store.postgres.move.PgDepartures;
import io.postern.store.postgres.move.PgMoveJobs;
import io.postern.store.postgres.tx.Tx;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.SSLOptions;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Wires moves of accounts between sites. */
final class MoveWiring {
  /** The name of the TLS configuration, in {@code quarkus.tls.site.…}. */
  private static final String TLS = "site";

  private static final Set<String> VERSION = Set.of("TLSv1.3");

  /** What this site needs to move accounts away; empty when there is one site only. */
  record Leaving(Optional<MoveSites> sites) {}

  @Produces
  @Singleton
  TransferClient client(Vertx vertx, BootSettings boot, TlsConfigurationRegistry certificates) {
    var settings = boot.site();
    return new TransferClient(
        vertx,
        SiteSettings.parseBackEnds(settings.transferBackEnds().orElse(List.of())),
        settings.connectTimeout(),
        () ->
            options(
                certificates
                    .get(TLS)
                    .map(TlsConfiguration::getSSLOptions)
                    .orElseGet(SSLOptions::new)),
        (session, site) ->
            !SiteCertificates.isExpired(session, Instant.now())
                && (!settings.enforceCertificateErrors()
                    || SiteCertificates.named(session, Set.of(site)).isPresent()));
  }

  private static HttpClientOptions options(SSLOptions tls) {
    var options =
        new HttpClientOptions()
            .setKeyCertOptions(tls.getKeyCertOptions())
            .setTrustOptions(tls.getTrustOptions())
            .setEnabledSecureTransportProtocols(VERSION);
    tls.getCrlPaths().forEach(options::addCrlPath);
    tls.getCrlValues().forEach(options::addCrlValue);
    return options;
  }

  void renewed(@Observes CertificateUpdatedEvent event, TransferClient client) {
    if (event.name().equals(TLS)) {
      client.renew();
    }
  }

  @Produces
  @Singleton
  Leaving leaving(
      Tx tx,
      BootSettings boot,
      SiteParts parts,
      TransferClient client,
      SessionRevocation revocation) {
    return new Leaving(
        parts
            .directory()
            .map(
                it ->
                    new MoveSites(
                        it.site(),
                        new PgDepartures(tx, it.site()),
                        new PgMoveJobs(tx),
                        client::arrivals,
                        it.homes(),
                        revocation::revoke,
                        boot.site().moveGrace())));
  }

  @Produces
  @Singleton
  MoveRequests requests(Leaving leaving) {
    return new MoveRequests(leaving.sites());
  }

  @Produces
  @Singleton
  MoveRunner runner(Leaving leaving, MoveMeters meters) {
    return new MoveRunner(leaving.sites(), meters);
  }

  /** Answers only where a port for other sites is open. */
  @Produces
  @Singleton
  ArrivalCalls calls(Tx tx, BootSettings boot) {
    return new ArrivalCalls(new PgArrivals(tx, boot.site().name().orElse("")));
  }
}
