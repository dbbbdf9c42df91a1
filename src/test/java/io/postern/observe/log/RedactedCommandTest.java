package io.postern.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.postern.wire.registry.CommandRecord;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What opens an account is in no log. */
class RedactedCommandTest {
  private static RedactedCommand spoken(
      String protocol, boolean loggedIn, String command, String line) {
    var request = new Request(List.of(Buffer.buffer(line)), List.of());
    return RedactedCommand.of(
        protocol, loggedIn, new CommandRecord(1, command, "ok", request, 1, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "imap | LOGIN        | a LOGIN alice s3cret",
        "imap | LOGIN        | a login {5+}",
        "imap | AUTHENTICATE | a AUTHENTICATE PLAIN AHMzY3JldA==",
        "imap | ?            | a LOGNI alice s3cret",
        "imap | ?            | s3cret",
        "imap | ?            | s3cret s3cret",
        "imap | LOGIN        | LOGIN alice s3cret",
        "imap | SELECT       | a SELECT s3cret",
        "pop3 | PASS         | PASS s3cret",
        "pop3 | ?            | s3cret",
        "pop3 | ?            | PAS s3cret",
        "pop3 | APOP         | APOP alice s3cret",
        "pop3 | AUTH         | AUTH PLAIN AHMzY3JldA=="
      })
  void noPasswordBeforeLogin(String protocol, String command, String line) {
    var shown = spoken(protocol, false, command, line);
    assertThat(shown.parameters()).doesNotContain("s3cret", "AHMzY3JldA");
    assertThat(shown.octets()).isEqualTo(line.length());
  }

  @Test
  void norAfterIt() {
    assertThat(spoken("imap", true, "LOGIN", "a LOGIN alice s3cret").parameters())
        .isEqualTo(RedactedCommand.HIDDEN);
    assertThat(spoken("imap", true, "?", "a s3cret s3cret").parameters())
        .isEqualTo(RedactedCommand.HIDDEN);
    assertThat(spoken("pop3", true, "PASS", "PASS s3cret").parameters())
        .isEqualTo(RedactedCommand.HIDDEN);
  }

  @Test
  void whatIsHarmlessIsShown() {
    assertThat(spoken("imap", true, "SELECT", "a SELECT INBOX").parameters()).isEqualTo("INBOX");
    assertThat(spoken("imap", true, "UID FETCH", "a UID FETCH 1 FLAGS").parameters())
        .isEqualTo("FETCH 1 FLAGS");
    assertThat(spoken("imap", false, "AUTHENTICATE", "a AUTHENTICATE PLAIN").parameters())
        .isEqualTo("PLAIN");
    assertThat(spoken("pop3", false, "USER", "USER alice").parameters()).isEqualTo("alice");
    assertThat(spoken("imap", true, "NOOP", "a NOOP").parameters()).isEmpty();
  }

  @Test
  void aLineStaysOneLineAndOfBoundedLength() {
    var longest = "a SEARCH " + "x".repeat(RedactedCommand.LONGEST);
    assertThat(spoken("imap", true, "SEARCH", longest).parameters())
        .hasSize(RedactedCommand.LONGEST);
    assertThat(spoken("imap", true, "SEARCH", longest + "x").parameters())
        .hasSize(RedactedCommand.LONGEST + 3);
    assertThat(spoken("imap", true, "SEARCH", "a SEARCH \u0001\n").parameters()).isEqualTo("??");
  }

  @Test
  void aLiteralIsCountedAndNotShown() {
    var request =
        new Request(
            List.of(Buffer.buffer("a APPEND x {5}"), Buffer.buffer("")),
            List.of(new Literal.Held(Buffer.buffer("12345"))));
    var shown =
        RedactedCommand.of("imap", true, new CommandRecord(1, "APPEND", "ok", request, 1, 1));
    assertThat(shown.parameters()).isEqualTo("x {5}");
    assertThat(shown.octets()).isEqualTo(19);
  }
}
