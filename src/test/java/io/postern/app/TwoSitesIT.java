package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.site.SiteKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client connects to any site, and its mailbox is there: alice's in the east, bob's in the west.
 */
class TwoSitesIT {
  private static final String ALICE = "alice@example.test";
  private static final String BOB = "bob@example.test";

  @TempDir static Path scratch;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static TwoSites sites;

  @BeforeAll
  static void start() throws Exception {
    sites = new TwoSites(scratch);
  }

  @AfterAll
  static void stop() {
    sites.close();
  }

  /** A client at a replica, greeted. */
  private static Peer at(String node) throws IOException {
    var peer = new Peer(sites.node(node).server().imap());
    // Several servers start on few processors.
    peer.patience(60_000);
    peer.line();
    return peer;
  }

  private static Peer in(String node, String user) throws IOException {
    var peer = at(node);
    peer.command("LOGIN " + user + " secret-secret");
    return peer;
  }

  private static String login(Peer peer, String user) throws IOException {
    peer.send("t LOGIN " + user + " secret-secret");
    return peer.until("t ");
  }

  @Test
  void imapAtAnySiteReachesTheMailbox() throws Exception {
    try (var direct = in("east1", ALICE);
        var passedOn = in("west", ALICE)) {
      direct.command("CREATE any");
      direct.append("any");
      assertThat(passedOn.command("SELECT any")).contains("* 1 EXISTS");
      passedOn.append("any");
      assertThat(direct.command("STATUS any (MESSAGES)")).contains("MESSAGES 2");
      assertThat(sites.metric("west", "mail_site_piped", "imap")).isPositive();
    }
  }

  @Test
  void theTaggedResponseHasTheHomesCapabilities() throws Exception {
    try (var direct = at("east1");
        var passedOn = at("west")) {
      var home = login(direct, ALICE);
      assertThat(login(passedOn, ALICE))
          .startsWith("t OK [CAPABILITY ")
          .isEqualTo(home.replace(" UNAUTHENTICATE", "").replace("LOGIN", "AUTHENTICATE"));
      passedOn.send("t UNAUTHENTICATE");
      assertThat(passedOn.until("t ")).startsWith("t BAD ");
      passedOn.command("NOOP");
    }
  }

  @Test
  void compressionPassesThroughTheHop() throws Exception {
    try (var passedOn = in("west", ALICE)) {
      passedOn.send("t COMPRESS DEFLATE");
      assertThat(passedOn.until("t ")).startsWith("t OK");
    }
  }

  @Test
  void pop3AtAnySiteReachesTheMaildropAndItsLock() throws Exception {
    sites.account("west", "carol@example.test");
    try (var imap = in("east2", "carol@example.test")) {
      imap.append("INBOX");
    }
    try (var first = new Peer(sites.node("east1").server().pop3());
        var second = new Peer(sites.node("west").server().pop3())) {
      assertThat(first.line()).startsWith("+OK");
      first.send("USER carol@example.test");
      assertThat(first.line()).startsWith("+OK");
      first.send("PASS secret-secret");
      assertThat(first.line()).startsWith("+OK The maildrop has 1 ");
      second.line();
      second.send("USER carol@example.test");
      second.line();
      second.send("PASS secret-secret");
      assertThat(second.line()).startsWith("-ERR [IN-USE]");
      first.send("QUIT");
      assertThat(first.line()).startsWith("+OK");
    }
  }

  @Test
  void idleIsNotifiedThroughTheHop() throws Exception {
    try (var idle = in("west", ALICE);
        var other = in("east2", ALICE)) {
      other.command("CREATE pushed");
      idle.command("SELECT pushed");
      idle.send("t IDLE");
      idle.until("+ ");
      other.append("pushed");
      assertThat(idle.until("* 1 EXISTS")).isEqualTo("* 1 EXISTS");
    }
  }

