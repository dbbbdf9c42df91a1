package io.postern.site;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.Eventually;
import io.postern.auth.password.AppPasswordText;
import io.postern.embedded.FreePorts;
import io.postern.store.StoreException;
import io.postern.tls.TlsEngine;
import io.postern.wire.TrustsAll;
import io.vertx.core.net.SSLOptions;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two sites in memory: alice's mailbox is in the east, bob's in the west. */
class PassingOnTest {
  private static final String ALICE = "alice@example.test";
  private static final String BOB = "bob@example.test";
  private static final Duration DAY = Duration.ofDays(1);
  private static final int MANY = 3_000;

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
  void imapAtAnySiteReachesTheMailbox() throws Exception {
    try (var direct = SiteClient.at(east.imap());
        var passedOn = SiteClient.at(west.imap())) {
      direct.login(ALICE);
      assertThat(passedOn.login(ALICE)).startsWith("t OK [CAPABILITY ");
      direct.say("SELECT INBOX");
      passedOn.send("t SELECT INBOX");
      passedOn.until("t OK");
      passedOn.send("t IDLE");
      passedOn.until("+ ");
      assertThat(direct.say("APPEND INBOX {14+}\r\nSubject: a\r\n\r\n")).startsWith("t OK");
      assertThat(passedOn.line()).isEqualTo("* 1 EXISTS");
    }
    assertThat(west.events).contains("ENTERED east");
  }

  @Test
  void authenticateIsPassedOnToo() throws Exception {
    try (var peer = SiteClient.at(west.imap())) {
      var response =
          Base64.getEncoder()
              .encodeToString(("\0" + ALICE + "\0" + MemorySite.PASSWORD).getBytes(UTF_8));
      assertThat(peer.say("AUTHENTICATE PLAIN " + response)).startsWith("t OK [CAPABILITY ");
      assertThat(peer.say("SELECT INBOX")).startsWith("t OK");
    }
  }

  @Test
  void anAppPasswordIsKnownAtAllSites() throws Exception {
    var frank = east.account("frank@example.test");
    var password = AppPasswordText.random();
    east.appPasswords
        .add(frank, "phone", AppPasswordText.verifier(password))
        .await()
        .atMost(Duration.ofSeconds(20));
    try (var peer = SiteClient.at(west.imap())) {
      assertThat(peer.say("LOGIN frank@example.test " + password.reveal())).startsWith("t OK");
    }
  }

  @Test
  void pop3AtAnySiteReachesTheMaildropAndItsLock() throws Exception {
    try (var first = SiteClient.at(east.pop3());
        var second = SiteClient.at(west.pop3())) {
      first.pop3("USER " + BOB);
      assertThat(first.pop3("PASS " + MemorySite.PASSWORD)).startsWith("+OK The maildrop has 0");
      second.pop3("USER " + BOB);
      assertThat(second.pop3("PASS " + MemorySite.PASSWORD)).startsWith("-ERR [IN-USE]");
      assertThat(first.pop3("STAT")).isEqualTo("+OK 0 0");
      assertThat(first.pop3("QUIT")).startsWith("+OK");
      assertThat(first.next()).isEmpty();
    }
  }

  @Test
  void whatIsPipelinedFollowsTheLogin() throws Exception {
    try (var peer = SiteClient.at(west.imap())) {
      peer.send("a LOGIN " + ALICE + " " + MemorySite.PASSWORD + "\r\nb NOOP\r\nc LOGOUT");
      assertThat(peer.until("a ")).startsWith("a OK");
      assertThat(peer.until("b ")).startsWith("b OK");
      assertThat(peer.until("c ")).startsWith("c OK");
      assertThat(peer.next()).isEmpty();
    }
  }

