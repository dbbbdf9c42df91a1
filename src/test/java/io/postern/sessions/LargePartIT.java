package io.postern.sessions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.store.Blobs;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A part that is too large to be held is decoded, and copied, piece by piece. */
class LargePartIT {
  private static final String OCTETS = "0123456789".repeat(Blobs.CHUNK / 4) + "the end";
  private static final String HEADER =
      "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n";

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static MessageReader selected(String octets) throws IOException {
    var encoded = Base64.getMimeEncoder().encodeToString(octets.getBytes(ISO_8859_1));
    return MessageReader.of(target, HEADER + encoded + "\r\n");
  }

  private static String fetched(String item, String octets) {
    return "* 1 FETCH (" + item + " {" + octets.length() + "}\r\n" + octets + ")";
  }

  @Test
  void isDecodedWholeAndInPart() throws IOException {
    try (var wire = selected(OCTETS)) {
      assertEquals(
          "* 1 FETCH (BINARY.SIZE[1] " + OCTETS.length() + ")",
          wire.ask("a FETCH 1 BINARY.SIZE[1]"));
      assertEquals(fetched("BINARY[1]", OCTETS), wire.ask("a FETCH 1 BINARY.PEEK[1]"));
      int from = OCTETS.length() - 7;
      assertEquals(
          fetched("BINARY[1]<" + from + ">", "the end"),
          wire.ask("a FETCH 1 BINARY.PEEK[1]<" + from + ".100>"));
      assertEquals(
          fetched("BINARY[1]<100000>", OCTETS.substring(100_000, 300_000)),
          wire.ask("a FETCH 1 BINARY.PEEK[1]<100000.200000>"));
      assertEquals(
          fetched("BINARY[1]<9999999>", ""), wire.ask("a FETCH 1 BINARY.PEEK[1]<9999999.1>"));
      assertEquals(fetched("BINARY[1]<0>", "0"), wire.ask("a FETCH 1 BINARY.PEEK[1]<0.1>"));
    }
  }

  @Test
  void isALiteral8WhereItHasNul() throws IOException {
    var octets = OCTETS + "\0";
    try (var wire = selected(octets)) {
      assertEquals(
          "* 1 FETCH (BINARY[1] ~{" + octets.length() + "}\r\n" + octets + ")",
          wire.ask("a FETCH 1 BINARY.PEEK[1]"));
      assertEquals(fetched("BINARY[1]<0>", "01"), wire.ask("a FETCH 1 BINARY.PEEK[1]<0.2>"));
    }
  }

  @Test
  void isCopiedIntoAnotherMessage() throws IOException {
    try (var wire = selected(OCTETS)) {
      var text = HEADER + "AAAA\r\n".repeat(Blobs.CHUNK / 5);
      wire.ask(
          "a APPEND INBOX CATENATE (TEXT {"
              + text.length()
              + "+}\r\n"
              + text
              + " URL \"/INBOX/;UID=1/;SECTION=1\" URL \"/INBOX/;UID=1/;SECTION=1\")");
      var one = wire.ask("a FETCH 1 BODY.PEEK[1]");
      var part = one.substring(one.indexOf("\r\n") + 2, one.length() - 1);
      var whole = wire.ask("a FETCH 2 BODY.PEEK[]");
      assertEquals(
          text + part + part, whole.substring(whole.indexOf("\r\n") + 2, whole.length() - 1));
    }
  }

  @Test
  void hasAPreviewOfItsBeginning() throws IOException {
    try (var wire = selected(OCTETS)) {
      var text = "Content-Transfer-Encoding: base64\r\n\r\n";
      var encoded = Base64.getMimeEncoder().encodeToString(OCTETS.getBytes(ISO_8859_1));
      wire.ask("a APPEND INBOX {" + (text.length() + encoded.length()) + "+}\r\n" + text + encoded);
      assertEquals(
          "* 2 FETCH (PREVIEW \"" + OCTETS.substring(0, 200) + "\")",
          wire.ask("a FETCH 2 PREVIEW"));
    }
  }
}
