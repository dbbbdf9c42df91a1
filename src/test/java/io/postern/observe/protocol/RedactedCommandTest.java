package io.postern.observe.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
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
  private static RedactedCommand redacted(
      MailProtocol protocol, boolean loggedIn, String command, String line) {
    var request = new Request(List.of(Buffer.buffer(line)), List.of());
    return RedactedCommand.of(
        protocol, loggedIn, new CommandRecord(1, command, "ok", request, 1, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IMAP | LOGIN        | a LOGIN alice s3cret",
        "IMAP | LOGIN        | a login {5+}",
        "IMAP | AUTHENTICATE | a AUTHENTICATE PLAIN AHMzY3JldA==",
        "IMAP | ?            | a LOGNI alice s3cret",
        "IMAP | ?            | s3cret",
        "IMAP | ?            | s3cret s3cret",
        "IMAP | LOGIN        | LOGIN alice s3cret",
        "IMAP | SELECT       | a SELECT s3cret",
        "POP3 | PASS         | PASS s3cret",
        "POP3 | ?            | s3cret",
        "POP3 | ?            | PAS s3cret",
        "POP3 | APOP         | APOP alice s3cret",
        "POP3 | AUTH         | AUTH PLAIN AHMzY3JldA=="
      })
  void noPasswordIsShownBeforeLogin(MailProtocol protocol, String command, String line) {
    var shown = redacted(protocol, false, command, line);
    assertThat(shown.parameters()).doesNotContain("s3cret", "AHMzY3JldA");
    assertThat(shown.octets()).isEqualTo(line.length());
  }

  @Test
  void noPasswordIsLoggedAfterLogin() {
    assertThat(redacted(MailProtocol.IMAP, true, "LOGIN", "a LOGIN alice s3cret").parameters())
        .isEqualTo(RedactedCommand.HIDDEN);
    assertThat(redacted(MailProtocol.IMAP, true, "?", "a s3cret s3cret").parameters())
        .isEqualTo(RedactedCommand.HIDDEN);
    assertThat(redacted(MailProtocol.POP3, true, "PASS", "PASS s3cret").parameters())
        .isEqualTo(RedactedCommand.HIDDEN);
  }

  @Test
  void harmlessParametersAreLogged() {
    assertThat(redacted(MailProtocol.IMAP, true, "SELECT", "a SELECT INBOX").parameters())
        .isEqualTo("INBOX");
    assertThat(redacted(MailProtocol.IMAP, true, "UID FETCH", "a UID FETCH 1 FLAGS").parameters())
        .isEqualTo("FETCH 1 FLAGS");
    assertThat(
            redacted(MailProtocol.IMAP, false, "AUTHENTICATE", "a AUTHENTICATE PLAIN").parameters())
        .isEqualTo("PLAIN");
    assertThat(redacted(MailProtocol.POP3, false, "USER", "USER alice").parameters())
        .isEqualTo("alice");
    assertThat(redacted(MailProtocol.IMAP, true, "NOOP", "a NOOP").parameters()).isEmpty();
  }

  @Test
  void aCommandIsOneLineOfBoundedLength() {
    var longest = "a SEARCH " + "x".repeat(RedactedCommand.MAX_LENGTH);
    assertThat(redacted(MailProtocol.IMAP, true, "SEARCH", longest).parameters())
        .hasSize(RedactedCommand.MAX_LENGTH);
    assertThat(redacted(MailProtocol.IMAP, true, "SEARCH", longest + "x").parameters())
        .hasSize(RedactedCommand.MAX_LENGTH + 3);
    assertThat(redacted(MailProtocol.IMAP, true, "SEARCH", "a SEARCH \u0001\n").parameters())
        .isEqualTo("??");
  }

  @Test
  void aLiteralIsCountedAndNotLogged() {
    var request =
        new Request(
            List.of(Buffer.buffer("a APPEND x {5}"), Buffer.buffer("")),
            List.of(new Literal.Held(Buffer.buffer("12345"))));
    var shown =
        RedactedCommand.of(
            MailProtocol.IMAP, true, new CommandRecord(1, "APPEND", "ok", request, 1, 1));
    assertThat(shown.parameters()).isEqualTo("x {5}");
    assertThat(shown.octets()).isEqualTo(19);
  }
}
