package io.postern.config.area;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Passwords in a directory: LDAP, Active Directory. Part of {@code mail.auth}. */
public interface DirectorySettings {
  /**
   * The servers, each {@code host:port}; another one is used while one does not answer. Without
   * any, passwords are those of the accounts here.
   */
  Optional<List<String>> servers();

  /** How connections are encrypted. */
  @WithDefault("ssl")
  Encryption encryption();

  /** A file with the certificates to trust (PEM); by default those of the Java platform. */
  Optional<String> trustedCertificates();

  /** The name that searches, a distinguished name; anonymous if not set. */
  Optional<String> bindDn();

  /** A file whose first line is its password, read again when the settings change. */
  Optional<String> bindPasswordFile();

  /** Where users are searched, a distinguished name. */
  Optional<String> baseDn();

  /**
   * What finds the entry of a user (RFC 4515): {@code {name}} stands for the login name, {@code
   * {local-part}} for what is before its {@code @}. It must find one entry.
   */
  @WithDefault("(mail={name})")
  String filter();

  /** The attribute with the name of the account here, an address; its first value counts. */
  @WithDefault("mail")
  String accountAttribute();

  /** The mail domains whose users are in the directory; all domains if not set. */
  Optional<List<String>> domains();

  /** The most connections of a replica; 1 to 100. */
  @WithDefault("8")
  int maxConnections();

  /**
   * How long a connection or an answer is awaited; 100 ms to 60 s. Then the login is answered with
   * {@code NO [UNAVAILABLE]}.
   */
  @WithDefault("PT5S")
  Duration timeout();

  /**
   * How long an entry, and a password that was right, are remembered; 0 s to 5 min. For so long a
   * password that was changed in the directory is still accepted.
   */
  @WithDefault("PT10S")
  Duration cache();

  /**
   * Whether the first login with the right password creates the account of a user of the directory
   * who has none. Only a password creates it, not a token, and never an account whose name is
   * blocked, outside {@link #domains}, or {@code administrator}.
   */
  @WithDefault("false")
  boolean createAccounts();

  /**
   * The mailbox plan of accounts that are created so; the default plan, if there is one, when not
   * set. While there is no such plan, these logins are answered with {@code NO [UNAVAILABLE]}.
   */
  Optional<String> mailboxPlan();

  /**
   * How many accounts a replica creates so in a minute; 1 to 10,000. Further logins are answered
   * with {@code NO [UNAVAILABLE]}.
   */
  @WithDefault("100")
  int createdAccountsPerMinute();

  /** Encryption of connections to the directory. */
  enum Encryption {
    /** TLS from the first octet. */
    SSL,
    /** StartTLS (RFC 4513 §3). */
    STARTTLS,
    /** None: passwords can be read on the way. */
    NONE
  }

  /** Declares the keys with their bounds. */
  static void declare(DirectorySettings now, Keys keys) {
    var servers = now.servers().orElse(List.of());
    keys.parsed(
        "mail.auth.directory.servers",
        String.join(",", servers),
        "a list of host:port",
        () -> servers.forEach(DirectorySettings::checkServer));
    keys.choice("mail.auth.directory.encryption", now.encryption());
    keys.matching(
        "mail.auth.directory.trusted-certificates",
        now.trustedCertificates(),
        "/.+",
        "an absolute path");
    keys.matching("mail.auth.directory.bind-dn", now.bindDn(), ".+=.+", "a distinguished name");
    keys.matching(
        "mail.auth.directory.bind-password-file",
        now.bindPasswordFile(),
        "/.+",
        "an absolute path");
    search(now, keys);
    creation(now, keys);
    keys.rule(
        servers.isEmpty() || now.baseDn().isPresent(),
        "mail.auth.directory.servers is set, but mail.auth.directory.base-dn is not");
    keys.rule(
        now.bindDn().isPresent() == now.bindPasswordFile().isPresent(),
        "of mail.auth.directory.bind-dn and mail.auth.directory.bind-password-file only one is"
            + " set");
  }

  private static void search(DirectorySettings now, Keys keys) {
    keys.matching("mail.auth.directory.base-dn", now.baseDn(), ".+=.+", "a distinguished name");
    keys.matching(
        "mail.auth.directory.filter",
        Optional.of(now.filter()),
        "\\(.*\\{(name|local-part)}.*\\)",
        "a filter in parentheses with {name} or {local-part}");
    keys.matching(
        "mail.auth.directory.account-attribute",
        Optional.of(now.accountAttribute()),
        "[A-Za-z][A-Za-z0-9-]{0,63}",
        "the name of an attribute");
    keys.parsed(
        "mail.auth.directory.domains",
        String.join(",", now.domains().orElse(List.of())),
        "a list of mail domains",
        () -> {});
    keys.count("mail.auth.directory.max-connections", now.maxConnections(), 1, 100);
    keys.duration(
        "mail.auth.directory.timeout",
        now.timeout(),
        Duration.ofMillis(100),
        Duration.ofSeconds(60));
    keys.duration("mail.auth.directory.cache", now.cache(), Duration.ZERO, Duration.ofMinutes(5));
  }

  private static void creation(DirectorySettings now, Keys keys) {
    keys.flag("mail.auth.directory.create-accounts", now.createAccounts());
    keys.matching(
        "mail.auth.directory.mailbox-plan",
        now.mailboxPlan(),
        "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
        "the name of a mailbox plan");
    keys.count(
        "mail.auth.directory.created-accounts-per-minute",
        now.createdAccountsPerMinute(),
        1,
        10_000);
  }

  private static void checkServer(String text) {
    if (!text.strip().matches("[^:\\s]{1,253}:[0-9]{1,5}|\\[[0-9a-fA-F:]+]:[0-9]{1,5}")
        || Integer.parseInt(text.strip().substring(text.strip().lastIndexOf(':') + 1)) > 65_535) {
      throw new IllegalArgumentException("\"" + text + "\" is not of the form host:port");
    }
  }
}
