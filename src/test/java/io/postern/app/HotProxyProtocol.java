package io.postern.app;

import static io.postern.app.HotStage.ask;
import static io.postern.app.HotStage.greeted;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;

/** The hot keys of load balancers and of access rules. */
final class HotProxyProtocol {
  private static final String FAR = "192.0.2.20";

  private HotProxyProtocol() {}

  static void bindings(HotStage stage, HotMailProtocol protocol) throws Exception {
    try (var open = protocol.connectFrom(stage, FAR)) {
      HotListeners.bound(
          stage,
          HotStage.balancersKey(protocol),
          stage.balancers(protocol) + ",",
          port -> {
            // A peer without a PROXY header is no load balancer.
            try (var client = new Peer(port)) {
              client.send("t NOOP");
              client.cut();
            }
            return greeted(HotStage.balanced(port, FAR), protocol.greeting);
          },
          protocol.farewell);
      protocol.alive(open);
    }
  }

  static void sslBindings(HotStage stage, HotMailProtocol protocol) throws Exception {
    try (var open = protocol.connectFrom(stage, FAR)) {
      HotListeners.bound(
          stage,
          protocol.key("proxy-ssl-bindings"),
          "",
          port -> {
            var client = HotStage.balanced(port, FAR);
            client.startTls();
            return greeted(client, protocol.greeting);
          },
          protocol.farewell);
      protocol.alive(open);
    }
  }

  static void trustedNetworks(HotStage stage) throws Exception {
    try (var imap = HotMailProtocol.IMAP.connectFrom(stage, FAR);
        var pop3 = HotMailProtocol.POP3.connectFrom(stage, FAR)) {
      stage.set("mail.proxy-protocol.trusted-networks", "192.0.2.0/24");
      for (var protocol : HotMailProtocol.values()) {
        try (var next = stage.balanced(protocol.protocol(), FAR)) {
          next.cut();
        }
      }
      HotMailProtocol.IMAP.alive(imap);
      HotMailProtocol.POP3.alive(pop3);
      stage.set();
      HotMailProtocol.IMAP.connectFrom(stage, FAR).close();
    }
  }

  static void accessRules(HotStage stage) throws Exception {
    try (var near = stage.alice();
        var far = HotMailProtocol.IMAP.connectFrom(stage, FAR)) {
      stage.set("mail.access-rules", "allow any 127.0.0.0/8,deny imap 192.0.2.0/24");
      try (var next = stage.balanced(MailProtocol.IMAP, FAR)) {
        assertThat(next.line()).isEqualTo("* BYE Connections from this address are not accepted.");
      }
      HotMailProtocol.POP3.connectFrom(stage, FAR).close();
      stage.imap().close();
      HotMailProtocol.IMAP.alive(far);
      assertThat(ask(near, "NOOP")).startsWith("t OK");
      stage.set();
      HotMailProtocol.IMAP.connectFrom(stage, FAR).close();
    }
  }
}
