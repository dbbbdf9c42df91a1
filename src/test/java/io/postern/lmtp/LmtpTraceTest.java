package io.postern.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.store.Blobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines that are put before a message, and what they cost. */
class LmtpTraceTest {
  private static final String ALICE = "alice@example.test";
  private static final String BOB = "bob@example.test";
  private static final String RETURN_PATH = "Return-Path: <sender@example.test>\r\n";
  private static final String TEXT = "Subject: hello\r\n\r\n.text\r\n";
  private static final String LARGE = TEXT + "0123456789abcd\r\n".repeat(3 * Blobs.CHUNK / 16);

  private static Peer peer(String... settings) {
    return new Peer(settings).with(ALICE).with(BOB).ready();
  }

  private static void envelope(Peer peer, String... recipients) {
    assertThat(peer.say("MAIL FROM:<sender@example.test>").getFirst()).startsWith("250 ");
    for (var recipient : recipients) {
      assertThat(peer.say("RCPT TO:<" + recipient + ">").getFirst()).startsWith("250 ");
    }
  }

  private static void delivers(Peer peer, String message) {
    assertThat(peer.data(message)).endsWith("250 2.1.5 Delivered");
  }

  @ParameterizedTest
  @ValueSource(strings = {TEXT, "", "\r\nbody", "no header", "Subject: x", "X-Return-Path: a\r\n"})
  void theReturnPathStandsOnTopOfWhatCame(String message) {
    var peer = peer();
    envelope(peer, ALICE);
    delivers(peer, message);
    assertThat(peer.inbox(ALICE)).containsExactly(RETURN_PATH + message);
  }

  @ParameterizedTest
  @CsvSource({
    "'Return-Path: <a>~B: c~~d', 'B: c~~d'",
    "'B: c~rEtUrN-pAtH : <a>~ folded~~d', 'B: c~~d'",
    "'Return-Path:~Return-Path:~~Return-Path: e', '~Return-Path: e'",
    "'Return-Path: <a>', ''",
    "'Return-Path', 'Return-Path'",
    "'Return-Path x: y~~', 'Return-Path x: y~~'",
    "'B: c~ Return-Path: d~~', 'B: c~ Return-Path: d~~'",
  })
  void aReturnPathThatCameAlongIsReplaced(String message, String kept) {
    var peer = peer();
    envelope(peer, ALICE, BOB);
    delivers(peer, message.replace("~", "\r\n"));
    assertThat(peer.inbox(ALICE)).containsExactly(RETURN_PATH + kept.replace("~", "\r\n"));
    assertThat(peer.inbox(BOB)).isEqualTo(peer.inbox(ALICE));
  }

  @Test
  void recipientsShareTheBytesWithDeliveredToAndWithout() {
    for (var setting : new String[] {"false", "true"}) {
      for (var message : new String[] {TEXT, LARGE}) {
        var peer = peer("mail.lmtp.delivered-to=" + setting);
        envelope(peer, ALICE, BOB);
        delivers(peer, message);
        assertThat(peer.storedOctets()).isBetween(message.length(), message.length() + 40);
        boolean expected = setting.equals("true");
        for (var user : new String[] {ALICE, BOB}) {
          var line = expected ? "Delivered-To: " + user + "\r\n" : "";
          assertThat(peer.inbox(user)).containsExactly(RETURN_PATH + line + message);
        }
      }
    }
  }

  @Test
  void anAccountNamedTwiceGetsItsFirstAddress() {
    var peer = peer("mail.lmtp.delivered-to=true");
    envelope(peer, "Alice+one@example.test", ALICE);
    delivers(peer, TEXT);
    assertThat(peer.inbox(ALICE))
        .containsExactly(RETURN_PATH + "Delivered-To: Alice+one@example.test\r\n" + TEXT);
  }

  @Test
  void aMessageOfNoOctetsGetsLinesToo() {
    var peer = peer("mail.lmtp.delivered-to=true");
    envelope(peer, ALICE, BOB);
    delivers(peer, "");
    assertThat(peer.inbox(BOB)).containsExactly(RETURN_PATH + "Delivered-To: " + BOB + "\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "client.example.test, 192.0.2.1, false, 'client.example.test ([192.0.2.1])', LMTP",
    "[192.0.2.9], 192.0.2.1, false, '[192.0.2.9] ([192.0.2.1])', LMTP",
    "client, 2001:db8:0:0:0:0:0:1, false, 'client ([IPv6:2001:db8:0:0:0:0:0:1])', LMTP",
    "'a b; (c)', 192.0.2.1, false, 'unknown ([192.0.2.1])', LMTP",
    "client, 192.0.2.1, true, 'client ([192.0.2.1])', LMTPS",
  })
  void receivedTellsThePeer(
      String name, String address, boolean tls, String from, String protocol) {
    var networks = "mail.lmtp.trusted-networks=0.0.0.0/0,::/0";
    var peer = new Peer(networks, "mail.lmtp.received=true").with(ALICE);
    peer.connection.address = address;
    peer.connection.secure = tls;
    peer.greeting();
    peer.say("LHLO " + name);
    envelope(peer, ALICE);
    delivers(peer, TEXT);
    var line =
        "Received: from %s\r\n\tby mail.example.test with %s; Fri, 2 Jan 2026 03:04:05 +0000\r\n"
            .formatted(from, protocol);
    assertThat(peer.inbox(ALICE)).containsExactly(RETURN_PATH + line + TEXT);
  }

  /** RFC 1870 §4: the size is that of the message as the client transmits it. */
  @Test
  void aMessageOfTheAnnouncedSizeIsTaken() {
    var peer =
        peer("mail.max-receive-size=1K", "mail.lmtp.delivered-to=true", "mail.lmtp.received=true");
    assertThat(peer.say("LHLO client.example.test")).endsWith("250 SIZE 1024");
    assertThat(peer.say("MAIL FROM:<sender@example.test> SIZE=1024"))
        .containsExactly("250 2.1.0 Sender OK");
    assertThat(peer.say("RCPT TO:<" + ALICE + ">")).containsExactly("250 2.1.5 Recipient OK");
    delivers(peer, "x".repeat(1024));
    assertThat(peer.inbox(ALICE).getFirst()).hasSizeGreaterThan(1024).endsWith("x".repeat(1024));
  }

  @Test
  void aMessageOfMoreThanTheAnnouncedSizeIsRefused() {
    var peer = peer("mail.max-receive-size=1K");
    assertThat(peer.say("MAIL FROM:<sender@example.test> SIZE=1025"))
        .containsExactly("552 5.3.4 A message has at most 1024 octets");
    envelope(peer, BOB, ALICE);
    assertThat(peer.data("x".repeat(1025))).endsWith("552 5.3.4 A message has at most 1024 octets");
    assertThat(peer.inbox(BOB)).isEmpty();
  }
}
