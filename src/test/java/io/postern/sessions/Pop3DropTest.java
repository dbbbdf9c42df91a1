package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A connection that breaks off frees the maildrop, and nothing of it is deleted. */
class Pop3DropTest {
  @Test
  void aDroppedSessionGivesTheLockUp() throws IOException {
    try (var target = new MemoryTarget()) {
      var login = target.account();
      var script = ScriptReader.read(Scripts.ROOT.resolve("pop3/dele/drop.session"));
      Scripts.mail().fill(target, login, script);
      try (var first = new Wire(target.host(), target.pop3Port())) {
        assertThat(opened(first, login)).startsWith("+OK");
        assertThat(say(first, "DELE 1")).startsWith("+OK");
      }
      var until = Instant.now().plus(ScriptReader.PATIENCE);
      var answer = "";
      while (!answer.startsWith("+OK") && Instant.now().isBefore(until)) {
        try (var next = new Wire(target.host(), target.pop3Port())) {
          answer = opened(next, login);
          assertThat(answer).matches("(\\+OK|-ERR \\[IN-USE]) .*");
          if (answer.startsWith("+OK")) {
            assertThat(say(next, "STAT")).isEqualTo("+OK 2 338");
          }
        }
      }
      assertThat(answer).startsWith("+OK");
    }
  }

  private static String opened(Wire wire, Target.Login login) throws IOException {
    wire.line(Instant.now().plus(ScriptReader.PATIENCE));
    say(wire, "USER " + login.name());
    return say(wire, "PASS " + login.password());
  }

  private static String say(Wire wire, String command) throws IOException {
    wire.send(command + "\r\n");
    return wire.line(Instant.now().plus(ScriptReader.PATIENCE));
  }
}
