package io.postern.app;

import static io.postern.app.HotStage.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Listener.Tls;

/** The hot keys of LMTP. */
final class HotLmtp {
  private static final String MAIL = "MAIL FROM:<sender@example.test>";

  private HotLmtp() {}

  static void trustedNetworks(HotStage stage) throws Exception {
    try (var peer = stage.lmtp()) {
      stage.set("mail.lmtp.trusted-networks", "192.0.2.0/24");
      assertThat(say(peer, "NOOP")).startsWith("250 ");
      try (var next = new Peer(stage.port("lmtp", Tls.STARTTLS))) {
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

  static void hostname(HotStage stage) throws Exception {
    try (var peer = stage.lmtp()) {
      stage.set("mail.lmtp.hostname", "other.example.test");
      assertThat(peer.say("LHLO client.example.test").getFirst())
          .isEqualTo("250-other.example.test");
    }
  }
}
