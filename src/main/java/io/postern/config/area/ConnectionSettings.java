package io.postern.config.area;

import io.postern.config.net.AdvertisedServer;
import io.postern.config.net.AdvertisedServer.Encryption;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What users are shown to enter in their mail programs: part of {@code mail.imap} and {@code
 * mail.pop3}. The server listens where the bindings say, whatever is advertised.
 */
public interface ConnectionSettings {
  /**
   * The servers for users inside the network, each {@code host:port:SSL}, {@code host:port:TLS}
   * (STARTTLS) or {@code host:port:PLAINTEXT}. The settings page shows them if {@code
   * mail.settings-page.show-internal-settings} is true. An encryption that no binding offers is
   * refused. Exchange: InternalConnectionSettings.
   */
  Optional<List<String>> internalConnectionSettings();

  /**
   * The servers for all users, each {@code host:port:SSL}, {@code host:port:TLS} (STARTTLS) or
   * {@code host:port:PLAINTEXT}. The settings page shows them; the files from which mail programs
   * configure themselves name the encrypted ones. An encryption that no binding offers is refused.
   * Exchange: ExternalConnectionSettings.
   */
  Optional<List<String>> externalConnectionSettings();

  /** SMTP, which another server provides: {@code mail.smtp}. */
  interface Smtp {
    /**
     * The servers to which users send mail, each {@code host:port:SSL}, {@code host:port:TLS}
     * (STARTTLS) or {@code host:port:PLAINTEXT}. They are only shown; most programs need one to set
     * up an account. Exchange: AdvertiseClientSettings of a receive connector.
     */
    Optional<List<String>> advertisedSettings();
  }

  /** The settings page for users: {@code mail.settings-page}. */
  interface Page {
    /**
     * Where the settings page listens with plain HTTP, {@code address:port}; without any, it is
     * off. An ingress in front of it adds TLS, which mail programs require.
     */
    Optional<List<String>> bindings();

    /**
     * Where the settings page listens with HTTPS and the certificate of the mail ports, {@code
     * address:port}.
     */
    Optional<List<String>> sslBindings();

    /**
     * The mail domains of users; a request for another one is refused. The first one is used when a
     * request names neither an address nor a domain of these. Without any, every domain is
     * answered.
     */
    Optional<List<String>> domains();

    /** Whether the page shows the internal connection settings, too. */
    @WithDefault("false")
    boolean showInternalSettings();

    /**
     * The most requests of one address, or of one /64 of IPv6, in a minute, on each replica; 1 to
     * 10,000. Behind a load balancer in {@code mail.proxy-protocol.trusted-networks} it is the last
     * address in {@code X-Forwarded-For}.
     */
    @WithDefault("120")
    int requestsPerMinute();
  }

  /** Declares the keys of a protocol with their bounds. */
  static <S extends ConnectionSettings & LimitSettings & AuthSettings.PerProtocol> void declare(
      String service,
      S now,
      Optional<List<String>> startTls,
      Optional<List<String>> ssl,
      Keys keys) {
    declare(service + ".internal-connection-settings", now.internalConnectionSettings(), keys);
    declare(service + ".external-connection-settings", now.externalConnectionSettings(), keys);
    keys.rule(
        any(ssl, now.proxySslBindings()) || !advertises(now, Encryption.SSL),
        service + " advertises SSL, but no binding offers it: see " + service + ".ssl-bindings");
    boolean offersClear = any(startTls, now.proxyUnencryptedOrTlsBindings());
    for (var encryption : List.of(Encryption.TLS, Encryption.PLAINTEXT)) {
      keys.rule(
          offersClear || !advertises(now, encryption),
          "%s advertises %s, but no binding offers it: see %s.unencrypted-or-tls-bindings"
              .formatted(service, encryption, service));
    }
    keys.rule(
        now.loginType() != AuthSettings.LoginType.SECURE_LOGIN
            || !advertises(now, Encryption.PLAINTEXT),
        "%s advertises PLAINTEXT, but %s.login-type is secure-login, which requires TLS"
            .formatted(service, service));
  }

  /** Declares the keys of SMTP and of the page with their bounds. */
  static void declare(Smtp smtp, Page page, Keys keys) {
    declare("mail.smtp.advertised-settings", smtp.advertisedSettings(), keys);
    keys.endpoints("mail.settings-page.bindings", page.bindings());
    keys.endpoints("mail.settings-page.ssl-bindings", page.sslBindings());
    var domains = page.domains().orElse(List.of());
    keys.parsed(
        "mail.settings-page.domains",
        String.join(",", domains),
        "a list of mail domains in ASCII",
        () -> domains.forEach(ConnectionSettings::checkDomain));
    keys.flag("mail.settings-page.show-internal-settings", page.showInternalSettings());
    keys.count("mail.settings-page.requests-per-minute", page.requestsPerMinute(), 1, 10_000);
  }

  private static void checkDomain(String domain) {
    if (!AdvertisedServer.isHost(domain.strip())) {
      throw new IllegalArgumentException("\"" + domain + "\" is no mail domain in ASCII");
    }
  }

  private static void declare(String key, Optional<List<String>> servers, Keys keys) {
    var texts = servers.orElse(List.of());
    keys.parsed(
        key,
        String.join(",", texts),
        "a list of " + AdvertisedServer.FORM,
        () -> AdvertisedServer.parse(texts));
  }

  /** A server that cannot be read is reported beside its key. */
  private static boolean advertises(ConnectionSettings now, Encryption encryption) {
    return Stream.of(now.internalConnectionSettings(), now.externalConnectionSettings())
        .flatMap(list -> list.orElse(List.of()).stream())
        .flatMap(text -> AdvertisedServer.read(text).stream())
        .anyMatch(server -> server.encryption() == encryption);
  }

  private static boolean any(Optional<List<String>> some, Optional<List<String>> others) {
    return Stream.of(some, others).anyMatch(list -> !list.orElse(List.of()).isEmpty());
  }
}
