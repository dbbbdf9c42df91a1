package io.postern.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How users are known, whatever they speak: {@code mail.auth}. */
public interface AuthSettings {
  /** The domain of login names that have none; without it they are looked up as they are. */
  Optional<String> defaultDomain();

  /**
   * Mail domains of Windows domains and Kerberos realms, {@code DOMAIN=mail.domain}: for login
   * names of the form {@code DOMAIN\ user} and for Kerberos tickets. One with a dot that is not
   * listed is its own mail domain.
   */
  Optional<List<String>> windowsDomains();

  /**
   * Login names, with domain or without, that nobody logs in by, besides {@code anonymous}, {@code
   * guest} and {@code ftp}, which are always blocked.
   */
  Optional<List<String>> blockedUsers();

  /** Tokens of an identity provider. */
  OAuth2 oauth2();

  /** Certificates of clients. */
  Certificates certificates();

  /** Kerberos. */
  Gssapi gssapi();

  /** What a protocol asks of those who log in; part of {@code mail.imap} and {@code mail.pop3}. */
  interface PerProtocol {
    /** What may be said before TLS. Exchange: LoginType. */
    @WithDefault("secure-login")
    LoginType loginType();

    /**
     * Whether a login is tied to the TLS session it is made in (channel binding). Exchange:
     * ExtendedProtectionPolicy.
     */
    @WithDefault("none")
    ExtendedProtection extendedProtectionPolicy();

    /** The keys with their bounds. */
    static void declare(String area, PerProtocol now, Keys keys) {
      keys.choice(area + ".login-type", now.loginType());
      keys.choice(area + ".extended-protection-policy", now.extendedProtectionPolicy());
    }
  }

  /** How a login may begin, from the least to the most careful. */
  enum LoginType {
    /** A password may be given as it is, with TLS or without. */
    PLAIN_TEXT_LOGIN,
    /** Without TLS only what keeps the password unseen: SCRAM, GSSAPI. */
    PLAIN_TEXT_AUTHENTICATION,
    /** TLS comes first. */
    SECURE_LOGIN
  }

  /** Channel binding. */
  enum ExtendedProtection {
    /** Neither offered nor taken. */
    NONE,
    /** Offered; who can bind, does, and is held to it. */
    ALLOW,
    /** No other mechanism is taken, and no password as it is. */
    REQUIRE
  }

  /** OAUTHBEARER and XOAUTH2; offered when issuer, audience and keys are set. */
  interface OAuth2 {
    /** Who signs the tokens: their claim {@code iss}. */
    Optional<String> issuer();

    /** For whom they must be: one of their claims {@code aud}. */
    Optional<List<String>> audience();

    /** The issuer's keys: a JSON Web Key Set, as a file's path or an https URL. */
    Optional<String> jwks();

    /** How often the keys are fetched again, and at least how often a file is; 1 min to 1 day. */
    @WithDefault("PT10M")
    Duration jwksRefresh();

    /**
     * Which claim is the login name. It is taken literally; one without a domain gets {@code
     * mail.auth.default-domain}. The claim {@code email} counts only beside {@code email_verified:
     * true}.
     */
    @WithDefault("email")
    String userClaim();

    /**
     * Whether a token's header must say {@code typ: at+jwt} (RFC 9068 §2.1), as those of issuers do
     * that follow it. If not, tokens without a type, or with {@code JWT}, are taken, too, unless
     * their claims are those of another kind: ID tokens, logout tokens.
     */
    @WithDefault("false")
    boolean requireAtJwt();

    /** How far the clocks may be apart; 0 to 5 min. */
    @WithDefault("PT30S")
    Duration clockSkew();

    /** Whether tokens can be checked. */
    default boolean complete() {
      return issuer().isPresent() && audience().isPresent() && jwks().isPresent();
    }
  }

  /** EXTERNAL. */
  interface Certificates {
    /**
     * Whether clients are asked for a certificate, which the trust store of {@code
     * quarkus.tls.mail} must accept; a connection without one is as welcome. Felt by the next TLS
     * handshakes.
     */
    @WithDefault("false")
    boolean enabled();

    /** What of a certificate is the login name. */
    @WithDefault("rfc822-name")
    UserField userField();
  }

