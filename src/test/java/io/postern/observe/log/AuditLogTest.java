package io.postern.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Client;
import io.postern.auth.LoginAttempt;
import io.postern.auth.LoginPolicy;
import io.postern.model.MailProtocol;
import io.postern.observe.LogCapture;
import io.postern.wire.registry.SessionRegistry;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is recorded of logins. */
class AuditLogTest {
  @Test
  void anAccountThatALoginHasCreatedIsRecordedWithItsNameAndTheLogin() {
    var passedOn = new ArrayList<String>();
    var policy =
        new LoginPolicy() {
          @Override
          public void accountCreated(LoginAttempt attempt, String account) {
            passedOn.add(account);
          }
        };
    var client = new Client("17", MailProtocol.POP3, "192.0.2.1", true, Optional.empty());
    try (var log = LogCapture.listening()) {
      new AuditLog(policy, new SessionRegistry())
          .accountCreated(new LoginAttempt(client, "PLAIN", "al"), "alice@example.test");
      assertThat(log.lines())
          .filteredOn(line -> line.contains("\"event\":\"account-created\""))
          .singleElement()
          .asString()
          .contains(
              "\"account\":\"alice@example.test\"",
              "\"name\":\"al\"",
              "\"address\":\"192.0.2.1\"",
              "\"sessionId\":\"17\"");
    }
    assertThat(passedOn).containsExactly("alice@example.test");
  }
}
