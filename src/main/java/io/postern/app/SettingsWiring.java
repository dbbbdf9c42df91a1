package io.postern.app;

import io.postern.app.tls.MailTls;
import io.postern.app.tls.TlsEngines;
import io.postern.app.wiring.SiteEngine;
import io.postern.config.BootSettings;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.watch.Bounds;
import io.postern.config.watch.ConfigWatcher;
import io.postern.observe.meter.CertificateMeters;
import io.postern.observe.meter.TlsEngineMeters;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/** Wires the current settings and the watcher for changes. */
final class SettingsWiring {
  @Produces
  @Singleton
  Live live(LiveSettings live, BootSettings boot) {
    Bounds.check(live, boot);
    return new Live(live);
  }

  @Produces
  @Singleton
  CertificateMeters.Certificates certificates(TlsConfigurationRegistry registry) {
    return () -> MailTls.notAfter(registry);
  }

  @Produces
  @Singleton
  TlsEngineMeters.Engines engines(TlsEngines engines, Live live) {
    return protocol -> TlsEngines.name(engines.engine(protocol, live.now()));
  }

  @Produces
  @Singleton
  SiteEngine siteEngine(TlsEngines engines, Live live) {
    return () -> engines.ofSites(live.now());
  }

  @Produces
  @Singleton
  ConfigWatcher watcher(
      Config config,
      BootSettings boot,
      Live live,
      Instance<ListenerPlan> listeners,
      Instance<SettingsPages> pages,
      InstantSource clock) {
    return new ConfigWatcher(
        config.unwrap(SmallRyeConfig.class),
        boot,
        live,
        settings ->
            Stream.concat(
                    listeners.get().objections(settings).stream(),
                    pages.get().objections(settings).stream())
                .toList(),
        clock);
  }
}
