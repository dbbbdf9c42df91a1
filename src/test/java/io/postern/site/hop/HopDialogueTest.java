package io.postern.site.hop;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Home;
import io.postern.wire.HandOver;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HopDialogueTest {
  private static final HandOver TOLD =
      new HandOver(
          "00f1e2d3c4b5a697",
          SocketAddress.inetSocketAddress(50123, "192.0.2.7"),
          SocketAddress.inetSocketAddress(993, "2001:db8::1"),
          true,
          Optional.empty(),
          Optional.of(new Home("east", 7)),
          Optional.empty());

  @Test
  void imapSaysAllAtOnce() {
    assertThat(new ImapDialogue().opening(TOLD, "alice@example.test").toString())
        .isEqualTo(
            "I ID (\"x-session-id\" \"00f1e2d3c4b5a697\" \"x-originating-ip\" \"192.0.2.7\""
                + " \"x-originating-port\" \"50123\" \"x-connected-ip\" \"2001:db8:0:0:0:0:0:1\""
                + " \"x-connected-port\" \"993\" \"x-proxy-ttl\" \"1\""
                + " \"x-client-transport\" \"TLS\" \"x-forward-home\" \"east:7\")\r\n"
                + "L AUTHENTICATE EXTERNAL YWxpY2VAZXhhbXBsZS50ZXN0\r\n");
  }

  @Test
  void imapSendsWhatIsNotAsciiAsALiteral() {
    var handOver =
        new HandOver(
            "1",
            TOLD.remote(),
            TOLD.local(),
            false,
            Optional.of("jörg"),
            Optional.empty(),
            Optional.of("a \"b\""));
    assertThat(new ImapDialogue().opening(handOver, "a").toString())
        .contains("\"x-client-transport\" \"insecure\" \"x-forward-user\" {5+}\r\njörg \"name\"")
        .contains(" \"a \\\"b\\\"\")\r\n");
  }

  @Test
  void pop3SaysAllAtOnce() {
    assertThat(new Pop3Dialogue().opening(TOLD, "alice@example.test").toString())
        .isEqualTo(
            "XCLIENT SESSION=00f1e2d3c4b5a697 ADDR=192.0.2.7 PORT=50123"
                + " DESTADDR=2001:db8:0:0:0:0:0:1 DESTPORT=993 TTL=1 CLIENT-TRANSPORT=TLS"
                + " FORWARD=aG9tZT1lYXN0Ojc=\r\n"
                + "AUTH EXTERNAL YWxpY2VAZXhhbXBsZS50ZXN0\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"* OK [CAPABILITY IMAP4rev1] hello", "* ID NIL", "I OK", "* CAPABILITY IMAP4rev1"})
  void imapAwaitsTheTaggedResponse(String line) {
    assertThat(new ImapDialogue().line(line)).isEmpty();
  }

  @Test
  void imapKeepsTheResponseAsItIs() {
    assertThat(new ImapDialogue().line("L OK [CAPABILITY IMAP4rev1 X] Logged in"))
        .contains(new Verdict.Entered("OK [CAPABILITY IMAP4rev1 X] Logged in"));
  }

  @ParameterizedTest
  @CsvSource({
    "NO [AUTHENTICATIONFAILED] no, Denied",
    "NO [AUTHORIZATIONFAILED] no, Denied",
    "NO no code, Denied",
    "NO [UNAVAILABLE] later, Unavailable",
    "NO [LIMIT] too many, Refused",
    "NO [REFERRAL imap://a@west/] there, NotHome",
    "NO [SERVERBUG] oh, Misconfigured",
    "BAD what, Misconfigured",
  })
  void imapTellsRefusalsApart(String answer, String verdict) {
    assertThat(new ImapDialogue().line("L " + answer).orElseThrow().getClass().getSimpleName())
        .isEqualTo(verdict);
  }

  @Test
  void imapTakesAByeForAnOutage() {
    assertThat(new ImapDialogue().line("* BYE full").orElseThrow())
        .isInstanceOf(Verdict.Unavailable.class);
  }

  @Test
  void aRefusedHandOverIsAWrongConfiguration() {
    assertThat(new ImapDialogue().line("I BAD what").orElseThrow())
        .isInstanceOf(Verdict.Misconfigured.class);
    var pop3 = new Pop3Dialogue();
    assertThat(pop3.line("+OK [XCLIENT] hello")).isEmpty();
    assertThat(pop3.line("-ERR what").orElseThrow()).isInstanceOf(Verdict.Misconfigured.class);
  }

  @ParameterizedTest
  @CsvSource({
    "+OK 2 messages, Entered",
    "-ERR [AUTH] no, Denied",
    "-ERR [IN-USE] locked, Refused",
    "-ERR [SYS/TEMP] later, Unavailable",
    "-ERR [SYS/PERM] never, Misconfigured",
    "-ERR [REFERRAL/west] there, NotHome",
    "-ERR no code, Denied",
  })
  void pop3TellsRefusalsApart(String answer, String verdict) {
    var dialogue = new Pop3Dialogue();
    assertThat(dialogue.line("+OK [XCLIENT] hello")).isEmpty();
    assertThat(dialogue.line("+OK")).isEmpty();
    assertThat(dialogue.line(answer).orElseThrow().getClass().getSimpleName()).isEqualTo(verdict);
  }
}
