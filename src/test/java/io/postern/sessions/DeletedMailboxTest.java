package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A session whose selected mailbox another one deleted: every verb ends it by BYE, those that do
 * not look at the mailbox as soon as the hint has come; but for those that leave it.
 */
class DeletedMailboxTest {
  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  @TestFactory
  Stream<DynamicTest> everyVerbEndsTheSession() {
    return Stream.of(
            "NOOP",
            "CHECK",
            "CAPABILITY",
            "FETCH 1 FLAGS",
            "UID FETCH 1 UID",
            "FETCH 1 BODY[]",
            "SEARCH ALL",
            "UID SEARCH UID 1",
            "STORE 1 +FLAGS (\\Seen)",
            "UID STORE 1 -FLAGS.SILENT (\\Seen)",
            "COPY 1 INBOX",
            "UID MOVE 1 INBOX",
            "EXPUNGE",
            "UID EXPUNGE 1",
            "CLOSE",
            "STATUS INBOX (MESSAGES)",
            "LIST \"\" *",
            "LSUB \"\" *",
            "CREATE Other",
            "DELETE Junk",
            "RENAME Sent Other",
            "SUBSCRIBE INBOX",
            "NAMESPACE",
            "ID NIL")
        .flatMap(
            command ->
                Stream.of("SELECT", "EXAMINE")
                    // CLOSE of a mailbox that was opened read-only does not read it.
                    .filter(opening -> !(opening.equals("EXAMINE") && command.equals("CLOSE")))
                    .map(
                        opening ->
                            DynamicTest.dynamicTest(
                                opening + ", " + command, () -> ends(opening, command))));
  }

  private static void ends(String opening, String command) throws IOException {
    var account = target.account();
    try (var one = in(account);
        var other = in(account)) {
      deleted(one, other, opening);
      var end = soon();
      var answer = ask(one, command);
      while (!answer.startsWith("* BYE")) {
        assertThat(Instant.now()).as("no BYE, but %s", answer).isBefore(end);
        assertThat(answer).startsWith("a ").doesNotContain("NONEXISTENT");
        answer = ask(one, command);
      }
      assertThat(answer).isEqualTo("* BYE The selected mailbox was deleted.");
    }
  }

  @TestFactory
  Stream<DynamicTest> whatLeavesTheMailboxDoesSo() {
    return Stream.of("SELECT INBOX", "EXAMINE INBOX")
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command,
                    () -> {
                      var account = target.account();
                      try (var one = in(account);
                          var other = in(account)) {
                        deleted(one, other, "SELECT");
                        assertThat(ask(one, command)).startsWith("a OK");
                        assertThat(ask(one, "NOOP")).startsWith("a OK");
                      }
                    }));
  }

  @Test
  void logoutSendsItsOwnBye() throws IOException {
    var account = target.account();
    try (var one = in(account);
        var other = in(account)) {
      deleted(one, other, "SELECT");
      assertThat(ask(one, "LOGOUT")).startsWith("* BYE Logging out");
      assertThat(one.answer(soon())).startsWith("a OK");
    }
  }

  /** One session has a mailbox with a message open, and the other deletes it. */
  private static void deleted(ClientConnection one, ClientConnection other, String opening)
      throws IOException {
    assertThat(ask(one, "CREATE Plans")).startsWith("a OK");
    assertThat(ask(one, "APPEND Plans {7+}\r\nFrom: x")).startsWith("a OK");
    assertThat(ask(one, opening + " Plans")).startsWith("a OK");
    assertThat(ask(other, "DELETE Plans")).startsWith("a OK");
  }

  private static ClientConnection in(Target.Login account) throws IOException {
    var wire = new ClientConnection(target.host(), target.imapPort());
    assertThat(wire.answer(soon())).startsWith("* OK");
    assertThat(ask(wire, "LOGIN " + account.name() + " " + account.password())).startsWith("a OK");
    return wire;
  }

  /** The first answer that is no data: tagged, or BYE. */
  private static String ask(ClientConnection wire, String command) throws IOException {
    wire.send("a " + command + "\r\n");
    while (true) {
      var next = wire.answer(soon());
      if (!next.startsWith("* ") || next.startsWith("* BYE")) {
        return next;
      }
    }
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(20);
  }
}
