package io.postern.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.embedded.FreePorts;
import io.postern.wire.CloseReason;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.SSLOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two sites in memory, of which one fails: alice's mailbox is in the east, bob's in the west. */
class FailedSiteIT {
  private static final String ALICE = "alice@example.test";
  private static final String BOB = "bob@example.test";
  private static final String FAST = "mail.site.fail-fast-after=PT0S";
  private static final String SHORT = "mail.site.hand-over-timeout=PT1S";
  private static final String AT_ONCE = "mail.site.disconnect-spread=PT0S";
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path scratch;

  private final MemoryDirectory directory = new MemoryDirectory();
  private final List<Integer> eastPorts = FreePorts.many(2);
  private final List<Integer> westPorts = FreePorts.many(2);
  private SiteKeys issuer;
  private MemorySite east;
  private MemorySite west;

  @BeforeEach
  void start() throws Exception {
    issuer = new SiteKeys(scratch, "issuer");
    east = east(issuer.options("east", "east", DAY)).start();
    west = west(issuer.options("west", "west", DAY)).start();
    east.account(ALICE);
    west.account(BOB);
  }

  private MemorySite east(SSLOptions keys, String... settings) {
    return new MemorySite("east", keys, directory, eastPorts, Map.of("west", westPorts), settings);
  }

  private MemorySite west(SSLOptions keys, String... settings) {
    return new MemorySite("west", keys, directory, westPorts, Map.of("east", eastPorts), settings);
  }

  @AfterEach
  void stop() {
    east.close();
    west.close();
  }

  @Test
  void aStaleHomeIsReadAgainOnce() throws Exception {
    try (var before = SiteClient.at(west.imap())) {
      // The west keeps the home in memory, the east does not know of it.
      assertThat(before.say("LOGIN " + ALICE + " wrong")).startsWith("t NO ");
    }
    directory.assign(ALICE, "west");
    try (var peer = SiteClient.at(west.imap())) {
      assertThat(peer.login(ALICE)).startsWith("t NO [UNAVAILABLE]");
      assertThat(peer.say("NOOP")).startsWith("t OK");
    }
    assertThat(west.events).contains("NOT_HOME east", "LOOP east");
  }

  @Test
  void aSiteThatIsDownIsNoWrongPassword() throws Exception {
    east.close();
    try (var peer = SiteClient.at(west.imap());
        var pop3 = SiteClient.at(west.pop3())) {
      assertThat(peer.login(ALICE)).matches("t NO \\[UNAVAILABLE] .*\\(session [0-9a-f]{16}\\).*");
      for (int i = 0; i < 6; i++) {
        assertThat(peer.login(ALICE)).startsWith("t NO [UNAVAILABLE]");
      }
      assertThat(peer.login(BOB)).startsWith("t OK");
      pop3.pop3("USER " + ALICE);
      assertThat(pop3.pop3("PASS " + MemorySite.PASSWORD)).startsWith("-ERR [SYS/TEMP]");
      assertThat(pop3.pop3("CAPA")).startsWith("+OK");
    }
    assertThat(west.events).contains("UNREACHABLE east");
  }

  @Test
  void aSiteThatHasFailedForLongFailsFastAndComesBack() throws Exception {
    west.close();
    west = west(issuer.options("west", "west", DAY), FAST, SHORT).start();
    east.close();
    try (var peer = SiteClient.at(west.imap())) {
      while (!west.events.contains("FAILED_FAST east")) {
        assertThat(peer.login(ALICE)).startsWith("t NO [UNAVAILABLE]");
      }
      east = east(issuer.options("east", "east", DAY)).start();
      east.account(ALICE);
      var answer = peer.login(ALICE);
      while (answer.startsWith("t NO [UNAVAILABLE]")) {
        answer = peer.login(ALICE);
      }
      assertThat(answer).startsWith("t OK");
    }
  }

  @Test
  void anAddressThatDoesNotAnswerIsGivenUp() throws Exception {
    east.close();
    west.close();
    west = west(issuer.options("west", "west", DAY), SHORT).start();
    try (var silent = new ServerSocket(eastPorts.get(0), 5, InetAddress.getLoopbackAddress());
        var peer = SiteClient.at(west.imap())) {
      assertThat(silent.isBound()).isTrue();
      assertThat(peer.login(ALICE)).startsWith("t NO [UNAVAILABLE]");
    }
  }

  static Stream<SSLEngineOptions> engines() {
    return Stream.of(new JdkSSLEngineOptions(), new OpenSSLEngineOptions());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aWrongCertificateOfTheHomeIsRefusedAndCounted(SSLEngineOptions engine) throws Exception {
    west.engine = engine;
    try (var peer = SiteClient.at(west.imap())) {
      assertThat(peer.login(ALICE)).startsWith("t OK");
    }
    refusedHome("OUTGOING OTHER_SITE", issuer.options("wrong", "north", DAY));
    refusedHome("OUTGOING EXPIRED", issuer.options("old", "east", DAY.negated()));
    var other = new SiteKeys(scratch, "other");
    refusedHome("OUTGOING UNKNOWN", other.options("foreign", "east", DAY));
  }

  private void refusedHome(String event, SSLOptions keys) throws Exception {
    east.close();
    east = east(keys).start();
    try (var peer = SiteClient.at(west.imap())) {
      assertThat(peer.login(ALICE)).startsWith("t NO [UNAVAILABLE]");
    }
    assertThat(west.events).contains(event);
  }

  @Test
  void withoutTheDirectoryTheLastAnswerHolds() throws Exception {
    try (var before = SiteClient.at(west.imap())) {
      before.login(ALICE);
    }
    directory.down = true;
    try (var passedOn = SiteClient.at(west.imap());
        var direct = SiteClient.at(west.imap());
        var unknown = SiteClient.at(east.imap())) {
      assertThat(passedOn.login(ALICE)).startsWith("t OK");
      assertThat(direct.login(BOB)).startsWith("t OK");
      assertThat(unknown.login(BOB)).startsWith("t NO [UNAVAILABLE]");
    }
  }

  @Test
  void aClosedClientClosesTheHop() throws Exception {
    try (var peer = SiteClient.at(west.imap())) {
      peer.login(ALICE);
      peer.say("NOOP");
    }
    Eventually.holds("all sessions end", () -> east.sessions.count() + west.sessions.count() == 0);
    assertThat(west.events).doesNotContain("BROKE east");
  }

  @Test
  void aHomeThatDrainsSaysGoodbyeItself() throws Exception {
    west.close();
    west = west(issuer.options("west", "west", DAY), AT_ONCE).start();
    try (var peer = SiteClient.at(west.imap())) {
      peer.login(ALICE);
      peer.say("NOOP");
      east.sessions.closeAll(CloseReason.SHUTDOWN).await().atMost(Duration.ofSeconds(20));
      assertThat(peer.line()).startsWith("* BYE [UNAVAILABLE] The service is shutting down");
      assertThat(peer.next()).isEmpty();
    }
    assertThat(west.events).doesNotContain("BROKE east");
  }
}
