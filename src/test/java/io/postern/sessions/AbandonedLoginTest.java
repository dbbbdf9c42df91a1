package io.postern.sessions;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.observe.LogCapture;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that closes during a login is no fault of the server, and none is logged. */
class AbandonedLoginTest {
  private static final int CLIENTS = 30;

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = MemoryTarget.talkative();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static String first(String user) {
    return Base64.getEncoder()
        .encodeToString(("n,,n=" + user + ",r=fyko+d2lbbFgONRv9qkxdawL").getBytes(US_ASCII));
  }

  private static void abandon(int port, String command) throws IOException {
    try (var wire = new ClientConnection(target.host(), port)) {
      wire.line(Instant.now().plusSeconds(20));
      wire.send(command + "\r\n");
    }
  }

  @Test
  void closingDuringAuthenticateIsNoFault() throws Exception {
    var user = target.account().name();
    try (var log = LogCapture.listening()) {
      for (int i = 0; i < CLIENTS; i++) {
        abandon(target.imapPort(), "a AUTHENTICATE SCRAM-SHA-256 " + first(user));
        abandon(target.imapPort(), "a AUTHENTICATE SCRAM-SHA-256\r\n" + first(user));
        abandon(target.imapPort(), "a AUTHENTICATE PLAIN");
        abandon(target.pop3Port(), "AUTH SCRAM-SHA-256 " + first(user));
        abandon(target.pop3Port(), "AUTH SCRAM-SHA-256\r\n" + first(user));
        abandon(target.pop3Port(), "AUTH PLAIN");
      }
      Eventually.holds(
          "all ends are logged",
          () ->
              log.lines().stream().filter(it -> it.contains("ended: client")).count()
                  == 6 * CLIENTS);
      assertThat(log.lines()).noneMatch(it -> it.contains("Exception") || it.contains("a fault"));
    }
  }
}
