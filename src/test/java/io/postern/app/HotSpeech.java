package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener.Tls;
import java.io.IOException;

/** What differs between the protocols that users speak, for scenarios that are alike in both. */
enum HotSpeech {
  IMAP("* OK ", "* BYE ", "t OK") {
    @Override
    String login(Peer client, String user, String password) throws IOException {
      return HotStage.ask(client, "LOGIN " + user + " " + password);
    }

    @Override
    String command(Peer client) throws IOException {
      return HotStage.ask(client, "NOOP");
    }
  },

  POP3("+OK ", "-ERR ", "+OK") {
    @Override
    String login(Peer client, String user, String password) throws IOException {
      assertThat(HotStage.say(client, "USER " + user)).startsWith("+OK");
      return HotStage.say(client, "PASS " + password);
    }

    /** The one that may be said at all times. */
    @Override
    String command(Peer client) throws IOException {
      HotStage.lines(client, "CAPA");
      return "+OK";
    }
  };

  private static final String PASSWORD = "secret";

  /** How a connection that is welcome is greeted. */
  final String greeting;

  /** How one is told that its session ends, or does not begin. */
  final String farewell;

  /** How the answer to a command that was done begins. */
  final String done;

  HotSpeech(String greeting, String farewell, String done) {
    this.greeting = greeting;
    this.farewell = farewell;
    this.done = done;
  }

  /** The answer to a login. */
  abstract String login(Peer client, String user, String password) throws IOException;

  /** The answer to a command that changes nothing. */
  abstract String command(Peer client) throws IOException;

  /** As settings call it. */
  String named() {
    return protocol().label();
  }

  /** The protocol that it speaks. */
  MailProtocol protocol() {
    return this == IMAP ? MailProtocol.IMAP : MailProtocol.POP3;
  }

  /** A key of this protocol's. */
  String key(String rest) {
    return "mail." + named() + "." + rest;
  }

  /** A connection that nothing was said to yet. */
  Peer connection(HotStage stage) throws IOException {
    return new Peer(stage.port(protocol(), Tls.STARTTLS));
  }

  /** A client that is greeted. */
  Peer guest(HotStage stage) throws IOException {
    return HotStage.greeted(connection(stage), greeting);
  }

  /** One that comes from this address, by a load balancer. */
  Peer guestFrom(HotStage stage, String address) throws IOException {
    return HotStage.greeted(stage.balanced(protocol(), address), greeting);
  }

  /** One that is logged in. */
  Peer user(HotStage stage, String user) throws IOException {
    var client = guest(stage);
    enters(client, user);
    return client;
  }

  /** It comes in with the right password. */
  void enters(Peer client, String user) throws IOException {
    assertThat(login(client, user, PASSWORD)).startsWith(done);
  }

  /** What the right password comes to. */
  String tries(Peer client, String user) throws IOException {
    return login(client, user, PASSWORD);
  }

  /** It goes on. */
  void alive(Peer client) throws IOException {
    assertThat(command(client)).startsWith(done);
  }
}
