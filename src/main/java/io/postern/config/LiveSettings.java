package io.postern.config;

import io.postern.config.net.AccessRules;
import io.postern.config.watch.Bounds;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/**
 * Settings that take effect while the server runs: one interface per area, which holds its keys
 * with their documentation, defaults and bounds. A new area is named here and in {@link Bounds#of}.
 */
@ConfigMapping(prefix = "mail")
public interface LiveSettings {
  /**
   * The largest message that APPEND and LMTP take, in octets; 1K to 2047M. Exchange:
   * MaxReceiveSize.
   */
  @WithDefault("35M")
  MemorySize maxReceiveSize();

  /** The IMAP4 service. */
  ImapSettings imap();

  /** The POP3 service. */
  Pop3Settings pop3();

  /** How users are known. */
  AuthSettings auth();

  /** What is kept of mail that was removed. */
  RetentionSettings retention();

  /** How much one account may have. */
  Mailbox mailbox();

  /** The LMTP service, by which mail is handed in. */
  LmtpSettings lmtp();

  /** How sessions learn of changes. */
  PushSettings push();

  /** What is done about failed logins. */
  GuardSettings guard();

  /** Load balancers that speak the PROXY protocol. */
  LimitSettings.Proxy proxyProtocol();

  /**
   * From where which protocol may be spoken, the first rule that fits decides: {@code deny pop3
   * 192.0.2.0/24}, {@code allow any 10.0.0.0/8}, {@code deny any any}. Exchange:
   * New-ClientAccessRule.
   */
  Optional<List<String>> accessRules();

  /** TLS of all mail ports. */
  Tls tls();

  /** How sessions leave. */
  DrainSettings drain();

  /** What is written to the log. */
  Log log();

  /** Traces of commands. */
  TraceSettings trace();

  /** The keys of no area, with their bounds. */
  static void declare(LiveSettings now, Keys keys) {
    keys.choice("mail.log.format", now.log().format());
    keys.flag("mail.log.session-summary", now.log().sessionSummary());
    keys.matching(
        "mail.tls.minimum-tls-version",
        Optional.of(now.tls().minimumTlsVersion()),
        "1\\.[23]",
        "1.2 or 1.3");
    keys.octets("mail.max-receive-size", now.maxReceiveSize(), 1024, 2047L * 1024 * 1024);
    keys.count("mail.mailbox.max-mailboxes", now.mailbox().maxMailboxes(), 1, 100_000);
    keys.count("mail.mailbox.max-subscriptions", now.mailbox().maxSubscriptions(), 1, 100_000);
    LimitSettings.declare(now.proxyProtocol(), keys);
    var rules = now.accessRules().orElse(List.of());
    keys.parsed(
        "mail.access-rules",
        String.join(",", rules),
        "a list of: allow or deny, a protocol or any, a network or any",
        () -> AccessRules.parse(rules));
  }

  /** How much one account may have. */
  interface Mailbox {
    /**
     * How many mailboxes one account may have; 1 to 100,000. More are refused with {@code NO
     * [LIMIT]}; those that are there stay.
     */
    @WithDefault("10000")
    int maxMailboxes();

    /**
     * How many names one account may be subscribed to, whether mailboxes have them or not; 1 to
     * 100,000. More are refused with {@code NO [LIMIT]}; those that are there stay.
     */
    @WithDefault("10000")
    int maxSubscriptions();
  }

  /** TLS; certificates are those of {@code quarkus.tls.mail}. */
  interface Tls {
    /**
     * The oldest version that is spoken: {@code 1.2}, which Outlook on Windows 10 and old
     * telephones need, or {@code 1.3}. Felt by the next TLS handshakes. Both with authenticated
     * encryption and forward secrecy only; {@code quarkus.tls.mail.protocols} has no effect.
     */
    @WithDefault("1.2")
    String minimumTlsVersion();

    /** Whether TLS 1.2 is refused. */
    default boolean onlyTls13() {
      return minimumTlsVersion().equals("1.3");
    }
  }

  /** The log. */
  interface Log {
    /** How a line looks: {@code text} for people, {@code json} for machines, one object a line. */
    @WithDefault("text")
    Format format();

    /** Whether each session leaves a line when it ends: who, how much, how long, why it ended. */
    @WithDefault("true")
    boolean sessionSummary();

    /** How a line looks. */
    enum Format {
      /** For people. */
      TEXT,
      /** For machines. */
      JSON
    }
  }
}
