package io.postern.app;

import static io.postern.app.HotStage.ask;
import static io.postern.app.HotStage.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener.Tls;

/** The hot keys of LMTP. */
final class HotLmtp {
  private static final String MAIL = "MAIL FROM:<sender@example.test>";

  private HotLmtp() {}

  static void trustedNetworks(HotStage stage) throws Exception {
    try (var peer = stage.lmtp()) {
      stage.set("mail.lmtp.trusted-networks", "192.0.2.0/24");
      assertThat(say(peer, "NOOP")).startsWith("250 ");
      try (var next = new Peer(stage.port(MailProtocol.LMTP, Tls.STARTTLS))) {
        assertThat(next.line()).startsWith("554 ");
      }
    }
  }

  static void requireTls(HotStage stage) throws Exception {
    try (var peer = stage.lmtp()) {
      assertThat(say(peer, MAIL)).startsWith("250 ");
      assertThat(say(peer, "RSET")).startsWith("250 ");
      stage.set("mail.lmtp.require-tls", "true");
      assertThat(say(peer, MAIL)).startsWith("530 ");
    }
  }

  static void maxRecipients(HotStage stage) throws Exception {
    try (var peer = stage.lmtp()) {
      assertThat(say(peer, MAIL)).startsWith("250 ");
      for (int i = 0; i < 101; i++) {
        assertThat(say(peer, "RCPT TO:<bob@example.test>")).startsWith("250 ");
      }
      stage.set("mail.lmtp.max-recipients", "100");
      assertThat(say(peer, "RCPT TO:<bob@example.test>")).startsWith("452 ");
    }
  }

  static void returnPath(HotStage stage) throws Exception {
    deliver(stage, "Subject: path on", "alice@example.test");
    assertThat(header(stage, "path on")).contains("Return-Path: <sender@example.test>");
    stage.set("mail.lmtp.return-path", "false");
    deliver(stage, "Subject: path off", "alice@example.test");
    assertThat(header(stage, "path off")).doesNotContain("Return-Path:");
  }

  static void deliveredTo(HotStage stage) throws Exception {
    deliver(stage, "Subject: to off", "alice@example.test", "bob@example.test");
    assertThat(header(stage, "to off")).doesNotContain("Delivered-To:");
    stage.set("mail.lmtp.delivered-to", "true");
    deliver(stage, "Subject: to on", "alice@example.test", "bob@example.test");
    assertThat(header(stage, "to on")).contains("Delivered-To: alice@example.test");
  }

  static void received(HotStage stage) throws Exception {
    deliver(stage, "Subject: hop off", "alice@example.test");
    assertThat(header(stage, "hop off")).doesNotContain("Received:");
    stage.set("mail.lmtp.received", "true");
    deliver(stage, "Subject: hop on", "alice@example.test");
    assertThat(header(stage, "hop on")).contains("Received: from client.example.test");
  }

  private static void deliver(HotStage stage, String header, String... recipients)
      throws Exception {
    try (var peer = stage.lmtp()) {
      assertThat(say(peer, MAIL)).startsWith("250 ");
      for (var recipient : recipients) {
        assertThat(say(peer, "RCPT TO:<" + recipient + ">")).startsWith("250 ");
      }
      assertThat(say(peer, "DATA")).startsWith("354 ");
      peer.send(header + "\r\n\r\n.");
      for (var _ : recipients) {
        assertThat(peer.line()).startsWith("250 ");
      }
    }
  }

  /** The header of Alice's message with this subject. */
  private static String header(HotStage stage, String subject) throws Exception {
    try (var alice = stage.alice()) {
      assertThat(ask(alice, "EXAMINE INBOX")).startsWith("t OK");
      alice.send("s SEARCH SUBJECT \"" + subject + "\"");
      var found = alice.line();
      assertThat(found).startsWith("* SEARCH ");
      assertThat(alice.line()).startsWith("s OK");
      alice.send("f FETCH " + found.substring(9) + " BODY.PEEK[HEADER]");
      var lines = new StringBuilder();
      for (var line = alice.line(); !line.startsWith("f OK"); line = alice.line()) {
        lines.append(line).append('\n');
      }
      return lines.toString();
    }
  }

  static void hostname(HotStage stage) throws Exception {
    try (var peer = stage.lmtp()) {
      stage.set("mail.lmtp.hostname", "other.example.test");
      assertThat(peer.say("LHLO client.example.test").getFirst())
          .isEqualTo("250-other.example.test");
    }
  }
}
