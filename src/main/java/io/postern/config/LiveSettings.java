package io.postern.config;

import io.postern.config.net.AccessRules;
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
