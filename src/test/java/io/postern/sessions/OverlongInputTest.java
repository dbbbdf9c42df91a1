package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Overlong input is answered, by IMAP with its tag in every state; unending input is answered and
 * closed.
 */
class OverlongInputTest {
  private static final String NUMBERS = ",200001".repeat(15_000);

  /** Octets that a client sends at a time. */
  private static final int SEGMENT = 1460;

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static ClientConnection imap() throws IOException {
    var wire = new ClientConnection(target.host(), target.imapPort());
    assertThat(answer(wire)).startsWith("* OK");
    return wire;
  }

  private static String answer(ClientConnection wire) throws IOException {
    return wire.answer(Instant.now().plusSeconds(20));
  }

  /** The first tagged answer, BAD, continuation or BYE. */
  private static String ask(ClientConnection wire, String command) throws IOException {
    wire.send(command + "\r\n");
    var next = answer(wire);
    while (next.startsWith("* ") && !next.startsWith("* BAD") && !next.startsWith("* BYE")) {
      next = answer(wire);
    }
    return next;
  }

  private static void logIn(ClientConnection wire) throws IOException {
    var account = target.account();
    assertThat(ask(wire, "l LOGIN " + account.name() + " " + account.password()))
        .startsWith("l OK");
  }

  static Stream<String> lines() {
    return Stream.of(
        "e UID FETCH 200001" + NUMBERS + " (FLAGS)",
        "e SEARCH " + "(".repeat(50_000) + "ALL" + ")".repeat(50_000),
        "e NONSENSE" + " x".repeat(50_000),
        "e " + "x".repeat(100_000),
        "e LOGIN {3+}\r\nabc" + "x".repeat(100_000),
        "e NOOP" + "x".repeat(100_000) + " {10}",
        "e NOOP" + "x".repeat(100_000) + " {8+}\r\na NOOP\r\n");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void aLineThatIsTooLongIsAnsweredWithItsTagInEveryState(String line) throws IOException {
    try (var wire = imap()) {
      assertThat(ask(wire, line)).startsWith("e BAD A command line has at most 8192");
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
      logIn(wire);
      assertThat(ask(wire, line)).startsWith("e BAD A command line has at most 65536");
      assertThat(ask(wire, "b SELECT INBOX")).startsWith("b OK");
      assertThat(ask(wire, line)).startsWith("e BAD A command line has at most 65536");
      assertThat(ask(wire, "c NOOP")).startsWith("c OK");
    }
  }

  /**
   * An ID command of that length: values of 1,024 octets, and the space for the rest (RFC 2971).
   */
  private static String id(String tag, int octets, String value) {
    var start = tag + " iD (\"name\" \"client\"";
    var fields = new StringBuilder(start);
    for (int i = 0; i < 28; i++) {
      fields.append(" \"f").append(i).append("\" ").append(value);
    }
    fields.append(" \"last\" \"\")");
    return fields.insert(fields.length() - 2, "x".repeat(octets - fields.length())).toString();
  }

  @Test
  void anIdCommandMayHave32KibBeforeLogin() throws IOException {
    var value = '"' + "v".repeat(1_024) + '"';
    try (var wire = imap()) {
      assertThat(ask(wire, id("e", 29_900, value))).startsWith("e OK");
      var pieces = id("f", 29_900, value);
      for (int at = 0; at < pieces.length(); at += SEGMENT) {
        wire.send(pieces.substring(at, Math.min(pieces.length(), at + SEGMENT)));
      }
      assertThat(ask(wire, "")).startsWith("f OK");
      // Within the limit the syntax is wrong, not the length: the last value is too long.
      assertThat(ask(wire, id("g", 32 * 1024, value))).startsWith("g BAD ID: ");
      assertThat(ask(wire, id("h", 32 * 1024 + 1, value)))
          .startsWith("h BAD A command line has at most 32768");
      assertThat(ask(wire, "i NOOP " + "x".repeat(8 * 1024 - 6)))
          .startsWith("i BAD A command line has at most 8192");
      assertThat(ask(wire, "j IDENTIFY " + "x".repeat(8 * 1024)))
          .startsWith("j BAD A command line has at most 8192");
    }
  }

  @Test
  void theLiteralsOfAnIdCommandMayHave32KibBeforeLogin() throws IOException {
    var value = "{1024+}\r\n" + "v".repeat(1_024);
    try (var wire = imap()) {
      var fields = "(\"0\" " + value;
      for (int i = 1; i < 30; i++) {
        fields += " \"" + i + "\" " + value;
      }
      assertThat(ask(wire, "e ID " + fields + ")")).startsWith("e OK");
      var rest = "{" + (32 * 1024 - 30 * 1024) + "+}\r\n" + "v".repeat(32 * 1024 - 30 * 1024);
      assertThat(ask(wire, "f ID " + fields + " \"x\" " + rest + ")")).startsWith("f BAD ID: ");
      assertThat(ask(wire, "g ID " + fields + " \"x\" " + rest + " {1+}\r\nx)"))
          .startsWith("g NO [TOOBIG]");
      assertThat(ask(wire, "h LOGIN x {8193+}\r\n" + "v".repeat(8193))).startsWith("h NO [TOOBIG]");
      assertThat(ask(wire, "i NOOP")).startsWith("i OK");
    }
  }

  @Test
  void aDeepSearchWithinTheLineIsAnsweredWithItsTag() throws IOException {
    try (var wire = imap()) {
      logIn(wire);
      assertThat(ask(wire, "b SELECT INBOX")).startsWith("b OK");
      assertThat(ask(wire, "e SEARCH " + "(".repeat(30_000) + "ALL" + ")".repeat(30_000)))
          .startsWith("e BAD");
      assertThat(ask(wire, "c NOOP")).startsWith("c OK");
    }
  }

  @Test
  void aLineThatIsTooLongAndHasNoTagIsAnsweredWithoutOne() throws IOException {
    try (var wire = imap()) {
      assertThat(ask(wire, "(" + "x".repeat(10_000))).startsWith("* BAD A command line");
      assertThat(ask(wire, "x".repeat(10_000))).startsWith("* BAD A command line");
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
    }
  }

  @Test
  void aLineForIdleThatIsTooLongEndsIdle() throws IOException {
    try (var wire = imap()) {
      logIn(wire);
      assertThat(ask(wire, "e IDLE")).startsWith("+ ");
      assertThat(ask(wire, "DONE" + "x".repeat(100_000))).startsWith("e BAD");
      assertThat(ask(wire, "c NOOP")).startsWith("c OK");
    }
  }

  @Test
  void aTextIsReadUpTo16LinesAndNotOneOctetMore() throws IOException {
    for (int line : new int[] {8 * 1024, 64 * 1024}) {
      try (var wire = imap()) {
        if (line > 8 * 1024) {
          logIn(wire);
        }
        var longest = "e NOOP " + "x".repeat(16 * line - "e NOOP \r".length());
        assertThat(ask(wire, longest)).startsWith("e BAD");
        assertThat(ask(wire, "a NOOP")).startsWith("a OK");
        wire.send(longest + "xx");
        assertThat(wire.rest().lines().map(it -> it.substring(0, 5)))
            .containsExactly("e BAD", "* BYE");
      }
    }
  }

  @Test
  void anAwaitedLineThatDoesNotEndIsAnsweredAndClosed() throws IOException {
    try (var wire = imap()) {
      assertThat(ask(wire, "e AUTHENTICATE PLAIN")).startsWith("+ ");
      wire.sendUntilCut("A".repeat(1 << 20));
      assertThat(wire.rest().lines().map(it -> it.substring(0, 5)))
          .containsExactly("e BAD", "* BYE");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOGIN {100000000+}", "APPEND INBOX {4000000000+}", "X {99999999999+}"})
  void aLiteralThatIsNotReadBeforeLoginIsAnsweredAtItsHeadAndClosed(String command)
      throws IOException {
    try (var wire = imap()) {
      wire.send("e " + command + "\r\n");
      assertThat(wire.rest().lines().map(it -> it.replaceFirst("(BAD|NO|BYE) .*", "$1")))
          .hasSize(2)
          .startsWith(command.startsWith("LOGIN") ? "e NO" : "e BAD")
          .endsWith("* BYE");
    }
  }

  @Test
  void aMessageOf4GBIsRefusedAtItsHeadAndClosed() throws IOException {
    try (var wire = imap()) {
      logIn(wire);
      wire.send("e APPEND INBOX {4000000000+}\r\n");
      var said = wire.rest().lines().toList();
      assertThat(said).hasSize(2);
      assertThat(said.getFirst()).startsWith("e NO [TOOBIG]");
      assertThat(said.getLast()).startsWith("* BYE ");
    }
  }

  @Test
  void theLiteralsOfARefusedCommandAreReadUpToALimit() throws IOException {
    target.set(List.of("mail.max-receive-size=1M"));
    try (var wire = imap()) {
      logIn(wire);
      int mebi = 1 << 20;
      var literal = " {" + mebi + "+}\r\n" + "x".repeat(mebi);
      assertThat(ask(wire, "e X" + literal + literal)).startsWith("e BAD");
      wire.sendUntilCut("e X" + literal + literal + " {1+}\r\n");
      assertThat(wire.rest().lines().map(it -> it.substring(0, 5)))
          .containsExactly("e BAD", "* BYE");
    } finally {
      target.set(List.of());
    }
  }

  @Test
  void emptyLinesEndTheSessionLikeOtherErrors() throws IOException {
    try (var wire = imap();
        var pop3 = new ClientConnection(target.host(), target.pop3Port());
        var lmtp = new ClientConnection(target.host(), target.lmtpPort())) {
      for (var each : List.of(wire, pop3, lmtp)) {
        each.sendUntilCut("\r\n".repeat(100_000));
      }
      assertThat(wire.rest().lines()).hasSize(11).last().asString().startsWith("* BYE ");
      assertThat(pop3.rest().lines()).hasSize(12).last().asString().startsWith("-ERR Too many");
      assertThat(lmtp.rest().lines()).hasSize(12).last().asString().startsWith("421 ");
    }
  }

  @Test
  void aLineThatDoesNotEndIsAnsweredAndClosedByPop3AndLmtp() throws IOException {
    try (var pop3 = new ClientConnection(target.host(), target.pop3Port());
        var lmtp = new ClientConnection(target.host(), target.lmtpPort())) {
      pop3.sendUntilCut("x".repeat(1 << 20));
      assertThat(pop3.rest().lines().map(it -> it.substring(0, 4)))
          .containsExactly("+OK ", "-ERR", "-ERR");
      lmtp.sendUntilCut("x".repeat(1 << 20));
      assertThat(lmtp.rest().lines().map(it -> it.substring(0, 4)))
          .containsExactly("220 ", "500 ", "421 ");
    }
  }

  @Test
  void messageDataIsReadUpToTwiceTheLimit() throws IOException {
    target.set(List.of("mail.max-receive-size=1M"));
    try (var lmtp = new ClientConnection(target.host(), target.lmtpPort())) {
      lmtp.send("LHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<" + target.account().name() + ">\r\n");
      lmtp.send("DATA\r\n" + "x".repeat((2 << 20) - 1024) + "\r\n.\r\nNOOP\r\n");
      lmtp.send("MAIL FROM:<>\r\nRCPT TO:<" + target.account().name() + ">\r\nDATA\r\n");
      lmtp.sendUntilCut("x".repeat(3 << 20));
      assertThat(lmtp.rest().lines().map(it -> it.substring(0, 4)))
          .containsSubsequence("354 ", "552 ", "250 ", "354 ", "421 ")
          .endsWith("421 ");
    } finally {
      target.set(List.of());
    }
  }
}
