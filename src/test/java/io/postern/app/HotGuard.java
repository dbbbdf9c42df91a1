package io.postern.app;

import static io.postern.app.HotStage.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The hot keys of the guard. Each scenario has users of its own, and addresses: failures are
 * remembered for longer than a scenario lasts. All clients stay connected, also those refused.
 */
final class HotGuard {
  private static final String WRONG = "t NO [AUTHENTICATIONFAILED]";
  private static final String BANNED = "t NO [UNAVAILABLE]";

  /** So that only the tested limit delays. */
  private static final String[] NO_DELAY = {"mail.guard.delay-after", "1000"};

  private static final String[] BAN_AFTER_TWO = {"mail.guard.ban-account-after", "2"};

  private HotGuard() {}

  private static void set(HotStage stage, String[]... settings) throws Exception {
    stage.set(Stream.of(settings).flatMap(Arrays::stream).toArray(String[]::new));
  }

  private static String[] key(String name, String value) {
    return new String[] {"mail.guard." + name, value};
  }

  private static Peer client(HotStage stage, String address) throws IOException {
    return HotMailProtocol.IMAP.connectFrom(stage, address);
  }

  private static void fails(Peer client, String user, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      assertThat(ask(client, "LOGIN " + user + " wrong")).startsWith(WRONG);
    }
  }

  private static String tries(Peer client, String user) throws IOException {
    return HotMailProtocol.IMAP.tries(client, user);
  }

  /** On a connection for each try: too many refused logins end one. */
  private static void entersAtLast(HotStage stage, String address, String user) throws Exception {
    HotStage.eventually("what was forgotten bans nobody", () -> isLetIn(stage, address, user));
  }

  private static boolean isLetIn(HotStage stage, String address, String user) throws Exception {
    try (var client = client(stage, address)) {
      return tries(client, user).startsWith("t OK");
    }
  }

  static void enabled(HotStage stage) throws Exception {
    var user = stage.user();
    try (var client = client(stage, "192.0.2.30")) {
      set(stage, NO_DELAY, BAN_AFTER_TWO);
      fails(client, user, 2);
      assertThat(tries(client, user)).startsWith(BANNED);
      set(stage, NO_DELAY, BAN_AFTER_TWO, key("enabled", "false"));
      HotMailProtocol.IMAP.enters(client, user);
    }
  }

  static void allowedNetworks(HotStage stage) throws Exception {
    var user = stage.user();
    try (var client = client(stage, "192.0.2.31")) {
      set(stage, NO_DELAY, BAN_AFTER_TWO);
      fails(client, user, 2);
      assertThat(tries(client, user)).startsWith(BANNED);
      set(stage, NO_DELAY, BAN_AFTER_TWO, key("allowed-networks", "192.0.2.31/32"));
      HotMailProtocol.IMAP.enters(client, user);
    }
  }

  static void banAccountAfter(HotStage stage) throws Exception {
    var user = stage.user();
    try (var client = client(stage, "192.0.2.32");
        var other = client(stage, "192.0.2.33")) {
      set(stage, NO_DELAY);
      fails(client, user, 2);
      set(stage, NO_DELAY, BAN_AFTER_TWO);
      assertThat(tries(client, user)).startsWith(BANNED);
      assertThat(tries(other, user)).startsWith(BANNED);
      set(stage, NO_DELAY);
      HotMailProtocol.IMAP.enters(other, user);
      HotMailProtocol.IMAP.enters(client, user);
    }
  }

  static void banNetworkAfter(HotStage stage) throws Exception {
    var innocent = stage.user();
    try (var client = client(stage, "192.0.2.34");
        var other = client(stage, "192.0.2.35")) {
      set(stage, NO_DELAY);
      fails(client, stage.user(), 2);
      set(stage, NO_DELAY, key("ban-network-after", "2"));
      assertThat(tries(client, innocent)).startsWith(BANNED);
      HotMailProtocol.IMAP.enters(other, innocent);
      set(stage, NO_DELAY);
      HotMailProtocol.IMAP.enters(client, innocent);
    }
  }

  /**
   * Failures before the change count as long as they were to; those after it are soon forgotten.
   */
  static void within(HotStage stage) throws Exception {
    var old = stage.user();
    var recent = stage.user();
    try (var client = client(stage, "192.0.2.36");
        var other = client(stage, "192.0.2.37")) {
      set(stage, NO_DELAY);
      fails(client, old, 2);
      set(stage, NO_DELAY, key("within", "PT1S"));
      fails(other, recent, 2);
      set(stage, NO_DELAY, key("within", "PT1S"), BAN_AFTER_TWO);
      entersAtLast(stage, "192.0.2.37", recent);
      assertThat(tries(client, old)).startsWith(BANNED);
    }
  }

  /** The same of bans. */
  static void banFor(HotStage stage) throws Exception {
    var old = stage.user();
    var recent = stage.user();
    try (var client = client(stage, "192.0.2.38");
        var other = client(stage, "192.0.2.39")) {
      set(stage, NO_DELAY, BAN_AFTER_TWO);
      fails(client, old, 2);
      set(stage, NO_DELAY, BAN_AFTER_TWO, key("ban-for", "PT1S"));
      fails(other, recent, 2);
      entersAtLast(stage, "192.0.2.39", recent);
      assertThat(tries(client, old)).startsWith(BANNED);
    }
  }

  static void delayAfter(HotStage stage) throws Exception {
    delays(
        stage,
        "192.0.2.40",
        key("first-delay", "PT2S"),
        key("delay-after", "1000"),
        key("delay-after", "1"));
  }

  static void firstDelay(HotStage stage) throws Exception {
    delays(
        stage,
        "192.0.2.41",
        key("delay-after", "1"),
        key("first-delay", "PT0S"),
        key("first-delay", "PT2S"));
  }

  static void longestDelay(HotStage stage) throws Exception {
    delays(
        stage,
        "192.0.2.42",
        new String[] {"mail.guard.delay-after", "1", "mail.guard.first-delay", "PT10S"},
        key("longest-delay", "PT0S"),
        key("longest-delay", "PT2S"));
  }

  /**
   * After a failure a login succeeds at once with the settings before, and two seconds later now.
   */
  private static void delays(
      HotStage stage, String address, String[] all, String[] before, String[] now)
      throws Exception {
    var user = stage.user();
    try (var client = client(stage, address)) {
      set(stage, all, before);
      fails(client, user, 1);
      set(stage, all, now);
      long began = System.nanoTime();
      HotMailProtocol.IMAP.enters(client, user);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isGreaterThanOrEqualTo(Duration.ofMillis(1_900));
    }
  }
}