  /** Where a certificate says whose it is. */
  enum UserField {
    /** The subject alternative name rfc822Name. */
    RFC822_NAME,
    /** The subject alternative name User Principal Name. */
    UPN,
    /** The common name of the subject. */
    COMMON_NAME
  }

  /** GSSAPI; the Java virtual machine only, not the native executable. */
  interface Gssapi {
    /** The property that says whether this is a native executable, and which hour of its life. */
    String IMAGE = "org.graalvm.nativeimage.imagecode";

    /** Whether tickets can be taken, by the value of that property; empty for a virtual machine. */
    static boolean possible(String image) {
      return !image.equals("runtime");
    }

    /** Whether Kerberos tickets are taken. Exchange: EnableGSSAPIAndNTLMAuth, without NTLM. */
    @WithDefault("false")
    boolean enabled();

    /** The file with the keys of {@code imap/host} and {@code pop/host}. */
    Optional<String> keytab();
  }

  /**
   * What {@code KEY=value} texts say; keys in lower case.
   *
   * @throws IllegalArgumentException when one of them is none
   */
  static Map<String, String> pairs(List<String> texts) {
    var pairs = new HashMap<String, String>();
    for (var text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1 || equals == text.length() - 1) {
        throw new IllegalArgumentException(
            "\"" + text + "\" is not of the form DOMAIN=mail.domain");
      }
      pairs.put(
          text.substring(0, equals).strip().toLowerCase(Locale.ROOT),
          text.substring(equals + 1).strip().toLowerCase(Locale.ROOT));
    }
    return Map.copyOf(pairs);
  }

  /** The keys with their bounds. */
  static void declare(AuthSettings now, Keys keys) {
    keys.matching(
        "mail.auth.default-domain", now.defaultDomain(), "[^@\\s\\\\/]{1,255}", "a mail domain");
    var domains = now.windowsDomains().orElse(List.of());
    keys.parsed(
        "mail.auth.windows-domains",
        String.join(",", domains),
        "a list of DOMAIN=mail.domain",
        () -> pairs(domains));
    keys.parsed(
        "mail.auth.blocked-users",
        String.join(",", now.blockedUsers().orElse(List.of())),
        "a list of login names",
        () -> {});
    oauth2(now.oauth2(), keys);
    keys.flag("mail.auth.certificates.enabled", now.certificates().enabled());
    keys.choice("mail.auth.certificates.user-field", now.certificates().userField());
    keys.flag("mail.auth.gssapi.enabled", now.gssapi().enabled());
    keys.matching("mail.auth.gssapi.keytab", now.gssapi().keytab(), "/.+", "an absolute path");
    keys.rule(
        !now.gssapi().enabled() || now.gssapi().keytab().isPresent(),
        "mail.auth.gssapi.enabled is true, but mail.auth.gssapi.keytab is not set");
    keys.rule(
        !now.gssapi().enabled() || Gssapi.possible(System.getProperty(Gssapi.IMAGE, "")),
        "mail.auth.gssapi.enabled is true, but the native executable has no Kerberos; the Java"
            + " virtual machine has");
  }

  private static void oauth2(OAuth2 now, Keys keys) {
    keys.matching("mail.auth.oauth2.issuer", now.issuer(), "\\S{1,1000}", "what iss says");
    keys.parsed(
        "mail.auth.oauth2.audience",
        String.join(",", now.audience().orElse(List.of())),
        "a list of what aud may say",
        () -> {});
    keys.matching(
        "mail.auth.oauth2.jwks", now.jwks(), "(https://|/).+", "an https URL or an absolute path");
    keys.duration(
        "mail.auth.oauth2.jwks-refresh",
        now.jwksRefresh(),
        Duration.ofMinutes(1),
        Duration.ofDays(1));
    keys.text("mail.auth.oauth2.user-claim", now.userClaim(), 100);
    keys.flag("mail.auth.oauth2.require-at-jwt", now.requireAtJwt());
    keys.duration(
        "mail.auth.oauth2.clock-skew", now.clockSkew(), Duration.ZERO, Duration.ofMinutes(5));
    boolean none = now.issuer().isEmpty() && now.audience().isEmpty() && now.jwks().isEmpty();
    keys.rule(
        none || now.complete(),
        "mail.auth.oauth2 needs issuer, audience and jwks; one of them is not set");
  }
}
