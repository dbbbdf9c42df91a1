package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.observe.LogCapture;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The audit log has one logout for each login, whether or not the connection stays. */
class LogoutLogTest {
  private final MemoryTarget target = MemoryTarget.talkative();
  private final Target.Login alice = target.account();
  private final Target.Login bob = target.account();
  private final LogCapture log = LogCapture.listening();

  @AfterEach
  void close() {
    log.close();
    target.close();
  }

  @Test
  void aUserWhoUnauthenticatesIsLoggedOutAtOnce() throws Exception {
    try (var client = client()) {
      login(client, alice);
      assertThat(ask(client, "UNAUTHENTICATE")).startsWith("a OK");
      assertThat(logouts(alice)).singleElement().asString().contains("\"unauthenticate\"");
      login(client, bob);
      assertThat(logouts(bob)).isEmpty();
      ask(client, "LOGOUT");
      log.await("ended: logout");
    }
    assertThat(logouts(alice)).hasSize(1);
    assertThat(logouts(bob)).singleElement().asString().contains("\"logout\",\"sessionId\"");
  }

  @Test
  void theEndOfAConnectionWithoutItsUserIsNoSecondLogout() throws Exception {
    try (var client = client()) {
      login(client, alice);
      assertThat(ask(client, "UNAUTHENTICATE")).startsWith("a OK");
      ask(client, "LOGOUT");
      log.await("ended: logout");
    }
    assertThat(logouts(alice)).hasSize(1);
  }

  private List<String> logouts(Target.Login user) {
    return log.lines().stream()
        .filter(it -> it.contains("\"event\":\"logout\"") && it.contains(user.name()))
        .toList();
  }

  private ClientConnection client() throws IOException {
    var connection = new ClientConnection(target.host(), target.imapPort());
    assertThat(connection.answer(soon())).startsWith("* OK");
    return connection;
  }

  private static void login(ClientConnection client, Target.Login user) throws IOException {
    assertThat(ask(client, "LOGIN " + user.name() + " " + user.password())).startsWith("a OK");
  }

  /** The tagged answer. */
  private static String ask(ClientConnection client, String command) throws IOException {
    client.send("a " + command + "\r\n");
    var next = client.answer(soon());
    while (next.startsWith("* ")) {
      next = client.answer(soon());
    }
    return next;
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(20);
  }
}
