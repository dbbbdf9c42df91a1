package io.postern.probe;

import java.io.IOException;

/** Delivers a test message by LMTP (RFC 2033), as a mail transfer agent does. */
final class LmtpDelivery {
  private final ProbeConnection connection;

  LmtpDelivery(ProbeConnection connection) {
    this.connection = connection;
  }

  void deliver(String user, TestMessage message) throws IOException {
    reply();
    ask("LHLO connectivity-test.invalid");
    // RFC 5321 §4.5.5: no notification is sent when it cannot be delivered.
    ask("MAIL FROM:<>");
    ask("RCPT TO:<" + user + ">");
    connection.send("DATA");
    connection.expect("354");
    connection.send(message.text() + ".");
    reply();
    ask("QUIT");
  }

  private void ask(String command) throws IOException {
    connection.send(command);
    reply();
  }

  /** RFC 5321 §4.2.1: the last line has a space behind the code. */
  private void reply() throws IOException {
    while (connection.expect("2").startsWith("-", 3)) {
      // More lines follow.
    }
  }
}
