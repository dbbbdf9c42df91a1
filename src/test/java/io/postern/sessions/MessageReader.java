package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;

/** A client in the inbox of a new account, which holds one message. */
final class MessageReader implements AutoCloseable {
  private static final int ANSWER_SECONDS = 20;

  private final ClientConnection wire;

  private MessageReader(ClientConnection wire) {
    this.wire = wire;
  }

  /**
   * Logs in, appends the message and selects the inbox.
   *
   * @param first a command before the message is appended, such as ENABLE
   */
  static MessageReader of(Target target, String message, String first) throws IOException {
    var account = target.account();
    var reader = new MessageReader(new ClientConnection(target.host(), target.imapPort()));
    reader.answer();
    reader.ask("a LOGIN " + account.name() + " " + account.password());
    reader.ask("a " + first);
    reader.ask("a APPEND INBOX {" + message.length() + "+}\r\n" + message);
    reader.ask("a SELECT INBOX");
    return reader;
  }

  /** The same without a command before. */
  static MessageReader of(Target target, String message) throws IOException {
    return of(target, message, "NOOP");
  }

  private String answer() throws IOException {
    return wire.answer(Instant.now().plusSeconds(ANSWER_SECONDS));
  }

  /** The last untagged answer before the tagged OK. */
  String ask(String command) throws IOException {
    wire.send(command + "\r\n");
    var last = "";
    while (true) {
      var next = answer();
      if (next.startsWith("a ")) {
        assertThat(next).startsWith("a OK");
        return last;
      }
      last = next;
    }
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
