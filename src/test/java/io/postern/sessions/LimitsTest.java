package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a client may send, and one octet or one error more. */
class LimitsTest {
  private static final int LINE = 64 * 1024;
  private static final int LINE_BEFORE_LOGIN = 8 * 1024;
  private static final int HELD = 64 * 1024;
  private static final int HELD_BEFORE_LOGIN = 8 * 1024;
  private static final int MESSAGE = 35 * 1024 * 1024;
  private static final int ERRORS = 10;

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static ClientConnection greeted() throws IOException {
    var wire = new ClientConnection(target.host(), target.imapPort());
    assertThat(answer(wire)).startsWith("* OK");
    return wire;
  }

  private static ClientConnection selected() throws IOException {
    var account = target.account();
    var wire = greeted();
    assertThat(ask(wire, "a LOGIN " + account.name() + " " + account.password()))
        .startsWith("a OK");
    assertThat(ask(wire, "a SELECT INBOX")).startsWith("a OK");
    return wire;
  }

  private static String answer(ClientConnection wire) throws IOException {
    return wire.answer(Instant.now().plusSeconds(20));
  }

  /** The first answer that is no data: tagged, a continuation, an untagged BAD or BYE. */
  private static String ask(ClientConnection wire, String command) throws IOException {
    wire.send(command + "\r\n");
    while (true) {
      var next = answer(wire);
      if (!next.startsWith("* ") || next.startsWith("* BAD") || next.startsWith("* BYE")) {
        return next;
      }
    }
  }

  private static String line(int octets) {
    var start = "a UID SEARCH UID 1";
    return start + ",1".repeat((octets - start.length()) / 2);
  }

  @Test
  void aLineOf64KiBIsACommandAndOneOctetMoreIsNot() throws IOException {
    try (var wire = selected()) {
      assertThat(ask(wire, line(LINE))).startsWith("a OK");
      assertThat(ask(wire, line(LINE) + ",1")).startsWith("a BAD").contains(Integer.toString(LINE));
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
    }
  }

  @Test
  void aLiteralOf64KiBIsHeldAndOneOctetMoreIsRefused() throws IOException {
    try (var wire = selected()) {
      assertThat(ask(wire, "a SEARCH SUBJECT {" + HELD + "+}\r\n" + "x".repeat(HELD)))
          .startsWith("a OK");
      int more = HELD + 1;
      assertThat(ask(wire, "a SEARCH SUBJECT {" + more + "+}\r\n" + "x".repeat(more)))
          .startsWith("a NO [TOOBIG]");
      assertThat(ask(wire, "a SEARCH SUBJECT {" + more + "}")).startsWith("a NO [TOOBIG]");
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
    }
  }

  @Test
  void beforeLogin8KiBAreHeldAndOneOctetMoreIsRefused() throws IOException {
    try (var wire = greeted()) {
      int held = HELD_BEFORE_LOGIN;
      assertThat(ask(wire, "a LOGIN {" + held + "+}\r\n" + "x".repeat(held) + " pw"))
          .startsWith("a NO [AUTHENTICATIONFAILED]");
      int more = held + 1;
      assertThat(ask(wire, "a LOGIN {" + more + "+}\r\n" + "x".repeat(more) + " pw"))
          .startsWith("a NO [TOOBIG]");
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
    }
  }

  @Test
  void aMessageOf35MiBIsAskedForAndOneOctetMoreIsRefusedBeforeItsFirst() throws IOException {
    try (var wire = selected()) {
      assertThat(ask(wire, "a APPEND INBOX {" + (MESSAGE + 1) + "}")).startsWith("a NO [TOOBIG]");
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
      assertThat(ask(wire, "a APPEND INBOX {" + MESSAGE + "}")).startsWith("+ ");
    }
  }

  @Test
  void beforeLoginALineOf8KiBIsACommandAndOneOctetMoreIsNot() throws IOException {
    try (var wire = greeted()) {
      var line = "a LOGIN u " + "x".repeat(LINE_BEFORE_LOGIN - "a LOGIN u ".length());
      assertThat(ask(wire, line)).startsWith("a NO [AUTHENTICATIONFAILED]");
      assertThat(ask(wire, line + "x")).startsWith("a BAD A command line has at most 8192");
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
    }
  }

  @Test
  void anAwaitedLineBeforeLoginHas16KiBAndNotOneOctetMore() throws IOException {
    try (var wire = greeted()) {
      var line = "A".repeat(16 * 1024);
      assertThat(ask(wire, "a AUTHENTICATE PLAIN")).startsWith("+ ");
      assertThat(ask(wire, line)).startsWith("a BAD The response is malformed");
      assertThat(ask(wire, "a AUTHENTICATE PLAIN")).startsWith("+ ");
      assertThat(ask(wire, line + "A")).startsWith("a BAD a line has at most 16384");
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
    }
  }

  @Test
  void aRefusedLiteralOfTwiceTheLargestMessageIsReadAndOneOctetMoreIsNot() throws IOException {
    target.set(List.of("mail.max-receive-size=1M"));
    try (var wire = selected()) {
      int twice = 2 << 20;
      assertThat(ask(wire, "a APPEND INBOX {" + twice + "+}\r\n" + "x".repeat(twice)))
          .startsWith("a NO [TOOBIG]");
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
      assertThat(ask(wire, "a APPEND INBOX {" + (twice + 1) + "+}")).startsWith("a NO [TOOBIG]");
      assertThat(wire.rest().lines()).singleElement().asString().startsWith("* BYE ");
    } finally {
      target.set(List.of());
    }
  }

  @Test
  void aCommandHas256LiteralsAndNotOneMore() throws IOException {
    try (var wire = selected()) {
      assertThat(ask(wire, "a NOOP" + " {0+}\r\n".repeat(256))).startsWith("a BAD NOOP");
      assertThat(ask(wire, "a NOOP" + " {0+}\r\n".repeat(257))).startsWith("a BAD A command has");
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
    }
  }

  @Test
  void theTenthErrorEndsTheSession() throws IOException {
    try (var wire = greeted()) {
      for (int i = 1; i < ERRORS; i++) {
        assertThat(ask(wire, "a NONSENSE")).startsWith("a BAD");
      }
      assertThat(ask(wire, "a NOOP")).startsWith("a OK");
      for (int i = 1; i <= ERRORS; i++) {
        assertThat(ask(wire, "a NONSENSE")).startsWith("a BAD");
      }
      assertThat(answer(wire)).startsWith("* BYE");
    }
  }

  @Test
  void refusedLiteralsOfCommandsThatArentThereCountAsErrorsToo() throws IOException {
    try (var wire = greeted()) {
      for (int i = 1; i <= ERRORS; i++) {
        assertThat(ask(wire, "a NONSENSE {3}")).startsWith("a BAD");
      }
      assertThat(wire.rest().lines()).singleElement().asString().startsWith("* BYE ");
    }
  }
}
