package io.postern.app.wiring;

import io.postern.config.BootSettings;
import io.postern.config.Live;
import io.postern.site.SiteMeter;
import io.postern.site.Sites;
import io.postern.site.directory.CachedHomes;
import io.postern.site.directory.PgHomeDirectory;
import io.postern.site.hop.SitePassing;
import io.postern.tls.OpenSslClientOptions;
import io.postern.tls.TlsEngine;
import io.postern.wire.dial.SocketDialer;
import io.postern.wire.registry.SessionRegistry;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Wires the directory of homes and the way to other sites, if this node has a site's name. */
final class SiteWiring {
  private static final Logger LOG = System.getLogger(SiteWiring.class.getName());

  /** The name of the data source of the directory, in {@code quarkus.datasource.directory.…}. */
  public static final String DIRECTORY = "directory";

  /** The name of the TLS configuration, in {@code quarkus.tls.site.…}. */
  private static final String TLS = "site";

  /** How long the directory may take to answer: a login waits for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Produces
  @Singleton
  SiteParts parts(
      BootSettings boot, @ReactiveDataSource(DIRECTORY) Instance<Pool> pool, SiteMeter meter) {
    return new SiteParts(
        boot.site()
            .name()
            .map(
                site -> {
                  var homes = new PgHomeDirectory(pool::get, PATIENCE);
                  var fresh = boot.site().directoryCache();
                  return new SiteParts.Directory(
                      site, homes, new CachedHomes(homes, fresh, System::nanoTime, meter));
                }));
  }

  @Produces
  @Singleton
  SocketDialer dialer(
      Vertx vertx,
      SiteEngine engine,
      TlsConfigurationRegistry certificates,
      SessionRegistry sessions) {
    return new SocketDialer(
        vertx,
        () -> certificates.get(TLS).map(TlsConfiguration::getSSLOptions).orElseGet(SSLOptions::new),
        () -> options(engine.get()),
        sessions.output());
  }

  private static SSLEngineOptions options(TlsEngine engine) {
    return switch (engine) {
      case JDK -> new JdkSSLEngineOptions();
      case OPENSSL -> new OpenSslClientOptions();
    };
  }

  void renewed(@Observes CertificateUpdatedEvent event, SocketDialer dialer) {
    if (event.name().equals(TLS)) {
      dialer
          .renew()
          .onFailure(
              why -> LOG.log(Level.ERROR, "The site's renewed certificate cannot be used", why));
    }
  }

  @Produces
  @Singleton
  Sites sites(BootSettings boot, Live live, SiteParts parts, SocketDialer dialer, SiteMeter meter) {
    return parts
        .directory()
        .<Sites>map(
            it ->
                new SitePassing(
                    it.site(), boot.site(), live, it.cached(), dialer, meter, System::nanoTime))
        .orElseGet(() -> Sites.single(meter));
  }
}
