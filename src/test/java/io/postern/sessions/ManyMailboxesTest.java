package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ESEARCH goes through 1,000 mailboxes, and not through more (RFC 7377 §2.4). */
class ManyMailboxesTest {
  private static final int MOST = 1_000;

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static ClientConnection loggedIn() throws IOException {
    var account = target.account();
    var wire = new ClientConnection(target.host(), target.imapPort());
    wire.answer(soon());
    ask(wire, "LOGIN " + account.name() + " " + account.password());
    return wire;
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(20);
  }

  /** What is answered; the last answer is the tagged one. */
  private static List<String> ask(ClientConnection wire, String command) throws IOException {
    wire.send("a " + command + "\r\n");
    var answers = new ArrayList<String>();
    do {
      answers.add(wire.answer(soon()));
    } while (!answers.getLast().startsWith("a "));
    return answers;
  }

  @Test
  void areSearchedUpToALimit() throws IOException {
    try (var wire = loggedIn()) {
      ask(wire, "APPEND INBOX {11+}\r\nSubject: xy");
      int there = ask(wire, "LIST \"\" *").size() - 1;
      for (int i = there; i < MOST; i++) {
        ask(wire, "CREATE m" + i);
      }
      assertThat(ask(wire, "ESEARCH IN (personal) SUBJECT xy"))
          .satisfiesExactly(
              found -> assertThat(found).contains("MAILBOX INBOX").endsWith("UID ALL 1"),
              end -> assertThat(end).startsWith("a OK"));
      ask(wire, "CREATE one-more");
      assertThat(ask(wire, "ESEARCH IN (personal) SUBJECT xy"))
          .satisfiesExactly(end -> assertThat(end).startsWith("a NO [LIMIT]"));
      assertThat(ask(wire, "ESEARCH IN (inboxes) SUBJECT xy")).hasSize(2);
    }
  }
}
