package io.postern.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings that take effect while the server runs. */
@ConfigMapping(prefix = "mail")
public interface LiveSettings {
  /**
   * The largest message that APPEND and LMTP take, in octets; 1K to 2047M. Exchange:
   * MaxReceiveSize.
   */
  @WithDefault("35M")
  MemorySize maxReceiveSize();

  /** The IMAP4 service. */
  Imap imap();

  /** The POP3 service. */
  Pop3 pop3();

  /** What is kept of mail that was removed. */
  Retention retention();

  /** The LMTP service, by which mail is handed in. */
  Lmtp lmtp();

  /** How sessions learn of changes. */
  Push push();

  /** Push. */
  interface Push {
    /**
     * How often an idling session looks for changes by itself while Redis is away; 10 s to 29 min.
     */
    @WithDefault("PT1M")
    Duration pollInterval();
  }

  /** IMAP4. */
  interface Imap {
    /** Whether the service runs. Exchange: the services MSExchangeIMAP4, off until started. */
    @WithDefault("false")
    boolean enabled();

    /**
     * Where to listen for clients that begin in clear text and may say STARTTLS, {@code
     * address:port}. Exchange: UnencryptedOrTLSBindings.
     */
    @WithDefault("0.0.0.0:143")
    List<String> unencryptedOrTlsBindings();

    /**
     * Where to listen for clients that begin with TLS, {@code address:port}. Exchange: SSLBindings.
     */
    @WithDefault("0.0.0.0:993")
    List<String> sslBindings();

    /** What the greeting says. Exchange: Banner. */
    @WithDefault("Postern IMAP4 service is ready.")
    String banner();

    /**
     * Silence after which a session before login is closed; 30 s to 1 h. Exchange:
     * PreAuthenticatedConnectionTimeout.
     */
    @WithDefault("PT1M")
    Duration preAuthenticatedConnectionTimeout();

    /**
     * Silence after which a session is closed; 30 s to 1 day, by RFC 3501 §5.4 not below 30 min.
     * Exchange: AuthenticatedConnectionTimeout.
     */
    @WithDefault("PT30M")
    Duration authenticatedConnectionTimeout();

    /**
     * How often an idling client is told that the server is still there (RFC 2177); 10 s to 29 min.
     */
    @WithDefault("PT2M")
    Duration idleHeartbeat();

    /**
     * The longest line of a command and the largest literal held in memory, in octets, message
     * literals left aside; 1K to 1M. Exchange: MaxCommandSize.
     */
    @WithDefault("64K")
    MemorySize maxCommandSize();

    /** After how many protocol errors a session is closed; 1 to 1,000. */
    @WithDefault("10")
    int maxProtocolErrors();

    /**
     * Where a password may be given without TLS: {@code never}, {@code loopback} (demo and
     * development), {@code always}.
     */
    @WithDefault("never")
    PlainText plainTextLogin();
  }

  /** POP3 (RFC 1939). */
  interface Pop3 {
    /** Whether the service runs. Exchange: the services MSExchangePOP3, off until started. */
    @WithDefault("false")
    boolean enabled();

    /**
     * Where to listen for clients that begin in clear text and may say STLS, {@code address:port}.
     * Exchange: UnencryptedOrTLSBindings.
     */
    @WithDefault("0.0.0.0:110")
    List<String> unencryptedOrTlsBindings();

    /**
     * Where to listen for clients that begin with TLS, {@code address:port}. Exchange: SSLBindings.
     */
    @WithDefault("0.0.0.0:995")
    List<String> sslBindings();

    /** What the greeting says. Exchange: Banner. */
    @WithDefault("Postern POP3 service is ready.")
    String banner();

    /**
     * Silence after which a session before login is closed; 30 s to 1 h. Exchange:
     * PreAuthenticatedConnectionTimeout.
     */
    @WithDefault("PT1M")
    Duration preAuthenticatedConnectionTimeout();

    /**
     * Silence after which a session is closed and nothing of its mail deleted; 10 min (RFC 1939 §3)
     * to 1 day. Exchange: AuthenticatedConnectionTimeout.
     */
    @WithDefault("PT30M")
    Duration authenticatedConnectionTimeout();

    /**
     * The longest line of a command in octets, AUTH left aside; 255 (RFC 2449 §4) to 1,024.
     * Exchange: MaxCommandSize.
     */
    @WithDefault("512")
    MemorySize maxCommandSize();

    /** After how many protocol errors in a row a session is closed; 10 to 1,000. */
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

    /**
     * Where a password may be given without TLS: {@code never}, {@code loopback} (demo and
     * development), {@code always}.
     */
    @WithDefault("never")
    PlainText plainTextLogin();
  }

  /** Which message is number 1. */
  enum SortOrder {
    /** The oldest. */
    ASCENDING,
    /** The newest. */
    DESCENDING
  }

  /** Mail that was removed. */
  interface Retention {
    /**
     * How long mail that was expunged can be restored; 0 to 24,855 days. Exchange:
     * DeletedItemRetention.
     */
    @WithDefault("P14D")
    Duration deletedItem();
  }

  /** LMTP (RFC 2033). */
  interface Lmtp {
    /** Whether the service runs. */
    @WithDefault("false")
    boolean enabled();

    /** Where to listen, {@code address:port}. */
    @WithDefault("0.0.0.0:24")
    List<String> bindings();

    /** From which networks mail is taken, in CIDR notation. */
    @WithDefault("127.0.0.0/8,::1/128")
    List<String> trustedNetworks();

    /** Whether STARTTLS must precede MAIL. */
    @WithDefault("false")
    boolean requireTls();

    /**
     * Whether the peer must show a certificate that the TLS configuration's trust store accepts.
     */
    @WithDefault("false")
    boolean requireClientCertificate();

    /** Silence after which a session is closed; 30 s to 1 h (RFC 5321 §4.5.3.2 advises 5 min). */
    @WithDefault("PT5M")
    Duration timeout();

    /** How many recipients one message may have; 100 to 10,000 (RFC 5321 §4.5.3.1.8). */
    @WithDefault("1000")
    int maxRecipients();

    /** The name the server greets with; the host's own when unset. */
    Optional<String> hostname();
  }

  /** Where a password may be given without TLS. */
  enum PlainText {
    NEVER,
    LOOPBACK,
    ALWAYS
  }
}
