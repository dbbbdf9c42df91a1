package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;

/** Says POP3 commands. */
final class Pop3Client {
  private Pop3Client() {}

  /** Logs in on a new connection; the answer to PASS. */
  static String opened(ClientConnection wire, Target.Login login) throws IOException {
    assertThat(line(wire)).startsWith("+OK");
    say(wire, "USER " + login.name());
    return say(wire, "PASS " + login.password());
  }

  /** A session as soon as the server has seen that the last one went. */
  static ClientConnection reopened(Target target, Target.Login login) throws IOException {
    var until = Instant.now().plus(ScriptReader.PATIENCE);
    while (true) {
      var wire = new ClientConnection(target.host(), target.pop3Port());
      var answer = opened(wire, login);
      if (answer.startsWith("+OK")) {
        return wire;
      }
      wire.close();
      assertThat(answer).startsWith("-ERR [IN-USE]");
      assertThat(Instant.now()).isBefore(until);
    }
  }

  /** The first line of the answer. */
  static String say(ClientConnection wire, String command) throws IOException {
    wire.send(command + "\r\n");
    return line(wire);
  }

  static String line(ClientConnection wire) throws IOException {
    return wire.line(Instant.now().plus(ScriptReader.PATIENCE));
  }
}
