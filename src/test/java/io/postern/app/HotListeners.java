package io.postern.app;

import static io.postern.app.HotStage.ask;
import static io.postern.app.HotStage.greeted;
import static io.postern.app.HotStage.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.config.component.Components.State;
import io.postern.embedded.FreePorts;
import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener.Tls;
import java.io.IOException;
import java.util.ArrayList;

/** The hot keys of listeners and of draining. */
final class HotListeners {
  private static final String HERE = "127.0.0.1:0";

  private HotListeners() {}

  /** Connects a client. */
  interface Caller {
    Peer call(int port) throws IOException;
  }

  static void imapEnabled(HotStage stage) throws Exception {
    switched(stage, MailProtocol.IMAP, stage.imap(), "* BYE ");
    stage.imap().close();
  }

  static void pop3Enabled(HotStage stage) throws Exception {
    switched(stage, MailProtocol.POP3, stage.pop3(), "-ERR ");
    stage.pop3().close();
  }

  static void lmtpEnabled(HotStage stage) throws Exception {
    switched(stage, MailProtocol.LMTP, stage.lmtp(), "421 ");
    stage.lmtp().close();
  }

  /** Disabling a service ends its sessions and no others; enabling it opens its listeners again. */
  private static void switched(HotStage stage, MailProtocol protocol, Peer client, String farewell)
      throws Exception {
    try (client;
        var imap = stage.imap();
        var pop3 = stage.pop3()) {
      stage.set("mail." + protocol + ".enabled", "false");
      assertThat(client.line()).startsWith(farewell);
      assertThat(stage.beans.server().port(protocol, Tls.STARTTLS)).isEmpty();
      assertThat(stage.beans.services().endpoints())
          .noneMatch(it -> it.startsWith(protocol.name()));
      if (protocol == MailProtocol.IMAP) {
        assertThat(say(pop3, "QUIT")).startsWith("+OK");
      } else {
        assertThat(ask(imap, "NOOP")).startsWith("t OK");
      }
      stage.set();
    }
  }

  static void imapBindings(HotStage stage) throws Exception {
    try (var client = stage.imap()) {
      bound(
          stage,
          "mail.imap.unencrypted-or-tls-bindings",
          p -> greeted(new Peer(p), "* OK "),
          "* BYE ");
      assertThat(ask(client, "NOOP")).startsWith("t OK");
    }
  }

  static void imapSslBindings(HotStage stage) throws Exception {
    try (var client = stage.imapTls()) {
      bound(stage, "mail.imap.ssl-bindings", p -> HotStage.tls(p, "* OK "), "* BYE ");
      assertThat(ask(client, "NOOP")).startsWith("t OK");
    }
  }

  static void pop3Bindings(HotStage stage) throws Exception {
    try (var client = stage.pop3()) {
      bound(
          stage,
          "mail.pop3.unencrypted-or-tls-bindings",
          p -> greeted(new Peer(p), "+OK "),
          "-ERR ");
      assertThat(say(client, "QUIT")).startsWith("+OK");
    }
  }

  static void pop3SslBindings(HotStage stage) throws Exception {
    try (var client = stage.pop3Tls()) {
      bound(stage, "mail.pop3.ssl-bindings", p -> HotStage.tls(p, "+OK "), "-ERR ");
      assertThat(say(client, "QUIT")).startsWith("+OK");
    }
  }

  static void lmtpBindings(HotStage stage) throws Exception {
    try (var client = stage.lmtp()) {
      bound(stage, "mail.lmtp.bindings", p -> greeted(new Peer(p), "220 "), "421 ");
      assertThat(say(client, "NOOP")).startsWith("250 ");
    }
  }

  /** A further endpoint is opened and closed again; its sessions end. */
  private static void bound(HotStage stage, String key, Caller caller, String farewell)
      throws Exception {
    bound(stage, key, HERE + ",", caller, farewell);
  }

  static void bound(HotStage stage, String key, String others, Caller caller, String farewell)
      throws Exception {
    int free = FreePorts.one();
    stage.set(key, others + "127.0.0.1:" + free);
    assertThat(stage.beans.services().failures()).isEmpty();
    try (var there = caller.call(free)) {
      stage.set();
      assertThat(there.line()).startsWith(farewell);
    }
  }

  /** A drain over ten minutes is cancelled: all but the first sessions stay. */
  static void drainSpread(HotStage stage) throws Exception {
    var clients = new ArrayList<Peer>();
    for (int i = 0; i < 30; i++) {
      clients.add(stage.imap());
    }
    stage.set("mail.drain.spread", "PT10M");
    stage.beans.components().set("imap", State.DRAINING);
    Eventually.holds(
        "a client has left",
        () -> stage.beans.components().all().getFirst().sessions() < clients.size());
    stage.beans.components().set("imap", State.ACTIVE);
    int stayed = 0;
    for (var client : clients) {
      client.send("t NOOP");
      stayed += client.line().startsWith("t OK") ? 1 : 0;
      client.close();
    }
    assertThat(stayed).isPositive();
    stage.imap().close();
  }

  /** The server waits for an unfinished literal as long as the setting says. */
  static void drainLastCommand(HotStage stage) throws Exception {
    try (var client = stage.alice()) {
      client.send("t APPEND INBOX {1000}");
      assertThat(client.line()).startsWith("+ ");
      client.send("begun");
      stage.set("mail.drain.last-command", "PT1S");
      stage.beans.components().set("imap", State.DRAINING);
      assertThat(client.line()).startsWith("* BYE ");
    } finally {
      stage.beans.components().set("imap", State.ACTIVE);
    }
  }
}
