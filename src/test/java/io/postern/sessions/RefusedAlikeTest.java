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

/** Why somebody is not let in cannot be seen from the answers: they are the same octets. */
class RefusedAlikeTest {
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
      TARGET.clerk().orElseThrow().give(word, List.of(account));
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
    try (var seat = new Seat(client, TARGET, login)) {
      boolean imap = protocol.equals("imap");
      seat.line(soon());
      if (tls) {
        seat.exchange(imap ? "t STARTTLS" : "STLS");
        seat.startTls();
      }
      var answers = new ArrayList<String>();
      if (!mechanism.equals("command")) {
        new SaslClient(seat, List.of(mechanism, login.name(), login.password())).run();
        answers.add(seat.line(soon()));
      } else if (imap) {
        answers.add(seat.exchange("a LOGIN " + login.name() + " " + login.password()));
      } else {
        answers.add(seat.exchange("USER " + login.name()));
        answers.add(seat.exchange("PASS " + login.password()));
      }
      return answers;
    }
  }

  private static Instant soon() {
    return Instant.now().plus(ScriptReader.PATIENCE);
  }
}
