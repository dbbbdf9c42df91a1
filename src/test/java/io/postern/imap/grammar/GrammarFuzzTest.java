package io.postern.imap.grammar;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever the octets: a value or BadSyntax, and an end. */
class GrammarFuzzTest {
  private static final List<String> WORDS =
      List.of(
          " ",
          "(",
          ")",
          "\"",
          "\\",
          "[",
          "]",
          "<",
          ">",
          ".",
          "*",
          ":",
          ",",
          "1",
          "4294967295",
          "NIL",
          "OR ",
          "NOT ",
          "CHARSET ",
          "FROM ",
          "UID ",
          "BODY[",
          "HEADER.FIELDS (",
          "\\Seen",
          "1-Feb-1994",
          "&",
          "-",
          "\"17-Jul-1996 02:44:25 -0700\"",
          "\0",
          "\u00ff",
          "{",
          "=",
          "FLAGS",
          "SINCE ",
          "HEADER ");

  /** One thing the grammar can be asked to read. */
  private interface Reader {
    Object read(Arguments in) throws BadSyntax;
  }

  private static final List<Reader> READERS =
      List.of(
          Arguments::tag,
          Arguments::verb,
          Arguments::astring,
          Arguments::nstring,
          Arguments::number64,
          Arguments::mailbox,
          Arguments::listMailbox,
          Arguments::literal,
          SetText::read,
          FlagText::list,
          FlagText::listOrBare,
          DateText::date,
          DateText::dateTime,
          SectionText::read,
          SectionText::tryPartial,
          IdText::read,
          SaslText::initialResponse,
          in -> SearchText.read(in, new SearchTextTest.Additions()),
          in ->
              FetchText.read(
                  in,
                  name ->
                      name.startsWith("BODY") ? Optional.of(SectionText::read) : Optional.empty()));

  @Test
  void anythingEndsInAValueOrBadSyntax() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 40_000; i++) {
      var request = request(random);
      for (var reader : READERS) {
        check(reader, request, seed);
      }
    }
  }

  private static void check(Reader reader, Request request, long seed) {
    try {
      var in = Arguments.of(request);
      assertNotNull(reader.read(in));
      in.end();
    } catch (BadSyntax expected) {
      assertNotNull(expected.getMessage());
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + request, e);
    }
  }

  private static Request request(SplittableRandom random) {
    var texts = new ArrayList<Buffer>();
    var literals = new ArrayList<Literal>();
    texts.add(text(random));
    while (random.nextInt(4) == 0) {
      literals.add(
          random.nextInt(5) == 0
              ? new Literal.Spooled(new NoSink(), random.nextInt(10))
              : new Literal.Held(text(random)));
      texts.add(text(random));
    }
    return new Request(texts, literals);
  }

  private static Buffer text(SplittableRandom random) {
    var text = Buffer.buffer();
    for (int i = random.nextInt(12); i > 0; i--) {
      if (random.nextInt(6) == 0) {
        text.appendByte((byte) random.nextInt(256));
      } else {
        text.appendString(WORDS.get(random.nextInt(WORDS.size())), "ISO-8859-1");
      }
    }
    return text;
  }
}