  @Test
  void pipelinedCommandsFollowTheLogin() throws Exception {
    try (var peer = at("west")) {
      peer.send("a LOGIN " + ALICE + " secret-secret\r\nb SELECT INBOX\r\nc LOGOUT");
      assertThat(peer.until("a ")).startsWith("a OK");
      assertThat(peer.until("b ")).startsWith("b OK");
      assertThat(peer.until("* BYE")).startsWith("* BYE");
      assertThat(peer.until("c ")).startsWith("c OK");
      peer.ended();
    }
  }

  @Test
  void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() throws Exception {
    try (var peer = at("west")) {
      peer.send("t LOGIN " + ALICE + " wrong-wrong");
      var wrong = peer.until("t ");
      peer.send("t LOGIN nobody@example.test wrong-wrong");
      assertThat(peer.until("t ")).isEqualTo(wrong).startsWith("t NO [AUTHENTICATIONFAILED]");
    }
  }

  @Test
  void theHomeDecidesWhatTheUserMay() throws Exception {
    sites.account("west", "dave@example.test");
    sites.change("west", "dave@example.test", "{\"imapEnabled\":false}");
    try (var peer = at("east1")) {
      assertThat(login(peer, "dave@example.test")).startsWith("t NO [AUTHENTICATIONFAILED]");
      peer.command("NOOP");
    }
  }

  @Test
  void aNameBelongsToOneSite() {
    assertThat(sites.tryAccount("west", ALICE)).isEqualTo(409);
  }

  @Test
  void bothSitesLogTheSameSession() throws Exception {
    sites.account("east1", "erin@example.test");
    try (var peer = in("west", "erin@example.test")) {
      peer.command("LOGOUT");
    }
    var id = Pattern.compile("session ([0-9a-f]{16}) ended: [^\\n]*erin@example\\.test");
    HotStage.eventually(
        "both sites have logged the session",
        () -> {
          var front = id.matcher(sites.node("west").server().output());
          var home = sites.node("east1").server().output() + sites.node("east2").server().output();
          return front.find()
              && home.contains("session " + front.group(1) + " ended")
              && home.contains("\"sessionId\":\"" + front.group(1) + "\"");
        });
  }

  @Test
  void onlySitesMayPassOnConnections() throws Exception {
    try (var peer = at("west")) {
      peer.send("t ID (\"x-session-id\" \"1\" \"x-originating-ip\" \"192.0.2.1\")");
      assertThat(peer.until("t ")).startsWith("t BAD Only other sites");
      peer.send("t ID (\"name\" \"SOGo\" \"x-originating-ip\" \"192.0.2.1\")");
      assertThat(peer.until("t ")).startsWith("t OK");
    }
    assertThat(sites.metric("west", "mail_site_hand_overs_refused_total", "imap", "untrusted"))
        .isPositive();
    assertThat(sites.node("west").server().output()).contains("hand-over-refused");
  }

  @Test
  void aBackEndServesSitesOnly() throws Exception {
    int port = sites.node("east1").back();
    try (var anyone = new Peer(port)) {
      anyone.startTls(Optional.of("TLSv1.3"));
      assertThat(anyone.next()).isEmpty();
    } catch (IOException refused) {
      assertThat(refused).hasMessageContaining("certificate");
    }
    HotStage.eventually(
        "the refusal is counted",
        () ->
            sites.metric("east1", "mail_site_certificates_refused_total", "incoming", "unknown")
                > 0);
  }

  @Test
  void aBackEndDoesNotPassOnAndRefersToTheHome() throws Exception {
    try (var peer = new Peer(sites.node("east1").back())) {
      peer.startTls(Optional.of("TLSv1.3"), sites.issuer.manager("west"));
      assertThat(peer.line()).contains("AUTH=EXTERNAL").doesNotContain("PLAIN", "STARTTLS");
      peer.send("t ID (\"x-session-id\" \"1\" \"x-proxy-ttl\" \"0\")");
      assertThat(peer.until("t ")).startsWith("t BAD The connection was passed on too often");
      peer.send("t LOGIN " + ALICE + " secret-secret");
      assertThat(peer.until("t ")).startsWith("t NO ");
      peer.send(
          "t ID (\"x-session-id\" \"test1\" \"x-proxy-ttl\" \"1\" \"x-originating-ip\""
              + " \"192.0.2.1\" \"x-connected-ip\" \"192.0.2.2\")");
      assertThat(peer.until("t ")).startsWith("t OK");
      var bob = Base64.getEncoder().encodeToString(BOB.getBytes(StandardCharsets.UTF_8));
      peer.send("t AUTHENTICATE EXTERNAL " + bob);
      assertThat(peer.until("t ")).startsWith("t NO [REFERRAL imap://bob%40example.test@west/]");
    }
    assertThat(sites.metric("east1", "mail_site_hand_overs_refused_total", "imap", "loop"))
        .isPositive();
  }

