package io.postern.config.area;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** IMAP4. */
public interface ImapSettings
    extends AuthSettings.PerProtocol,
        LimitSettings,
        ConnectionSettings,
        RetrievalSettings,
        ProtocolLogSettings {
  /**
   * Whether the service runs; it cannot be enabled without a binding. Exchange: the services
   * MSExchangeIMAP4, off until started.
   */
  @WithDefault("false")
  boolean enabled();

  /**
   * Where to listen for clients that begin in clear text and may use STARTTLS, {@code
   * address:port}; empty for nowhere. Exchange: UnencryptedOrTLSBindings.
   */
  @WithDefault("0.0.0.0:143")
  Optional<List<String>> unencryptedOrTlsBindings();

  /**
   * Where to listen for clients that begin with TLS, {@code address:port}; empty for nowhere.
   * Exchange: SSLBindings.
   */
  @WithDefault("0.0.0.0:993")
  Optional<List<String>> sslBindings();

  /** The text of the greeting. Exchange: Banner. */
  @WithDefault("Postern IMAP4 service is ready.")
  String banner();

  /**
   * How long a client may take to log in, from the start of its connection and whatever it sends;
   * 30 s to 1 h. Exchange: PreAuthenticatedConnectionTimeout.
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
   * How often the server sends an idle client a sign that it is alive (RFC 2177); 10 s to 29 min.
   */
  @WithDefault("PT2M")
  Duration idleHeartbeat();

  /**
   * The longest command line and the largest literal held in memory, in octets, except message
   * literals; 1K to 1M. Exchange: MaxCommandSize.
   */
  @WithDefault("64K")
  MemorySize maxCommandSize();

  /**
   * The cost limit of one SEARCH: octets of messages searched times texts searched for, each word
   * of a fuzzy search counted as four; beyond it the response is NO [LIMIT]; 1M to 1024T.
   */
  @WithDefault("64G")
  MemorySize searchBudget();

  /**
   * Capabilities that new sessions neither announce nor serve, such as {@code UNAUTHENTICATE}
   * behind a proxy that does not know it (RFC 8437 §8), and those that build on them: without
   * {@code CONDSTORE} there is no {@code QRESYNC}. IMAP4rev1 stays.
   */
  Optional<List<String>> disabledCapabilities();

  /**
   * Capabilities that are neither announced nor served to clients of some names, for clients that
   * enable what they cannot speak: {@code Some Mail*:QRESYNC|COMPRESS=DEFLATE}. A name is what the
   * client says of itself by ID (RFC 2971): its {@code name}, {@code version} and {@code os}, with
   * a space between; compared without case, {@code *} stands for any text. In force from the ID
   * command on.
   */
  Optional<List<String>> disabledCapabilitiesByClient();

  /**
   * Whether LITERAL- is announced in place of LITERAL+: clients then ask before they send a literal
   * of more than 4,096 octets (RFC 7888 §5), so that a message that is refused is not sent. For new
   * sessions.
   */
  @WithDefault("false")
  boolean literalMinus();

  /**
   * The most messages that one FETCH, STORE, SEARCH, COPY, MOVE, UID EXPUNGE or APPEND handles,
   * announced as {@code MESSAGELIMIT} (RFC 9738): of more, those with the highest UIDs, and the
   * client repeats the command for the others; COPY, APPEND, SORT and THREAD then fail. Clients
   * that do not know the limit see a part of a large mailbox. RFC 9738 advises against less than
   * 1,000; 0 to 100,000, 0 for no limit. For new sessions.
   */
  @WithDefault("0")
  int messageLimit();

  /** The number of protocol errors after which a session is closed; 1 to 1,000. */
  @WithDefault("10")
  int maxProtocolErrors();

  /** Declares the keys with their bounds. */
  static void declare(ImapSettings now, Keys keys) {
    keys.flag("mail.imap.enabled", now.enabled());
    LimitSettings.declare("mail.imap", now, keys);
    keys.endpoints("mail.imap.unencrypted-or-tls-bindings", now.unencryptedOrTlsBindings());
    keys.endpoints("mail.imap.ssl-bindings", now.sslBindings());
    LimitSettings.requireEndpoint(
        "mail.imap", now.enabled(), now.unencryptedOrTlsBindings(), now.sslBindings(), now, keys);
    ConnectionSettings.declare(
        "mail.imap", now, now.unencryptedOrTlsBindings(), now.sslBindings(), keys);
    RetrievalSettings.declare("mail.imap", now, now, keys);
    keys.text("mail.imap.banner", now.banner(), 1024);
    keys.duration(
        "mail.imap.pre-authenticated-connection-timeout",
        now.preAuthenticatedConnectionTimeout(),
        Duration.ofSeconds(30),
        Duration.ofHours(1));
    keys.duration(
        "mail.imap.authenticated-connection-timeout",
        now.authenticatedConnectionTimeout(),
        Duration.ofSeconds(30),
        Duration.ofDays(1));
    keys.duration(
        "mail.imap.idle-heartbeat",
        now.idleHeartbeat(),
        Duration.ofSeconds(10),
        Duration.ofMinutes(29));
    keys.octets("mail.imap.max-command-size", now.maxCommandSize(), 1024, 1024 * 1024);
    keys.octets("mail.imap.search-budget", now.searchBudget(), 1L << 20, 1L << 50);
    declareCapabilities(now, keys);
    keys.count("mail.imap.message-limit", now.messageLimit(), 0, 100_000);
    keys.count("mail.imap.max-protocol-errors", now.maxProtocolErrors(), 1, 1_000);
    AuthSettings.PerProtocol.declare("mail.imap", now, keys);
    ProtocolLogSettings.declare("mail.imap", now, keys);
  }

  private static void declareCapabilities(ImapSettings now, Keys keys) {
    keys.matching(
        "mail.imap.disabled-capabilities",
        now.disabledCapabilities().map(names -> String.join(",", names)),
        "(?i)(?!.*\\bIMAP4rev1\\b)[A-Z0-9=+-]{1,64}(,[A-Z0-9=+-]{1,64}){0,99}",
        "a list of at most 100 capabilities, IMAP4rev1 not among them,");
    var rule = "[ -~&&[^:,]]{1,128}:[A-Z0-9=+-]{1,64}(\\|[A-Z0-9=+-]{1,64}){0,19}";
    keys.matching(
        "mail.imap.disabled-capabilities-by-client",
        now.disabledCapabilitiesByClient().map(rules -> String.join(",", rules)),
        "(?i)(?!.*[:|]IMAP4rev1\\b)" + rule + "(," + rule + "){0,49}",
        "a list of at most 50 names of clients, each with a colon and at most 20 capabilities,"
            + " IMAP4rev1 not among them,");
    keys.flag("mail.imap.literal-minus", now.literalMinus());
  }
}
