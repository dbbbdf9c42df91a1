package io.postern.config.area;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Authentication in all protocols: {@code mail.auth}. */
public interface AuthSettings {
  /** The domain of login names without one; if not set, they are looked up as they are. */
  Optional<String> defaultDomain();

  /**
   * Mail domains of Windows domains and Kerberos realms, {@code DOMAIN=mail.domain}: for login
   * names of the form {@code DOMAIN\ user} and for Kerberos tickets. One with a dot that is not
   * listed is its own mail domain.
   */
  Optional<List<String>> windowsDomains();

  /**
   * Login names, with domain or without, that cannot log in, besides {@code anonymous}, {@code
   * guest} and {@code ftp}, which are always blocked.
   */
  Optional<List<String>> blockedUsers();

  /** OAuth 2.0 tokens of an identity provider. */
  OAuth2 oauth2();

  /** Client certificates. */
  Certificates certificates();

  /** Kerberos. */
  Gssapi gssapi();

  /** Passwords in a directory. */
  DirectorySettings directory();

  /** What a protocol requires of a login; part of {@code mail.imap} and {@code mail.pop3}. */
  interface PerProtocol {
    /** Which logins are allowed before TLS. Exchange: LoginType. */
    @WithDefault("secure-login")
    LoginType loginType();

    /**
     * Whether a login is bound to its TLS session (channel binding). Exchange:
     * ExtendedProtectionPolicy.
     */
    @WithDefault("none")
    ExtendedProtection extendedProtectionPolicy();

    /** Declares the keys with their bounds. */
    static void declare(String area, PerProtocol now, Keys keys) {
      keys.choice(area + ".login-type", now.loginType());
      keys.choice(area + ".extended-protection-policy", now.extendedProtectionPolicy());
    }
  }

  /** Which logins are allowed without TLS, from the least to the most restrictive. */
  enum LoginType {
    /** Passwords are allowed in clear text, with TLS or without. */
    PLAIN_TEXT_LOGIN,
    /** Without TLS only mechanisms that do not reveal the password: SCRAM, GSSAPI. */
    PLAIN_TEXT_AUTHENTICATION,
    /** TLS is required before login. */
    SECURE_LOGIN
  }

  /** Channel binding. */
  enum ExtendedProtection {
    /** Neither offered nor accepted. */
    NONE,
    /** Offered; a client that supports it must use it. */
    ALLOW,
    /** Required: other mechanisms and clear-text passwords are refused. */
    REQUIRE
  }

  /** OAUTHBEARER and XOAUTH2; offered when issuer, audience and keys are set. */
  interface OAuth2 {
    /** The issuer of the tokens: their claim {@code iss}. */
    Optional<String> issuer();

    /** The required audience: one of the claims {@code aud} of a token. */
    Optional<List<String>> audience();

    /** The issuer's JSON Web Key Set, as a file's path or an https URL. */
    Optional<String> jwks();

    /** How often the keys are fetched again, and at least how often a file is; 1 min to 1 day. */
    @WithDefault("PT10M")
    Duration jwksRefresh();

    /**
     * The claim that holds the login name. It is taken literally; a name without a domain gets
     * {@code mail.auth.default-domain}. The claim {@code email} is accepted only with {@code
     * email_verified: true}.
     */
    @WithDefault("email")
    String userClaim();

    /**
     * Whether a token's header must have {@code typ: at+jwt}, which RFC 9068 §2.1 requires of
     * issuers. If not, tokens without a type, or with {@code JWT}, are accepted, too, unless their
     * claims are those of another kind: ID tokens, logout tokens.
     */
    @WithDefault("false")
    boolean requireAtJwt();

    /** The allowed clock skew; 0 to 5 min. */
    @WithDefault("PT30S")
    Duration clockSkew();

    /** Whether tokens can be verified: issuer, audience and keys are set. */
    default boolean complete() {
      return issuer().isPresent() && audience().isPresent() && jwks().isPresent();
    }
  }

  /** SASL EXTERNAL. */
  interface Certificates {
    /**
     * Whether clients are asked for a certificate, which the trust store of {@code
     * quarkus.tls.mail} must accept; a connection without one is accepted, too. Applies to new TLS
     * handshakes.
     */
    @WithDefault("false")
    boolean enabled();

    /** The field of a certificate that holds the login name. */
    @WithDefault("rfc822-name")
    UserField userField();
  }

  /** The certificate fields that may hold the login name. */
  enum UserField {
    /** The subject alternative name rfc822Name. */
    RFC822_NAME,
    /** The subject alternative name User Principal Name. */
    UPN,
    /** The common name of the subject. */
    COMMON_NAME
  }

  /** GSSAPI; on the JVM only, not in the native executable. */
  interface Gssapi {
    /** Of GraalVM; {@code runtime} in a native executable, {@code buildtime} in its build. */
    String IMAGE = "org.graalvm.nativeimage.imagecode";

    /** Whether GSSAPI is available, by the value of that property; empty on the JVM. */
    static boolean isSupported(String image) {
      return !image.equals("runtime");
    }

    /** Whether Kerberos tickets are accepted. Exchange: EnableGSSAPIAndNTLMAuth, without NTLM. */
    @WithDefault("false")
    boolean enabled();

    /** The keytab file with the keys of {@code imap/host} and {@code pop/host}. */
    Optional<String> keytab();
  }

  /**
   * Parses {@code KEY=value} texts; keys and values in lower case.
   *
   * @throws IllegalArgumentException when a text has another form
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

  /** Declares the keys with their bounds. */
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
    DirectorySettings.declare(now.directory(), keys);
    keys.flag("mail.auth.certificates.enabled", now.certificates().enabled());
    keys.choice("mail.auth.certificates.user-field", now.certificates().userField());
    keys.flag("mail.auth.gssapi.enabled", now.gssapi().enabled());
    keys.matching("mail.auth.gssapi.keytab", now.gssapi().keytab(), "/.+", "an absolute path");
    keys.rule(
        !now.gssapi().enabled() || now.gssapi().keytab().isPresent(),
        "mail.auth.gssapi.enabled is true, but mail.auth.gssapi.keytab is not set");
    keys.rule(
        !now.gssapi().enabled() || Gssapi.isSupported(System.getProperty(Gssapi.IMAGE, "")),
        "mail.auth.gssapi.enabled is true, but the native executable has no Kerberos; the Java"
            + " virtual machine has");
  }

  private static void oauth2(OAuth2 now, Keys keys) {
    keys.matching(
        "mail.auth.oauth2.issuer", now.issuer(), "\\S{1,1000}", "the value of the claim iss");
    keys.parsed(
        "mail.auth.oauth2.audience",
        String.join(",", now.audience().orElse(List.of())),
        "a list of allowed values of the claim aud",
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
