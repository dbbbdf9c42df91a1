package io.postern.config;

import io.postern.config.area.AuthSettings;
import io.postern.config.area.ConnectionSettings;
import io.postern.config.area.DrainSettings;
import io.postern.config.area.GuardSettings;
import io.postern.config.area.ImapSettings;
import io.postern.config.area.Keys;
import io.postern.config.area.LimitSettings;
import io.postern.config.area.LmtpSettings;
import io.postern.config.area.Pop3Settings;
import io.postern.config.area.ProbeSettings;
import io.postern.config.area.ProtocolLogSettings;
import io.postern.config.area.RetentionSettings;
import io.postern.config.area.TraceSettings;
import io.postern.config.net.AccessRules;
import io.postern.config.watch.Bounds;
import io.postern.model.MailProtocol;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings that take effect while the server runs: one interface per area, which holds its keys
 * with their documentation, defaults and bounds. A new area is named here and in {@link Bounds#of}.
 */
@ConfigMapping(prefix = "mail")
public interface LiveSettings {
  /**
   * The largest message that APPEND and LMTP accept, in octets; 1K to 2047M. Exchange:
   * MaxReceiveSize.
   */
  @WithDefault("35M")
  MemorySize maxReceiveSize();

  /** IMAP. */
  ImapSettings imap();

  /** POP3. */
  Pop3Settings pop3();

  /** Authentication. */
  AuthSettings auth();

  /** Retention of expunged mail and deleted accounts. */
  RetentionSettings retention();

  /** Limits of one account. */
  Mailbox mailbox();

  /** The database. */
  Store store();

  /** SMTP, which another server provides. */
  ConnectionSettings.Smtp smtp();

  /** The settings page for users. */
  ConnectionSettings.Page settingsPage();

  /** LMTP, which delivers mail. */
  LmtpSettings lmtp();

  /** Notification of idle sessions about changes. */
  Push push();

  /** Protection against password guessing. */
  GuardSettings guard();

  /** Load balancers that speak the PROXY protocol. */
  LimitSettings.Proxy proxyProtocol();

  /**
   * Which clients may use which protocol; the first rule that matches decides: {@code deny pop3
   * 192.0.2.0/24}, {@code allow any 10.0.0.0/8}, {@code deny any any}. Exchange:
   * New-ClientAccessRule.
   */
  Optional<List<String>> accessRules();

  /** TLS of all mail ports. */
  Tls tls();

  /** Draining of sessions. */
  DrainSettings drain();

  /** Logging. */
  Log log();

  /** Traces of commands. */
  TraceSettings trace();

  /** Probes of the own listeners. */
  ProbeSettings probe();

  /** Whether the service of a protocol is enabled. */
  static boolean enabled(LiveSettings settings, MailProtocol protocol) {
    return switch (protocol) {
      case IMAP -> settings.imap().enabled();
      case POP3 -> settings.pop3().enabled();
      case LMTP -> settings.lmtp().enabled();
    };
  }

  /** The protocol log's settings of a protocol; LMTP has no such log. */
  static Optional<ProtocolLogSettings> protocolLog(LiveSettings settings, MailProtocol protocol) {
    return switch (protocol) {
      case IMAP -> Optional.of(settings.imap());
      case POP3 -> Optional.of(settings.pop3());
      case LMTP -> Optional.empty();
    };
  }

  /**
   * What a protocol requires of a login.
   *
   * @throws IllegalArgumentException for LMTP, which has no login
   */
  static AuthSettings.PerProtocol login(LiveSettings settings, MailProtocol protocol) {
    return switch (protocol) {
      case IMAP -> settings.imap();
      case POP3 -> settings.pop3();
      case LMTP -> throw new IllegalArgumentException("LMTP has no login");
    };
  }

  /** Declares the keys that belong to no area, with their bounds. */
  static void declare(LiveSettings now, Keys keys) {
    keys.choice("mail.log.format", now.log().format());
    keys.flag("mail.log.session-summary", now.log().sessionSummary());
    keys.choice("mail.tls.engine", now.tls().engine());
    keys.matching(
        "mail.tls.minimum-tls-version",
        Optional.of(now.tls().minimumTlsVersion()),
        "1\\.[23]",
        "1.2 or 1.3");
    keys.octets("mail.max-receive-size", now.maxReceiveSize(), 1024, 2047L * 1024 * 1024);
    keys.octets(
        "mail.store.content-cache-size",
        new MemorySize(BigInteger.valueOf(now.store().contentCacheOctets())),
        0,
        8L << 30);
    keys.count("mail.mailbox.max-mailboxes", now.mailbox().maxMailboxes(), 1, 100_000);
    keys.count("mail.mailbox.max-subscriptions", now.mailbox().maxSubscriptions(), 1, 100_000);
    keys.count("mail.mailbox.max-permissions", now.mailbox().maxPermissions(), 1, 1_000);
    keys.flag("mail.mailbox.share-with-anyone", now.mailbox().shareWithAnyone());
    keys.count("mail.mailbox.max-annotations", now.mailbox().maxAnnotations(), 10, 1_000);
    keys.octets(
        "mail.mailbox.max-annotation-size", now.mailbox().maxAnnotationSize(), 1024, 1024 * 1024);
    keys.octets(
        "mail.mailbox.max-annotation-storage",
        now.mailbox().maxAnnotationStorage(),
        64 * 1024,
        1L << 30);
    declareQuotas(now.mailbox(), keys);
    LimitSettings.declare(now.proxyProtocol(), keys);
    ConnectionSettings.declare(now.smtp(), now.settingsPage(), keys);
    var rules = now.accessRules().orElse(List.of());
    keys.parsed(
        "mail.access-rules",
        String.join(",", rules),
        "a list of: allow or deny, a protocol or any, a network or any",
        () -> AccessRules.parse(rules));
  }

  private static void declareQuotas(Mailbox now, Keys keys) {
    keys.octetsIfSet("mail.mailbox.issue-warning-quota", now.issueWarningQuota(), 0, 1L << 50);
    keys.octetsIfSet("mail.mailbox.prohibit-send-quota", now.prohibitSendQuota(), 0, 1L << 50);
    keys.octetsIfSet(
        "mail.mailbox.prohibit-send-receive-quota", now.prohibitSendReceiveQuota(), 0, 1L << 50);
    keys.countIfSet("mail.mailbox.max-messages", now.maxMessages(), 0, 1L << 50);
  }

  /** Limits of one account. */
  interface Mailbox {
    /**
     * The most mailboxes of one account; 1 to 100,000. Creating more is refused with {@code NO
     * [LIMIT]}; existing ones stay.
     */
    @WithDefault("10000")
    int maxMailboxes();

    /**
     * The most subscriptions of one account, to existing mailboxes or not; 1 to 100,000. More are
     * refused with {@code NO [LIMIT]}; existing ones stay.
     */
    @WithDefault("10000")
    int maxSubscriptions();

    /**
     * With how many other users one mailbox can be shared (RFC 4314), and a hundredth of all such
     * entries of an account; 1 to 1,000. More are refused with {@code NO [LIMIT]}; existing ones
     * stay. Exchange: the entries of Add-MailboxFolderPermission.
     */
    @WithDefault("100")
    int maxPermissions();

    /**
     * Whether users can share mailboxes with all accounts of this site at once, the identifier
     * {@code anyone} of RFC 4314, whatever their domain. Otherwise granting it is refused with
     * {@code NO [CANNOT]}; what is shared so already stays until it is withdrawn. Exchange: the
     * user Default of Add-MailboxFolderPermission.
     */
    @WithDefault("false")
    boolean shareWithAnyone();

    /**
     * The most annotations of one mailbox that its users share, and the most that each of them has
     * for himself (RFC 5464); 10 to 1,000. More are refused with {@code NO [METADATA TOOMANY]};
     * existing ones stay.
     */
    @WithDefault("100")
    int maxAnnotations();

    /**
     * The most octets of the value of an annotation; 1K to 1M. A larger one is refused with {@code
     * NO [METADATA MAXSIZE]}.
     */
    @WithDefault("16K")
    MemorySize maxAnnotationSize();

    /**
     * The most octets of the values of all annotations of an account; 64K to 1G. Beyond it
     * annotations are refused with {@code NO [OVERQUOTA]}; existing ones stay.
     */
    @WithDefault("16M")
    MemorySize maxAnnotationStorage();

    /**
     * From which size of all its mailboxes a user is to be warned, for accounts without a level of
     * their own; none without a value. Exchange: IssueWarningQuota.
     */
    Optional<MemorySize> issueWarningQuota();

    /**
     * From which size of all its mailboxes a user may send no mail, for accounts without a level of
     * their own; shown by the admin API, for a mail transfer agent to enforce. Exchange:
     * ProhibitSendQuota.
     */
    Optional<MemorySize> prohibitSendQuota();

    /**
     * The most octets of all mailboxes of an account without a level of its own: beyond it APPEND
     * and COPY are refused with {@code NO [OVERQUOTA]}, mail with 452. Without a value there is no
     * limit. Exchange: ProhibitSendReceiveQuota.
     */
    Optional<MemorySize> prohibitSendReceiveQuota();

    /**
     * The most messages of all mailboxes of an account without a level of its own; without a value
     * there is no limit. Refused as beyond {@code prohibit-send-receive-quota}.
     */
    Optional<Long> maxMessages();
  }

  /** The database. */
  interface Store {
    /**
     * How much memory outside the heap the contents of messages may take that were delivered or
     * read on this replica, and what SEARCH keeps of them, so that the next client does not read
     * them from the database; 0, for none, to 8G, and never more than three quarters of what {@code
     * -XX:MaxDirectMemorySize} allows, which is as much as the heap if it is not set. Without a
     * value it is a quarter of the heap, at most 1G. What is once taken from the system is given
     * back at the next start.
     */
    Optional<MemorySize> contentCacheSize();

    /** The same in octets, with its default. */
    default long contentCacheOctets() {
      return contentCacheSize()
          .map(MemorySize::asLongValue)
          .orElseGet(() -> Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4));
    }
  }

  /** TLS; certificates are those of {@code quarkus.tls.mail}. */
  interface Tls {
    /**
     * The library that performs TLS: {@code openssl} (BoringSSL; JVM package on Linux, x86_64 and
     * aarch64), which takes less processor time and resumes sessions on every replica, {@code jdk},
     * or {@code auto}: OpenSSL where it can be loaded, and the JDK for a protocol whose {@code
     * extended-protection-policy} is not {@code none} or if {@code quarkus.tls.mail.cipher-suites}
     * selects suites, which OpenSSL does not support. Applies to new TLS handshakes; connections to
     * other sites keep the library that was set at the first of them.
     */
    @WithDefault("auto")
    Engine engine();

    /**
     * The oldest TLS version accepted: {@code 1.2}, which Outlook on Windows 10 and old telephones
     * need, or {@code 1.3}. Applies to new TLS handshakes. Both use authenticated encryption and
     * forward secrecy only; {@code quarkus.tls.mail.protocols} has no effect.
     */
    @WithDefault("1.2")
    String minimumTlsVersion();

    /** Whether TLS 1.2 is refused. */
    default boolean onlyTls13() {
      return minimumTlsVersion().equals("1.3");
    }

    /** The library that performs TLS. */
    enum Engine {
      /** OpenSSL where it is available and does what the other settings require. */
      AUTO,
      /** The JDK's own. */
      JDK,
      /** BoringSSL, a fork of OpenSSL. */
      OPENSSL
    }
  }

  /** Logging. */
  interface Log {
    /** The line format: {@code text} for people, {@code json} for machines, one object a line. */
    @WithDefault("text")
    Format format();

    /** Whether each session writes a line when it ends: user, totals, duration and reason. */
    @WithDefault("true")
    boolean sessionSummary();

    /** The format of a line. */
    enum Format {
      /** For people. */
      TEXT,
      /** For machines. */
      JSON
    }
  }

  /** Notification of idle sessions about changes. */
  interface Push {
    /** How often an idle session polls the store while Redis is down; 10 s to 29 min. */
    @WithDefault("PT1M")
    Duration pollInterval();

    /** Declares the keys with their bounds. */
    static void declare(Push now, Keys keys) {
      keys.duration(
          "mail.push.poll-interval",
          now.pollInterval(),
          Duration.ofSeconds(10),
          Duration.ofMinutes(29));
    }
  }
}
