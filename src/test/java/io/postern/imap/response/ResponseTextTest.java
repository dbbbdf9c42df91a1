package io.postern.imap.response;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.Keywords;
import io.postern.model.message.SystemFlag;
import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResponseTextTest {
  private static String text(ResponseText out) {
    return out.buffer().toString();
  }

  @Test
  void quotesUpToItsLimitAndNoControlCharacter() {
    var longest = "q".repeat(ResponseText.MAX_QUOTED);
    assertEquals("\"" + longest + "\"", text(new ResponseText().string(longest)));
    assertEquals("{1025}\r\n" + longest + "q", text(new ResponseText().string(longest + "q")));
    assertEquals("{2}\r\n\u00e9", text(new ResponseText().string("\u00e9")));
    assertEquals("{2}\r\na\n", text(new ResponseText().string("a\n")));
    assertEquals("\"a\\\"b\\\\\"", text(new ResponseText().string("a\"b\\")));
    assertEquals("\"\"", text(new ResponseText().string("")));
    assertEquals(
        "{1025}\r\n" + longest + "q",
        text(new ResponseText().string(Buffer.buffer(longest + "q"))));
  }

  @Test
  void writesAtomsOnlyWhereTheyAre() {
    assertEquals("Sent-Items", text(new ResponseText().astring("Sent-Items")));
    assertEquals("\"Sent Items\"", text(new ResponseText().astring("Sent Items")));
    assertEquals("\"nil\"", text(new ResponseText().astring("nil")));
    assertEquals("\"\"", text(new ResponseText().astring("")));
    assertEquals("NIL", text(new ResponseText().nstring(Optional.empty())));
  }

  /** A session that is idle would hold the output of its last command. */
  @Test
  void holdsNoOutputBetweenResponses() {
    var output = Buffer.buffer();
    var text = ResponseText.idle().at(output);
    text.raw("* OK").crlf();
    text.end();
    assertEquals("* OK\r\n", output.toString());
    assertThrows(IllegalStateException.class, text::buffer);
  }

  @Test
  void writesNumbersAndSets() {
    var out = new ResponseText().number(0).space().number(Long.MAX_VALUE).space();
    out.set(NumberSet.range(3, 5).union(NumberSet.of(9)));
    assertEquals("0 9223372036854775807 3:5,9", text(out));
  }

  @Test
  void writesPiecesOfAnyLengthInTheirOrder() {
    for (int length = 0; length <= 400; length++) {
      var piece = "p".repeat(length);
      var expected = "* " + piece + "12345" + piece + "\"" + "\\\\".repeat(length) + "\"";
      var out = new ResponseText().raw("* ").raw(piece).number(12_345).raw(Buffer.buffer(piece));
      out.string("\\".repeat(length));
      assertEquals(expected.length(), out.length());
      assertEquals(expected + piece + piece, text(out.raw(latin1(piece)).raw(piece)));
    }
  }

  @Test
  void forgetsWhatAFailedWriterGathered() {
    var out = new ResponseText().raw("half a li");
    assertEquals("* OK", text(out.at(Buffer.buffer()).raw("* OK")));
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void writesPackedFlags() {
    var flags = Flags.of(List.of(SystemFlag.SEEN, SystemFlag.ANSWERED), List.of("$Junk", "x"));
    var keywords = new Keywords(List.of("$Junk", "other", "x"));
    assertEquals(
        "(\\Answered \\Seen $Junk x \\Recent)",
        text(new ResponseText().flags(keywords.pack(flags), keywords, true)));
    assertEquals(
        "(\\Answered \\Seen $Junk x)",
        text(new ResponseText().flags(keywords.pack(flags), keywords, false)));
    assertEquals("()", text(new ResponseText().flags(0, Keywords.NONE, false)));
    assertEquals("(\\Recent)", text(new ResponseText().flags(0, Keywords.NONE, true)));
  }

  @Test
  void keepsPeoplesWordsOnOneLine() {
    assertEquals("a??b?", text(new ResponseText().text("a\r\nb\u00e9")));
  }

  @Test
  void stringsCanBeReadBack() throws BadSyntax {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 3_000; i++) {
      int limit = random.nextBoolean() ? 0x7F : 0x800;
      var text = new StringBuilder();
      for (int j = random.nextInt(20); j > 0; j--) {
        text.append((char) random.nextInt(1, limit));
      }
      var octets = text.toString().getBytes(StandardCharsets.UTF_8);
      var written = new ResponseText().string(octets).buffer();
      assertArrayEquals(
          octets, command(written).astring().getBytes(StandardCharsets.UTF_8), "seed " + seed);
    }
  }

  /** What was written, taken as a command's text. */
  private static Arguments command(Buffer written) {
    if (written.length() == 0 || written.getByte(0) != '{') {
      return Arguments.of(new Request(List.of(written), List.of()));
    }
    int start = written.toString("ISO-8859-1").indexOf('\n') + 1;
    var literal = new Literal.Held(written.getBuffer(start, written.length()));
    return Arguments.of(new Request(List.of(Buffer.buffer(), Buffer.buffer()), List.of(literal)));
  }
}
