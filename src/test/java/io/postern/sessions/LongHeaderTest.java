package io.postern.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.mime.MessageFacts;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A header too long to be kept with the facts is fetched and searched from the bytes. */
class LongHeaderTest {
  private static final String FILL = "X-Fill: " + "f".repeat(70) + "\r\n";
  private static final String HEADER =
      "X-First: one\r\n"
          + FILL.repeat(MessageFacts.MAX_HEADER / FILL.length() + 1)
          + "X-Last: the needle\r\n\r\n";
  private static final String MESSAGE = HEADER + "This is the text.\r\n";

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static ClientConnection selected() throws IOException {
    var account = target.account();
    var wire = new ClientConnection(target.host(), target.imapPort());
    answer(wire);
    ask(wire, "a LOGIN " + account.name() + " " + account.password());
    ask(wire, "a APPEND INBOX {" + MESSAGE.length() + "+}\r\n" + MESSAGE);
    ask(wire, "a SELECT INBOX");
    return wire;
  }

  private static String answer(ClientConnection wire) throws IOException {
    return wire.answer(Instant.now().plusSeconds(20));
  }

  /** What is answered before the tagged OK, the last untagged answer only. */
  private static String ask(ClientConnection wire, String command) throws IOException {
    wire.send(command + "\r\n");
    var last = "";
    while (true) {
      var next = answer(wire);
      if (next.startsWith("a ")) {
        assertTrue(next.startsWith("a OK"), next);
        return last;
      }
      last = next;
    }
  }

  private static String literal(String octets) {
    return "{" + octets.length() + "}\r\n" + octets;
  }

  @Test
  void fetchesFieldsFromTheBytes() throws IOException {
    try (var wire = selected()) {
      var fields = "X-First: one\r\nX-Last: the needle\r\n\r\n";
      var name = "BODY[HEADER.FIELDS (X-Last X-First)]";
      assertEquals(
          "* 1 FETCH (" + name + " " + literal(fields) + ")",
          ask(wire, "a FETCH 1 BODY.PEEK[HEADER.FIELDS (X-Last X-First)]").strip());
      assertEquals(
          "* 1 FETCH (" + name + "<9> " + literal(fields.substring(9, 20)) + ")",
          ask(wire, "a FETCH 1 BODY.PEEK[HEADER.FIELDS (X-Last X-First)]<9.11>").strip());
      assertEquals(
          "* 1 FETCH (BODY[HEADER.FIELDS.NOT (x-fill)] " + literal(fields) + ")",
          ask(wire, "a FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (x-fill)]").strip());
    }
  }

  @Test
  void fetchesTheHeaderWholeOrInPart() throws IOException {
    try (var wire = selected()) {
      assertEquals(
          "* 1 FETCH (BODY[HEADER] " + literal(HEADER) + ")",
          ask(wire, "a FETCH 1 BODY.PEEK[HEADER]").strip());
      int from = HEADER.length() - 10;
      assertEquals(
          "* 1 FETCH (BODY[HEADER]<" + from + "> " + literal(HEADER.substring(from)) + ")",
          ask(wire, "a FETCH 1 BODY.PEEK[HEADER]<" + from + ".100>").strip());
      assertEquals(
          "* 1 FETCH (BODY[]<9999999> " + literal("") + ")",
          ask(wire, "a FETCH 1 BODY.PEEK[]<9999999.1>").strip());
    }
  }

  @Test
  void searchesBehindWhatIsKept() throws IOException {
    try (var wire = selected()) {
      assertEquals("* SEARCH 1", ask(wire, "a SEARCH HEADER X-Last NEEDLE").strip());
      assertEquals("* SEARCH", ask(wire, "a SEARCH HEADER X-First needle").strip());
      assertEquals("* SEARCH 1", ask(wire, "a SEARCH TEXT needle NOT BODY needle").strip());
      assertEquals("* SEARCH 1", ask(wire, "a SEARCH OR TEXT nowhere BODY \"the text\"").strip());
    }
  }
}
