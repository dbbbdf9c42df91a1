package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answers to refused logins do not show the reason: they are the same octets. */
class UniformRefusalIT {
  private static final MemoryTarget TARGET = new MemoryTarget();
  private static final Map<String, Target.Login> REFUSED = new LinkedHashMap<>();

  @BeforeAll
  static void accounts() {
    REFUSED.put("wrong password", new Target.Login(TARGET.account().name(), "wrong"));
    REFUSED.put("unknown", new Target.Login("nobody@example.test", "secret"));
    REFUSED.put("nobody in particular", new Target.Login("guest@example.test", "guest"));
    var blocked = TARGET.account();
    TARGET.set(List.of("mail.auth.blocked-users=" + blocked.name()));
    REFUSED.put("blocked", blocked);
    for (var word : List.of("disabled", "administrator")) {
      REFUSED.put(word, given(word));
    }
  }

  private static Target.Login given(String... words) {
    var account = TARGET.account();
    for (var word : words) {
      TARGET.accountSetup().orElseThrow().give(word, List.of(account));
    }
    return account;
  }

  @AfterAll
  static void stop() {
    TARGET.close();
  }

  @ParameterizedTest
  @CsvSource({
    "imap,false,command",
    "imap,true,command",
    "pop3,false,command",
    "pop3,true,command",
    "imap,false,PLAIN",
    "imap,true,PLAIN",
    "pop3,false,PLAIN",
    "pop3,true,PLAIN",
    "imap,false,LOGIN",
    "imap,true,LOGIN",
    "pop3,false,LOGIN",
    "pop3,true,LOGIN",
    "imap,false,SCRAM-SHA-256",
    "imap,true,SCRAM-SHA-256",
    "pop3,false,SCRAM-SHA-256",
    "pop3,true,SCRAM-SHA-256",
  })
  void theAnswersAreTheSameOctets(String protocol, boolean tls, String mechanism)
      throws IOException {
    var all = new LinkedHashMap<>(REFUSED);
    all.put("protocol off", given(protocol.equals("imap") ? "imap-off" : "pop-off"));
    var answers = new LinkedHashMap<String, List<String>>();
    for (var one : all.entrySet()) {
      answers.put(one.getKey(), answers(protocol, tls, mechanism, one.getValue()));
    }
    var expected = answers.values().iterator().next();
    assertThat(expected.getLast()).contains(protocol.equals("imap") ? " NO [" : "-ERR [AUTH] ");
    assertThat(answers.values()).as("%s", answers).allMatch(expected::equals);
    // The same client is let in with the right password: what was refused was not the form.
    assertThat(answers(protocol, tls, mechanism, TARGET.account()).getLast()).contains("OK");
  }

  private static List<String> answers(
      String protocol, boolean tls, String mechanism, Target.Login login) throws IOException {
    var client = new Script.Client("A", 1, protocol);
    try (var scriptClient = new ScriptClient(client, TARGET, login)) {
      boolean imap = protocol.equals("imap");
      scriptClient.line(soon());
      if (tls) {
        scriptClient.exchange(imap ? "t STARTTLS" : "STLS");
        scriptClient.startTls();
      }
      var answers = new ArrayList<String>();
      if (!mechanism.equals("command")) {
        new SaslClient(scriptClient, List.of(mechanism, login.name(), login.password())).run();
        answers.add(scriptClient.line(soon()));
      } else if (imap) {
        answers.add(scriptClient.exchange("a LOGIN " + login.name() + " " + login.password()));
      } else {
        answers.add(scriptClient.exchange("USER " + login.name()));
        answers.add(scriptClient.exchange("PASS " + login.password()));
      }
      return answers;
    }
  }

  private static Instant soon() {
    return Instant.now().plus(ScriptReader.PATIENCE);
  }
}