  @Test
  void aSiteThatIsDownIsNoWrongPassword() throws Exception {
    try (var passedOn = in("east1", BOB);
        var waiting = at("east1");
        var other = in("east2", ALICE)) {
      sites.node("west").server().kill();
      assertThat(passedOn.until("* BYE")).startsWith("* BYE [UNAVAILABLE]");
      assertThat(login(waiting, BOB))
          .matches("t NO \\[UNAVAILABLE] .*\\(session [0-9a-f]{16}\\).*");
      waiting.command("NOOP");
      try (var pop3 = new Peer(sites.node("east1").server().pop3())) {
        pop3.line();
        pop3.send("USER " + BOB);
        pop3.line();
        pop3.send("PASS secret-secret");
        assertThat(pop3.line()).startsWith("-ERR [SYS/TEMP]");
        pop3.send("NOOP");
        assertThat(pop3.line()).startsWith("-ERR");
      }
      other.command("NOOP");
      assertThat(sites.metric("east1", "mail_site_pipes_broken_total", "west")).isPositive();
      assertThat(sites.metric("east1", "mail_site_passed_on_total", "west", "unreachable"))
          .isPositive();
      sites.restart("west", Map.of());
      HotStage.eventually("bob's site is back", () -> login(waiting, BOB).startsWith("t OK"));
    }
  }

  @Test
  void withoutTheDirectoryTheLastAnswerHolds() throws Exception {
    in("west", ALICE).close();
    in("east1", ALICE).close();
    sites.directory.kill();
    try (var passedOn = in("west", ALICE);
        var direct = in("east1", ALICE)) {
      passedOn.command("NOOP");
      direct.command("NOOP");
    } finally {
      sites.directory.start();
      // It recovers after the kill, and the replicas connect again.
      for (var node : List.of("east1", "east2", "west")) {
        HotStage.eventually("the directory answers " + node, () -> unknownUserIsDenied(node));
      }
    }
  }

  @Test
  void aCertificateOfAnotherSiteIsRefused() throws Exception {
    refused(sites.issuer.of("north", "north", Duration.ofDays(1)), "other-site");
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    refused(sites.issuer.of("old", "west", Duration.ofDays(-1)), "expired");
  }

  @Test
  void aCertificateOfAnotherIssuerIsRefused() throws Exception {
    var other = new SiteKeys(scratch, "other").of("foreign", "west", Duration.ofDays(1));
    refused(other, "unknown");
  }

  private static void refused(Map<String, String> certificate, String reason) throws Exception {
    sites.replace("west", certificate);
    try (var peer = at("east1")) {
      assertThat(login(peer, BOB)).startsWith("t NO [UNAVAILABLE]");
      assertThat(sites.metric("east1", "mail_site_certificates_refused_total", "outgoing", reason))
          .isPositive();
    } finally {
      sites.replace("west", sites.issuer.of("west"));
      HotStage.eventually("bob's site is back", TwoSitesIT::bobEnters);
    }
  }

  private static boolean unknownUserIsDenied(String node) throws IOException {
    try (var peer = at(node)) {
      var unknown = "u" + System.nanoTime() + "@example.test";
      return login(peer, unknown).startsWith("t NO [AUTHENTICATIONFAILED]");
    }
  }

  private static boolean bobEnters() throws IOException {
    try (var peer = at("east1")) {
      return login(peer, BOB).startsWith("t OK");
    }
  }
}
