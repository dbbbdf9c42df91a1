package io.postern.app;

import static io.postern.app.HotStage.ask;
import static io.postern.app.HotStage.greeted;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;

/** The hot keys of load balancers, and of who may come from where. */
final class HotBalanced {
  private static final String FAR = "192.0.2.20";

  private HotBalanced() {}

  static void bindings(HotStage stage, HotSpeech speech) throws Exception {
    try (var open = speech.guestFrom(stage, FAR)) {
      HotPlaces.bound(
          stage,
          HotStage.balancersKey(speech),
          stage.balancers(speech) + ",",
          port -> {
            // Who does not say whom they speak for is no balancer.
            try (var client = new Peer(port)) {
              client.send("t NOOP");
              client.cut();
            }
            return greeted(HotStage.balanced(port, FAR), speech.greeting);
          },
          speech.farewell);
      speech.alive(open);
    }
  }

  static void sslBindings(HotStage stage, HotSpeech speech) throws Exception {
    try (var open = speech.guestFrom(stage, FAR)) {
      HotPlaces.bound(
          stage,
          speech.key("proxy-ssl-bindings"),
          "",
          port -> {
            var client = HotStage.balanced(port, FAR);
            client.startTls();
            return greeted(client, speech.greeting);
          },
          speech.farewell);
      speech.alive(open);
    }
  }

  static void trustedNetworks(HotStage stage) throws Exception {
    try (var imap = HotSpeech.IMAP.guestFrom(stage, FAR);
        var pop3 = HotSpeech.POP3.guestFrom(stage, FAR)) {
      stage.set("mail.proxy-protocol.trusted-networks", "192.0.2.0/24");
      for (var speech : HotSpeech.values()) {
        try (var next = stage.balanced(speech.protocol(), FAR)) {
          next.cut();
        }
      }
      HotSpeech.IMAP.alive(imap);
      HotSpeech.POP3.alive(pop3);
      stage.set();
      HotSpeech.IMAP.guestFrom(stage, FAR).close();
    }
  }

  static void accessRules(HotStage stage) throws Exception {
    try (var near = stage.alice();
        var far = HotSpeech.IMAP.guestFrom(stage, FAR)) {
      stage.set("mail.access-rules", "allow any 127.0.0.0/8,deny imap 192.0.2.0/24");
      try (var next = stage.balanced(MailProtocol.IMAP, FAR)) {
        assertThat(next.line()).isEqualTo("* BYE Connections from this address are not accepted.");
      }
      HotSpeech.POP3.guestFrom(stage, FAR).close();
      stage.imap().close();
      HotSpeech.IMAP.alive(far);
      assertThat(ask(near, "NOOP")).startsWith("t OK");
      stage.set();
      HotSpeech.IMAP.guestFrom(stage, FAR).close();
    }
  }
}
