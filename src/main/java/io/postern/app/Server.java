package io.postern.app;

import io.postern.app.tls.MailTls;
import io.postern.app.tls.TlsEngines;
import io.postern.config.BootSettings;
import io.postern.config.Live;
import io.postern.image.ExecutablePages;
import io.postern.model.MailProtocol;
import io.postern.wire.registry.SessionRegistry;
import io.postern.wire.transport.Listener;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Opens the listeners when the platform has started, and closes them before it stops. */
@Singleton
public class Server {
  private static final Logger LOG = System.getLogger(Server.class.getName());

  /** After the settings and the configuration of the logs, before all that can wait. */
  private static final int OPEN = Interceptor.Priority.PLATFORM_BEFORE + 1;

  /** After this time the start is over, and pages that only it needed are dropped from memory. */
  private static final Duration START_OVER = Duration.ofMillis(500);

  private final ServiceSwitches services;
  private final Listeners listeners;
  private final SettingsPages pages;
  private final DemoAccounts demo;
  private final BootSettings settings;
  private final Live live;
  private final SessionRegistry sessions;
  private final TlsConfigurationRegistry certificates;
  private final TlsEngines engines;
  private final AtomicReference<String> certificateInUse = new AtomicReference<>("");
  private final AtomicReference<String> announced = new AtomicReference<>("");

  Server(
      ServiceSwitches services,
      Listeners listeners,
      SettingsPages pages,
      DemoAccounts demo,
      BootSettings settings,
      Live live,
      SessionRegistry sessions,
      TlsConfigurationRegistry certificates,
      TlsEngines engines) {
    this.services = services;
    this.listeners = listeners;
    this.pages = pages;
    this.demo = demo;
    this.settings = settings;
    this.live = live;
    this.sessions = sessions;
    this.certificates = certificates;
    this.engines = engines;
  }

  /** Opens the listeners first; the rest of the start can wait. */
  void start(@Observes @Priority(OPEN) StartupEvent event) {
    demo.check();
    certificateInUse.set(MailTls.fingerprint(certificates));
    services.apply();
    var failures = services.failures();
    if (!failures.isEmpty()) {
      pages.end();
      listeners.end(Duration.ZERO);
      throw new IllegalStateException(String.join("; ", failures));
    }
    live.afterSwap(services::apply);
    live.afterSwap(sessions::settingsChanged);
    live.afterSwap(this::announceEngines);
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      Main.handleSignals();
    }
    if (ImageMode.current() == ImageMode.NATIVE_RUN) {
      Uni.createFrom()
          .voidItem()
          .onItem()
          .delayIt()
          .by(START_OVER)
          .subscribe()
          .with(_ -> ExecutablePages.drop());
    }
  }

  void announce(@Observes StartupEvent event) {
    demo.create();
    announceEngines();
    LOG.log(Level.INFO, this::connectLine);
  }

  /** Logs which engines perform TLS handshakes, when that has changed. */
  private void announceEngines() {
    var now = engines.describe(live.now());
    if (!now.equals(announced.getAndSet(now))) {
      LOG.log(Level.INFO, "TLS engines of new connections: {0}", now);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    services.end();
  }

  void renewed(@Observes CertificateUpdatedEvent event) {
    if (event.name().equals(SiteListeners.TLS)) {
      listeners.open().stream()
          .filter(opened -> opened.planned().binding().fromSites())
          .forEach(opened -> renew(opened.listener()));
      return;
    }
    if (!event.name().equals(MailTls.NAME)) {
      return;
    }
    // The platform reads the files periodically, changed or not.
    var now = MailTls.fingerprint(certificates);
    if (!now.equals(certificateInUse.getAndSet(now))) {
      listeners.open().stream()
          .filter(opened -> !opened.planned().binding().fromSites())
          .forEach(opened -> renew(opened.listener()));
      pages.renewCertificate();
    }
  }

  private void renew(Listener listener) {
    listener
        .renewCertificate()
        .subscribe()
        .with(
            _ -> LOG.log(Level.INFO, "{0} uses the renewed certificate", listener),
            failure ->
                LOG.log(
                    Level.ERROR,
                    listener + " keeps its old certificate: the renewed one cannot be used",
                    failure));
  }

  /**
   * The bound port of the first listener of a protocol and TLS mode that is not for proxies.
   *
   * @param protocol {@code imap}, {@code pop3} or {@code lmtp}
   */
  public Optional<Integer> port(MailProtocol protocol, Tls tls) {
    return listeners.open().stream()
        .filter(opened -> opened.planned().protocol() == protocol)
        .filter(opened -> opened.listener().binding().tls() == tls)
        .filter(opened -> !opened.listener().binding().proxied())
        .filter(opened -> !opened.listener().binding().fromSites())
        .map(opened -> opened.listener().port())
        .findFirst();
  }

  private String connectLine() {
    var endpoints = services.endpoints();
    var page =
        pages.urls().isEmpty()
            ? ""
            : "; settings for mail programs: " + String.join(", ", pages.urls());
    if (endpoints.isEmpty()) {
      return "No mail service is enabled: see mail.imap.enabled, mail.pop3.enabled and"
          + " mail.lmtp.enabled"
          + page;
    }
    return "Connect to "
        + String.join(", ", endpoints)
        + (settings.demo().enabled() ? ", user " + DemoAccounts.HOW_TO_LOG_IN : "")
        + page;
  }
}
