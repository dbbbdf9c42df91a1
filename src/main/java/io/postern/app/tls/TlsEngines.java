package io.postern.app.tls;

import io.postern.config.LiveSettings;
import io.postern.config.area.AuthSettings.ExtendedProtection;
import io.postern.model.MailProtocol;
import io.postern.tls.TlsEngine;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Determines from settings which engine performs the TLS handshakes of a protocol. */
@Singleton
public class TlsEngines {
  /** The name of the configuration of connections between sites: {@code quarkus.tls.site.…}. */
  public static final String SITES = "site";

  private final Optional<String> unavailable;
  private final boolean suitesSelected;
  private final boolean suitesOfSitesSelected;

  @Inject
  TlsEngines(TlsConfigurationRegistry certificates) {
    this(
        TlsEngine.openSslProblem(),
        selectsSuites(certificates, MailTls.NAME),
        selectsSuites(certificates, SITES));
  }

  private static boolean selectsSuites(TlsConfigurationRegistry certificates, String name) {
    return certificates
        .get(name)
        .filter(tls -> !tls.getSSLOptions().getEnabledCipherSuites().isEmpty())
        .isPresent();
  }

  /**
   * @param unavailable why OpenSSL cannot be loaded; empty when it can
   * @param suitesSelected whether the configuration of the mail ports selects cipher suites
   * @param suitesOfSitesSelected the same for connections between sites
   */
  TlsEngines(Optional<String> unavailable, boolean suitesSelected, boolean suitesOfSitesSelected) {
    this.unavailable = unavailable;
    this.suitesSelected = suitesSelected;
    this.suitesOfSitesSelected = suitesOfSitesSelected;
  }

  /** The engine of new connections with other sites, in either direction. */
  public TlsEngine ofSites(LiveSettings settings) {
    return settings.tls().engine() == LiveSettings.Tls.Engine.JDK
            || unavailable.isPresent()
            || suitesOfSitesSelected
        ? TlsEngine.JDK
        : TlsEngine.OPENSSL;
  }

  /** The engine that performs new handshakes. */
  public TlsEngine engine(MailProtocol protocol, LiveSettings settings) {
    return switch (settings.tls().engine()) {
      case JDK -> TlsEngine.JDK;
      case AUTO, OPENSSL ->
          obstacle(protocol, settings).isEmpty() ? TlsEngine.OPENSSL : TlsEngine.JDK;
    };
  }

  /** Why the settings require what OpenSSL cannot do; empty when they do not. */
  public Optional<String> problem(MailProtocol protocol, LiveSettings settings) {
    return switch (settings.tls().engine()) {
      case AUTO, JDK -> Optional.empty();
      case OPENSSL ->
          obstacle(protocol, settings).map(why -> "mail.tls.engine is openssl, but " + why);
    };
  }

  private Optional<String> obstacle(MailProtocol protocol, LiveSettings settings) {
    if (unavailable.isPresent()) {
      return unavailable.map(why -> "OpenSSL cannot be loaded: " + why);
    }
    if (suitesSelected) {
      return Optional.of(
          "quarkus.tls.mail.cipher-suites selects suites, which OpenSSL does not support");
    }
    return protocol != MailProtocol.LMTP
            && LiveSettings.login(settings, protocol).extendedProtectionPolicy()
                != ExtendedProtection.NONE
        ? Optional.of(
            "mail."
                + protocol.label()
                + ".extended-protection-policy is not none: OpenSSL has no binding of the type"
                + " tls-exporter")
        : Optional.empty();
  }

  /** Which engine performs the handshakes of each protocol, for people. */
  public String describe(LiveSettings settings) {
    return Arrays.stream(MailProtocol.values())
        .map(protocol -> protocol.label() + "=" + described(protocol, settings))
        .collect(Collectors.joining(" "));
  }

  private String described(MailProtocol protocol, LiveSettings settings) {
    var name = name(engine(protocol, settings));
    return settings.tls().engine() == LiveSettings.Tls.Engine.AUTO
        ? obstacle(protocol, settings).map(why -> name + " (" + why + ")").orElse(name)
        : name;
  }

  /** The name of an engine in settings and meters. */
  public static String name(TlsEngine engine) {
    return engine.name().toLowerCase(Locale.ROOT);
  }
}