  /** RFC 8437 §3: what follows UNAUTHENTICATE is not compressed. */
  @Test
  void whatIsPipelinedBehindTheEndOfCompressionFollowsTheLogin() throws Exception {
    var login = " LOGIN %s " + MemorySite.PASSWORD + "\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), west.imap())) {
      socket.setSoTimeout(20_000);
      var in = new BufferedInputStream(socket.getInputStream());
      socket.getOutputStream().write(("a" + login.formatted(BOB)).getBytes(UTF_8));
      socket.getOutputStream().write("b COMPRESS DEFLATE\r\n".getBytes(UTF_8));
      var plain = new StringBuilder();
      while (plain.indexOf("b OK") < 0 || plain.charAt(plain.length() - 1) != '\n') {
        plain.append((char) in.read());
      }
      var sent = new ByteArrayOutputStream();
      try (var compressed = new DeflaterOutputStream(sent, new Deflater(6, true))) {
        compressed.write("c UNAUTHENTICATE\r\n".getBytes(UTF_8));
      }
      sent.write(("d" + login.formatted(ALICE)).getBytes(UTF_8));
      sent.write(("e NOOP\r\n".repeat(MANY) + "f LOGOUT\r\n").getBytes(UTF_8));
      socket.getOutputStream().write(sent.toByteArray());
      var inflater = new Inflater(true);
      var answer = in.readAllBytes();
      inflater.setInput(answer);
      var text = new byte[1000];
      assertThat(new String(text, 0, inflater.inflate(text), UTF_8)).contains("c OK");
      assertThat(inflater.finished()).isTrue();
      int rest = inflater.getRemaining();
      assertThat(new String(answer, answer.length - rest, rest, UTF_8).lines())
          .filteredOn(line -> line.startsWith("e OK"))
          .hasSize(MANY);
    }
    assertThat(west.events).contains("ENTERED east");
  }

  @Test
  void bothSitesHaveTheSameSession() throws Exception {
    try (var peer = SiteClient.at(west.imap())) {
      peer.login(ALICE);
      peer.say("NOOP");
      var front = west.sessions.list().getFirst();
      var home = east.sessions.list().getFirst();
      assertThat(home.id()).isEqualTo(front.id());
      assertThat(home.remote()).isEqualTo(front.remote());
      assertThat(home.user()).contains(ALICE);
      assertThat(front.home()).contains("east");
    }
  }

  @Test
  void theHomeServesTheClientsProgramByItsName() throws Exception {
    east.close();
    var rule = "mail.imap.disabled-capabilities-by-client=Old Mail*:QRESYNC";
    east = east(issuer.options("east", "east", DAY), rule).start();
    east.account(ALICE);
    try (var old = SiteClient.at(west.imap());
        var other = SiteClient.at(west.imap())) {
      assertThat(old.say("ID (\"name\" \"Old Mail\" \"version\" \"3\")")).startsWith("t OK");
      assertThat(old.login(ALICE)).startsWith("t OK [CAPABILITY ").doesNotContain("QRESYNC");
      assertThat(east.sessions.list().getFirst().client()).contains("Old Mail 3");
      assertThat(other.login(ALICE)).contains(" QRESYNC");
    }
  }

  @Test
  void nobodyElseLogsInOnThePassedOnConnection() throws Exception {
    try (var peer = SiteClient.at(west.imap())) {
      assertThat(peer.login(ALICE)).doesNotContain("UNAUTHENTICATE");
      assertThat(peer.say("UNAUTHENTICATE")).startsWith("t BAD");
      var bob = Base64.getEncoder().encodeToString(BOB.getBytes(UTF_8));
      assertThat(peer.say("AUTHENTICATE EXTERNAL " + bob)).startsWith("t BAD");
      assertThat(peer.say("ID (\"x-session-id\" \"2\" \"x-originating-ip\" \"192.0.2.1\")"))
          .startsWith("t BAD");
      assertThat(peer.say("NOOP")).startsWith("t OK");
    }
  }

  @Test
  void theHomeDecidesWhatTheUserMay() throws Exception {
    var id = east.account("dave@example.test");
    east.accounts
        .change(id, access -> access.withImap(false))
        .await()
        .atMost(Duration.ofSeconds(20));
    try (var peer = SiteClient.at(west.imap())) {
      var wrong = peer.say("LOGIN dave@example.test wrong");
      assertThat(peer.login("dave@example.test"))
          .isEqualTo(wrong)
          .startsWith("t NO [AUTHENTICATIONFAILED]");
    }
    assertThat(west.events).contains("REFUSED east");
  }

  @Test
  void aNameBelongsToOneSite() {
    assertThatThrownBy(() -> west.account(ALICE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("AccountExists");
  }

  @Test
  void aClientIsNoSite() throws Exception {
    try (var peer = SiteClient.at(west.imap());
        var pop3 = SiteClient.at(west.pop3())) {
      assertThat(peer.say("ID (\"x-proxy-ttl\" \"1\" \"x-session-id\" \"1\")"))
          .startsWith("t BAD Only other sites");
      assertThat(peer.say("ID (\"name\" \"SOGo\" \"x-originating-ip\" \"192.0.2.1\")"))
          .startsWith("t OK");
      assertThat(pop3.pop3("XCLIENT ADDR=192.0.2.1 SESSION=1")).startsWith("-ERR Only other");
    }
    assertThat(west.events).containsExactly("UNTRUSTED", "UNTRUSTED");
  }

  /** A connection to the back end of the east, by IMAP. */
  private SiteClient back(KeyManager... keys) throws Exception {
    return back(east.imapBack(), keys);
  }

  private static SiteClient back(int port, KeyManager... keys) throws Exception {
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(keys, TrustsAll.managers(), null);
    return new SiteClient(context.getSocketFactory().createSocket("127.0.0.1", port));
  }

  private static final String KNOWN =
      "ID (\"x-session-id\" \"test1\" \"x-proxy-ttl\" \"1\" \"x-originating-ip\" \"192.0.2.1\""
          + " \"x-connected-ip\" \"192.0.2.2\"";

  @Test
  void aBackEndTakesNoPasswordAndKnowsItsClientFirst() throws Exception {
    try (var peer = back(issuer.manager("west"))) {
      assertThat(peer.line()).contains("AUTH=EXTERNAL").doesNotContain("STARTTLS", "PLAIN");
      assertThat(peer.login(ALICE)).startsWith("t NO [PRIVACYREQUIRED]");
      var alice = Base64.getEncoder().encodeToString(ALICE.getBytes(UTF_8));
      assertThat(peer.say("AUTHENTICATE PLAIN " + alice)).startsWith("t NO ");
      assertThat(peer.say("AUTHENTICATE EXTERNAL " + alice)).startsWith("t BAD");
      assertThat(peer.say(KNOWN + ")")).startsWith("t OK");
      assertThat(peer.say(KNOWN + ")")).startsWith("t BAD");
      assertThat(peer.say("AUTHENTICATE EXTERNAL " + alice)).startsWith("t OK [CAPABILITY ");
    }
  }

  /** XCLIENT by POP3; of what comes behind the first one, nothing is taken. */
  @Test
  void aBackEndOfPop3IsHandedOneClient() throws Exception {
    try (var peer = back(east.pop3Back(), issuer.manager("west"))) {
      assertThat(peer.line()).startsWith("+OK [XCLIENT] ");
      var alice = Base64.getEncoder().encodeToString(ALICE.getBytes(UTF_8));
      assertThat(peer.pop3("AUTH EXTERNAL " + alice)).startsWith("-ERR ");
      var first = "XCLIENT SESSION=first ADDR=192.0.2.1 PORT=1 DESTADDR=192.0.2.2 TTL=1";
      assertThat(peer.pop3(first)).startsWith("+OK");
      for (var again : List.of(first, first.replace("first", "second").replace("2.1", "2.9"))) {
        assertThat(peer.pop3(again)).isEqualTo("-ERR The connection was passed on already");
      }
      assertThat(peer.pop3("AUTH EXTERNAL " + alice)).startsWith("+OK The maildrop has 0");
      var client = east.sessions.list().getFirst();
      assertThat(client.id()).isEqualTo("first");
      assertThat(client.remote().hostAddress()).isEqualTo("192.0.2.1");
      assertThat(peer.pop3(first)).startsWith("-ERR You are logged in already");
    }
    assertThat(east.events).isEmpty();
  }

  @Test
  void aHandOverIsBoundedAndRefusedAsAWhole() throws Exception {
    try (var peer = back(issuer.manager("west"))) {
      peer.line();
      var long1 = "\"" + "x".repeat(1_025) + "\"";
      assertThat(peer.say(KNOWN + " \"x-forward-user\" " + long1 + ")")).startsWith("t BAD");
      assertThat(peer.say(KNOWN + " \"" + "k".repeat(31) + "\" \"v\")")).startsWith("t BAD");
      var alice = Base64.getEncoder().encodeToString(ALICE.getBytes(UTF_8));
      assertThat(peer.say("AUTHENTICATE EXTERNAL " + alice)).startsWith("t BAD");
      peer.send("t " + KNOWN + ")\r\nl AUTHENTICATE EXTERNAL " + alice + "\r\ns SELECT INBOX");
      assertThat(peer.until("l ")).startsWith("l OK");
      assertThat(peer.until("s ")).startsWith("s OK");
    }
  }

  @Test
  void aBackEndRefersToTheHome() throws Exception {
    try (var peer = back(issuer.manager("west"))) {
      peer.line();
      peer.say(KNOWN + ")");
      var bob = Base64.getEncoder().encodeToString(BOB.getBytes(UTF_8));
      assertThat(peer.say("AUTHENTICATE EXTERNAL " + bob))
          .startsWith("t NO [REFERRAL imap://bob%40example.test@west/]")
          .contains("west:1");
    }
    assertThat(east.events).isEmpty();
  }

  @Test
  void whatIsForAnotherSiteOrWasPassedOnTooOftenIsRefused() throws Exception {
    try (var peer = back(issuer.manager("west"))) {
      peer.line();
      assertThat(peer.say(KNOWN + " \"x-forward-home\" \"north:1\")")).startsWith("t BAD ");
      assertThat(peer.say("ID (\"x-session-id\" \"1\" \"x-proxy-ttl\" \"0\")"))
          .startsWith("t BAD The connection was passed on too often");
      assertThat(peer.say(KNOWN + " \"x-forward-home\" \"east:1\")")).startsWith("t OK");
    }
    assertThat(east.events).containsExactly("LOOPED");
  }

  @ParameterizedTest
  @EnumSource
  void peersWithoutACertificateOfASiteAreRefused(TlsEngine engine) throws Exception {
    east.backEndEngine = engine;
    refusedPeer("INCOMING UNKNOWN");
    issuer.of("north", "north", DAY);
    refusedPeer("INCOMING OTHER_SITE", issuer.manager("north"));
    issuer.of("old", "west", DAY.negated());
    refusedPeer("INCOMING EXPIRED", issuer.manager("old"));
  }

  private void refusedPeer(String event, KeyManager... keys) throws Exception {
    try (var peer = back(keys)) {
      assertThat(peer.next()).isEmpty();
    } catch (SSLHandshakeException | SocketException refused) {
      assertThat(refused.getMessage()).isNotEmpty();
    }
    eventually(east, event);
  }

  /** The refusal is counted on another thread than the one that closes. */
  private static void eventually(MemorySite site, String event) {
    Eventually.holds(event, () -> site.events.contains(event));
  }
}
