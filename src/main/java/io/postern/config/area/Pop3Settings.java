package io.postern.config.area;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** POP3 (RFC 1939). */
public interface Pop3Settings
    extends AuthSettings.PerProtocol,
        LimitSettings,
        ConnectionSettings,
        RetrievalSettings,
        ProtocolLogSettings {
  /**
   * Whether the service runs; it cannot be enabled without a binding. Exchange: the services
   * MSExchangePOP3, off until started.
   */
  @WithDefault("false")
  boolean enabled();

  /**
   * Where to listen for clients that begin in clear text and may use STLS, {@code address:port};
   * empty for nowhere. Exchange: UnencryptedOrTLSBindings.
   */
  @WithDefault("0.0.0.0:110")
  Optional<List<String>> unencryptedOrTlsBindings();

  /**
   * Where to listen for clients that begin with TLS, {@code address:port}; empty for nowhere.
   * Exchange: SSLBindings.
   */
  @WithDefault("0.0.0.0:995")
  Optional<List<String>> sslBindings();

  /** The text of the greeting. Exchange: Banner. */
  @WithDefault("Postern POP3 service is ready.")
  String banner();

  /**
   * How long a client may take to log in, from the start of its connection and whatever it sends;
   * 30 s to 1 h. Exchange: PreAuthenticatedConnectionTimeout.
   */
  @WithDefault("PT1M")
  Duration preAuthenticatedConnectionTimeout();

  /**
   * Silence after which a session is closed without deleting mail; 10 min (RFC 1939 §3) to 1 day.
   * Exchange: AuthenticatedConnectionTimeout.
   */
  @WithDefault("PT30M")
  Duration authenticatedConnectionTimeout();

  /**
   * The longest command line in octets, except AUTH; 255 (RFC 2449 §4) to 1,024. Exchange:
   * MaxCommandSize.
   */
  @WithDefault("512")
  MemorySize maxCommandSize();

  /** The number of consecutive protocol errors after which a session is closed; 10 to 1,000. */
  @WithDefault("10")
  int maxProtocolErrors();

  /** Which message is number 1. Exchange: MessageRetrievalSortOrder. */
  @WithDefault("ascending")
  SortOrder messageRetrievalSortOrder();

  /**
   * How long after a login the next one to the same maildrop is refused (RFC 2449 §6.5), in whole
   * seconds; 0, for not at all, to 1 day.
   */
  @WithDefault("PT0S")
  Duration loginDelay();

  /** Declares the keys with their bounds. */
  static void declare(Pop3Settings now, Keys keys) {
    keys.flag("mail.pop3.enabled", now.enabled());
    LimitSettings.declare("mail.pop3", now, keys);
    keys.endpoints("mail.pop3.unencrypted-or-tls-bindings", now.unencryptedOrTlsBindings());
    keys.endpoints("mail.pop3.ssl-bindings", now.sslBindings());
    LimitSettings.requireEndpoint(
        "mail.pop3", now.enabled(), now.unencryptedOrTlsBindings(), now.sslBindings(), now, keys);
    ConnectionSettings.declare(
        "mail.pop3", now, now.unencryptedOrTlsBindings(), now.sslBindings(), keys);
    RetrievalSettings.declare("mail.pop3", now, now, keys);
    keys.text("mail.pop3.banner", now.banner(), 1024);
    keys.duration(
        "mail.pop3.pre-authenticated-connection-timeout",
        now.preAuthenticatedConnectionTimeout(),
        Duration.ofSeconds(30),
        Duration.ofHours(1));
    keys.duration(
        "mail.pop3.authenticated-connection-timeout",
        now.authenticatedConnectionTimeout(),
        Duration.ofMinutes(10),
        Duration.ofDays(1));
    keys.octets("mail.pop3.max-command-size", now.maxCommandSize(), 255, 1024);
    keys.count("mail.pop3.max-protocol-errors", now.maxProtocolErrors(), 10, 1_000);
    keys.choice("mail.pop3.message-retrieval-sort-order", now.messageRetrievalSortOrder());
    keys.duration("mail.pop3.login-delay", now.loginDelay(), Duration.ZERO, Duration.ofDays(1));
    AuthSettings.PerProtocol.declare("mail.pop3", now, keys);
    ProtocolLogSettings.declare("mail.pop3", now, keys);
  }

  /** Which message is number 1. */
  enum SortOrder {
    /** The oldest. */
    ASCENDING,
    /** The newest. */
    DESCENDING
  }
}
