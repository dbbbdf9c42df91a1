package io.postern.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.mime.MessageFacts;
import java.io.IOException;
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

  private static String literal(String octets) {
    return "{" + octets.length() + "}\r\n" + octets;
  }

  @Test
  void fetchesFieldsFromTheBytes() throws IOException {
    try (var wire = MessageReader.of(target, MESSAGE)) {
      var fields = "X-First: one\r\nX-Last: the needle\r\n\r\n";
      var name = "BODY[HEADER.FIELDS (X-Last X-First)]";
      assertEquals(
          "* 1 FETCH (" + name + " " + literal(fields) + ")",
          wire.ask("a FETCH 1 BODY.PEEK[HEADER.FIELDS (X-Last X-First)]").strip());
      assertEquals(
          "* 1 FETCH (" + name + "<9> " + literal(fields.substring(9, 20)) + ")",
          wire.ask("a FETCH 1 BODY.PEEK[HEADER.FIELDS (X-Last X-First)]<9.11>").strip());
      assertEquals(
          "* 1 FETCH (BODY[HEADER.FIELDS.NOT (x-fill)] " + literal(fields) + ")",
          wire.ask("a FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (x-fill)]").strip());
    }
  }

  @Test
  void fetchesTheHeaderWholeOrInPart() throws IOException {
    try (var wire = MessageReader.of(target, MESSAGE)) {
      assertEquals(
          "* 1 FETCH (BODY[HEADER] " + literal(HEADER) + ")",
          wire.ask("a FETCH 1 BODY.PEEK[HEADER]").strip());
      int from = HEADER.length() - 10;
      assertEquals(
          "* 1 FETCH (BODY[HEADER]<" + from + "> " + literal(HEADER.substring(from)) + ")",
          wire.ask("a FETCH 1 BODY.PEEK[HEADER]<" + from + ".100>").strip());
      assertEquals(
          "* 1 FETCH (BODY[]<9999999> " + literal("") + ")",
          wire.ask("a FETCH 1 BODY.PEEK[]<9999999.1>").strip());
    }
  }

  @Test
  void searchesBehindWhatIsKept() throws IOException {
    try (var wire = MessageReader.of(target, MESSAGE)) {
      assertEquals("* SEARCH 1", wire.ask("a SEARCH HEADER X-Last NEEDLE").strip());
      assertEquals("* SEARCH", wire.ask("a SEARCH HEADER X-First needle").strip());
      assertEquals("* SEARCH 1", wire.ask("a SEARCH TEXT needle NOT BODY needle").strip());
      assertEquals("* SEARCH 1", wire.ask("a SEARCH OR TEXT nowhere BODY \"the text\"").strip());
    }
  }
}
