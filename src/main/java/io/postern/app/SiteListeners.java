package io.postern.app;

import io.postern.app.ListenerPlan.PlannedListener;
import io.postern.app.tls.TlsEngines;
import io.postern.config.BootSettings;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.area.SiteSettings;
import io.postern.config.net.Endpoint;
import io.postern.model.MailProtocol;
import io.postern.site.SiteCertificates;
import io.postern.site.SiteMeter;
import io.postern.site.SiteMeter.CertificateFault;
import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.BackEnd;
import io.postern.wire.transport.Listener.Binding;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.SSLOptions;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;

/**
 * The listeners on which other sites pass on connections: TLS 1.3 with certificates on both sides,
 * those of the TLS configuration {@code site}.
 */
@Singleton
class SiteListeners implements BackEnd {
  /** The name of the configuration: {@code quarkus.tls.site.…}. */
  static final String TLS = TlsEngines.SITES;

  private static final Logger LOG = System.getLogger(SiteListeners.class.getName());

  private final SiteSettings settings;
  private final TlsConfigurationRegistry certificates;
  private final SiteMeter meter;
  private final Set<String> known;
  private final Supplier<TlsEngine> engine;

  SiteListeners(
      BootSettings boot,
      Live live,
      TlsEngines engines,
      TlsConfigurationRegistry certificates,
      SiteMeter meter) {
    this.settings = boot.site();
    this.engine = () -> engines.ofSites(live.now());
    this.certificates = certificates;
    this.meter = meter;
    this.known = new TreeSet<>();
    Stream.of(settings.imapBackEnds(), settings.pop3BackEnds(), settings.transferBackEnds())
        .map(it -> it.orElse(List.of()))
        .forEach(it -> known.addAll(SiteSettings.parseBackEnds(it).keySet()));
  }

  /** The listeners of the settings. */
  Stream<PlannedListener> planned(LiveSettings live) {
    return Stream.concat(
        planned(MailProtocol.IMAP, live.imap().enabled(), settings.imapBindings()),
        planned(MailProtocol.POP3, live.pop3().enabled(), settings.pop3Bindings()));
  }

  private static Stream<PlannedListener> planned(
      MailProtocol protocol, boolean enabled, Optional<List<String>> endpoints) {
    return endpoints.orElse(List.of()).stream()
        .filter(_ -> enabled)
        .map(Endpoint::parse)
        .map(it -> new Binding(it.host(), it.port(), Tls.IMPLICIT, false, true))
        .map(binding -> new PlannedListener(protocol, binding));
  }

  /** Why the listener cannot be started. */
  Optional<String> problem(PlannedListener planned) {
    var options = tls().options();
    return options.getKeyCertOptions() == null || options.getTrustOptions() == null
        ? Optional.of(
            planned
                + " needs the certificate of this site, and the issuers of the other sites': set"
                + " quarkus.tls.site.key-store.pem.0.cert, .key and"
                + " quarkus.tls.site.trust-store.pem.certs")
        : Optional.empty();
  }

  /** Their TLS configuration. */
  TlsSource tls() {
    return new TlsSource() {
      @Override
      public SSLOptions options() {
        return certificates
            .get(TLS)
            .map(TlsConfiguration::getSSLOptions)
            .orElseGet(SSLOptions::new);
      }

      @Override
      public ClientAuth clientAuth() {
        return ClientAuth.REQUIRED;
      }

      @Override
      public TlsEngine engine() {
        return engine.get();
      }

      @Override
      public boolean onlyTls13() {
        return true;
      }
    };
  }

  @Override
  public String site() {
    return settings.name().orElseThrow();
  }

  @Override
  public Optional<String> front(SSLSession session) {
    if (SiteCertificates.isExpired(session, Instant.now())) {
      return refused(CertificateFault.EXPIRED, "its certificate has expired");
    }
    var named = SiteCertificates.named(session, known);
    if (named.isPresent()) {
      return named;
    }
    return settings.enforceCertificateErrors()
        ? refused(
            CertificateFault.OTHER_SITE,
            "its certificate names none of the sites " + String.join(", ", known))
        : Optional.of("unnamed");
  }

  private Optional<String> refused(CertificateFault fault, String why) {
    meter.certificateRefused(true, fault);
    LOG.log(Level.WARNING, "A connection is refused: {0}", why);
    return Optional.empty();
  }

  @Override
  public void handshakeFailed(MailProtocol protocol, Throwable failure) {
    SiteCertificates.fault(failure)
        .ifPresent(
            why -> {
              meter.certificateRefused(true, why);
              LOG.log(
                  Level.WARNING,
                  "A connection to the {0} port for other sites is refused: {1}",
                  protocol.label(),
                  failure.getMessage());
            });
  }
}
