package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A disconnect releases the maildrop, and nothing is deleted. */
class Pop3DisconnectTest {
  @Test
  void aDisconnectReleasesTheLock() throws IOException {
    try (var target = new MemoryTarget()) {
      var login = target.account();
      var script = ScriptReader.read(Scripts.ROOT.resolve("pop3/dele/drop.session"));
      Scripts.mail().fill(target, login, script);
      try (var first = new ClientConnection(target.host(), target.pop3Port())) {
        assertThat(Pop3Client.opened(first, login)).startsWith("+OK");
        assertThat(Pop3Client.say(first, "DELE 1")).startsWith("+OK");
      }
      try (var next = Pop3Client.reopened(target, login)) {
        assertThat(Pop3Client.say(next, "STAT")).isEqualTo("+OK 2 338");
      }
    }
  }
}
