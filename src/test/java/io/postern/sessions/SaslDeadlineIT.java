package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.auth.Sasl;
import java.io.EOFException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that answers a challenge not, or only in parts, is disconnected within seconds. */
class SaslDeadlineIT {
  private static final MemoryTarget TARGET = new MemoryTarget();
  private static final Duration LONGEST = Sasl.LINE_DEADLINE.plusSeconds(20);

  @AfterAll
  static void stop() {
    TARGET.close();
  }

  @ParameterizedTest
  @CsvSource({"imap,a AUTHENTICATE PLAIN", "pop3,AUTH PLAIN"})
  void aSilentClientDuringAuthenticationIsDisconnected(String protocol, String asks)
      throws Exception {
    var client = new Script.Client("A", 1, protocol);
    try (var scriptClient = new ScriptClient(client, TARGET, TARGET.account())) {
      var end = Instant.now().plus(LONGEST);
      scriptClient.line(end);
      assertThat(scriptClient.exchange(asks)).startsWith("+ ");
      if (protocol.equals("imap")) {
        assertThat(scriptClient.line(end)).startsWith("* BYE");
      }
      assertThatThrownBy(() -> scriptClient.line(end)).isInstanceOf(EOFException.class);
    }
  }
}
