package io.postern.config;

import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks settings against the bounds that are documented beside them, all at once: whoever has made
 * two mistakes is told of both.
 */
public final class Bounds {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
  private static final Duration HOUR = Duration.ofHours(1);

  private final List<String> problems = new ArrayList<>();

  private Bounds() {}

  /**
   * What is wrong with the settings: for each wrong value its key, itself and what is allowed.
   * Empty when they can be put in force.
   */
  public static List<String> problems(LiveSettings settings) {
    var bounds = new Bounds();
    bounds.octets("mail.max-receive-size", settings.maxReceiveSize(), KIB, 2047 * MIB);
    bounds.imap(settings.imap());
    bounds.pop3(settings.pop3());
    bounds.lmtp(settings.lmtp());
    bounds.duration(
        "mail.retention.deleted-item",
        settings.retention().deletedItem(),
        Duration.ZERO,
        Duration.ofDays(24_855));
    bounds.duration(
        "mail.push.poll-interval",
        settings.push().pollInterval(),
        Duration.ofSeconds(10),
        Duration.ofMinutes(29));
    return List.copyOf(bounds.problems);
  }

  /** The same for the settings of the start. */
  public static List<String> problems(BootSettings settings) {
    var bounds = new Bounds();
    bounds.count("mail.demo.bulk-accounts", settings.demo().bulkAccounts(), 0, 1_000_000);
    return List.copyOf(bounds.problems);
  }

  private void imap(LiveSettings.Imap imap) {
    endpoints("mail.imap.unencrypted-or-tls-bindings", imap.unencryptedOrTlsBindings());
    endpoints("mail.imap.ssl-bindings", imap.sslBindings());
    banner("mail.imap.banner", imap.banner());
    duration(
        "mail.imap.pre-authenticated-connection-timeout",
        imap.preAuthenticatedConnectionTimeout(),
        HALF_MINUTE,
        HOUR);
    duration(
        "mail.imap.authenticated-connection-timeout",
        imap.authenticatedConnectionTimeout(),
        HALF_MINUTE,
        Duration.ofDays(1));
    duration(
        "mail.imap.idle-heartbeat",
        imap.idleHeartbeat(),
        Duration.ofSeconds(10),
        Duration.ofMinutes(29));
    octets("mail.imap.max-command-size", imap.maxCommandSize(), KIB, MIB);
    count("mail.imap.max-protocol-errors", imap.maxProtocolErrors(), 1, 1_000);
  }

  private void pop3(LiveSettings.Pop3 pop3) {
    endpoints("mail.pop3.unencrypted-or-tls-bindings", pop3.unencryptedOrTlsBindings());
    endpoints("mail.pop3.ssl-bindings", pop3.sslBindings());
    banner("mail.pop3.banner", pop3.banner());
    duration(
        "mail.pop3.pre-authenticated-connection-timeout",
        pop3.preAuthenticatedConnectionTimeout(),
        HALF_MINUTE,
        HOUR);
    duration(
        "mail.pop3.authenticated-connection-timeout",
        pop3.authenticatedConnectionTimeout(),
        Duration.ofMinutes(10),
        Duration.ofDays(1));
    octets("mail.pop3.max-command-size", pop3.maxCommandSize(), 255, KIB);
    count("mail.pop3.max-protocol-errors", pop3.maxProtocolErrors(), 10, 1_000);
    duration("mail.pop3.login-delay", pop3.loginDelay(), Duration.ZERO, Duration.ofDays(1));
  }

  private void lmtp(LiveSettings.Lmtp lmtp) {
    endpoints("mail.lmtp.bindings", lmtp.bindings());
    parsed("mail.lmtp.trusted-networks", () -> Networks.parse(lmtp.trustedNetworks()));
    duration("mail.lmtp.timeout", lmtp.timeout(), HALF_MINUTE, HOUR);
    count("mail.lmtp.max-recipients", lmtp.maxRecipients(), 100, 10_000);
    lmtp.hostname().ifPresent(this::hostname);
  }

  private void octets(String key, MemorySize value, long least, long most) {
    long octets = value.asLongValue();
    if (octets < least || octets > most) {
      wrong(key, octets + " octets", least + " to " + most + " octets are allowed");
    }
  }

  private void duration(String key, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      wrong(key, value.toString(), least + " to " + most + " is allowed");
    }
  }

  private void count(String key, int value, int least, int most) {
    if (value < least || value > most) {
      wrong(key, Integer.toString(value), least + " to " + most + " is allowed");
    }
  }

  private void endpoints(String key, List<String> values) {
    values.forEach(value -> parsed(key, () -> Endpoint.parse(value)));
  }

  /** RFC 3501 §9: the text of a response is without line ends; it is sent as ASCII. */
  private void banner(String key, String value) {
    if (value.isEmpty() || value.length() > KIB || !value.chars().allMatch(Bounds::printable)) {
      wrong(key, "\"" + value + "\"", "1 to 1024 printable ASCII characters are allowed");
    }
  }

  private void hostname(String value) {
    if (!value.matches("[A-Za-z0-9.:_\\[\\]-]{1,255}")) {
      wrong("mail.lmtp.hostname", "\"" + value + "\"", "a host's name in ASCII is allowed");
    }
  }

  private static boolean printable(int c) {
    return c >= ' ' && c <= '~';
  }

  private void parsed(String key, Runnable parse) {
    try {
      parse.run();
    } catch (IllegalArgumentException e) {
      problems.add(key + ": " + e.getMessage());
    }
  }

  private void wrong(String key, String value, String allowed) {
    problems.add(key + " is " + value + ", but " + allowed);
  }

  /**
   * Lets settings pass that are within their bounds.
   *
   * @throws IllegalArgumentException when something is wrong, naming all of it
   */
  public static void check(LiveSettings live, BootSettings boot) {
    var problems = new ArrayList<>(problems(live));
    problems.addAll(problems(boot));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "The settings cannot be put in force: " + String.join("; ", problems));
    }
  }
}
