package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener.Tls;
import java.io.IOException;

/** The differences between IMAP and POP3, for scenarios that apply to both. */
enum HotMailProtocol {
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

  /** The beginning of the response before the server closes or refuses a session. */
  final String farewell;

  /** How the answer to a command that was done begins. */
  final String done;

  HotMailProtocol(String greeting, String farewell, String done) {
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

  /** The protocol. */
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

  /** A connection from this address, by a load balancer. */
  Peer connectFrom(HotStage stage, String address) throws IOException {
    return HotStage.greeted(stage.balanced(protocol(), address), greeting);
  }

  /** One that is logged in. */
  Peer user(HotStage stage, String user) throws IOException {
    var client = guest(stage);
    enters(client, user);
    return client;
  }

  /** A login with the right password succeeds. */
  void enters(Peer client, String user) throws IOException {
    assertThat(login(client, user, PASSWORD)).startsWith(done);
  }

  /** The answer to a login with the right password. */
  String tries(Peer client, String user) throws IOException {
    return login(client, user, PASSWORD);
  }

  /** The session continues. */
  void alive(Peer client) throws IOException {
    assertThat(command(client)).startsWith(done);
  }
}
