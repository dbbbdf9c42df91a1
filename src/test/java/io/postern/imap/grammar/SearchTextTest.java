package io.postern.imap.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.imap.grammar.SearchText.Program;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.model.message.Criterion;
import io.postern.model.message.Criterion.When;
import io.postern.model.message.SystemFlag;
import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTextTest {
  private static final Criterion SEEN = new Criterion.HasFlag(SystemFlag.SEEN);

  private static Program program(Arguments in) throws BadSyntax {
    return SearchText.read(in, new Additions());
  }

  /** A key of an extension, and a marker that stands for UIDs 2 and 3. */
  static final class Additions implements SearchText.Additions {
    @Override
    public Optional<SearchText.KeyReader> key(String name) {
      return Optional.<SearchText.KeyReader>of(Additions::older).filter(_ -> name.equals("OLDER"));
    }

    private static Criterion older(SearchText search) throws BadSyntax {
      search.arguments().space();
      return new Criterion.Larger(search.arguments().number64());
    }

    @Override
    public Optional<NumberSet> marked(int octet) {
      return Optional.of(NumberSet.range(2, 3)).filter(_ -> octet == '$');
    }

    @Override
    public void requireNumbers(Arguments in) {}
  }

  private static Criterion search(String text) throws BadSyntax {
    return asked(program(Arguments.of(text)));
  }

  private static Criterion asked(Program program) {
    return switch (program) {
      case Program.Asked(var criterion) -> criterion;
      case Program.UnknownCharset(var name) -> throw new AssertionError(name);
    };
  }

  @Test
  void readsEveryKeyOfItsKind() throws BadSyntax {
    var day = LocalDate.of(1994, 2, 1);
    assertEquals(new Criterion.All(), search("all "));
    assertEquals(new Criterion.Not(SEEN), search("UNSEEN"));
    assertEquals(
        new Criterion.And(List.of(new Criterion.Recent(), new Criterion.Not(SEEN))), search("NEW"));
    assertEquals(new Criterion.Not(new Criterion.Recent()), search("OLD"));
    assertEquals(new Criterion.HasKeyword("$Junk"), search("KEYWORD $Junk"));
    assertEquals(new Criterion.Not(new Criterion.HasKeyword("$Junk")), search("UNKEYWORD $Junk"));
    assertEquals(new Criterion.InternalDay(When.SINCE, day), search("SINCE 1-Feb-1994"));
    assertEquals(new Criterion.SentDay(When.ON, day), search("SENTON \"1-Feb-1994\""));
    assertEquals(new Criterion.Larger(10), search("LARGER 10"));
    assertEquals(new Criterion.Smaller(10), search("SMALLER 10"));
    assertEquals(new Criterion.Addresses("From", "Smith"), search("FROM Smith"));
    assertEquals(new Criterion.Header("x-a", ""), search("HEADER x-a \"\""));
    assertEquals(new Criterion.Body("a b"), search("BODY \"a b\""));
    assertEquals(new Criterion.Text("x"), search("TEXT x"));
    assertEquals(new Criterion.HasUid(SequenceSet.of(7)), search("UID 7"));
    var marked = new Criterion.InUids(NumberSet.range(2, 3));
    assertEquals(marked, search("$"));
    assertEquals(marked, search("UID $"));
    assertEquals(new Criterion.And(List.of(marked, SEEN)), search("($ SEEN)"));
    assertEquals(new Criterion.Numbered(SequenceSet.of(7)), search("7"));
    assertEquals(new Criterion.Larger(5), search("OLDER 5"));
  }

  @Test
  void joinsKeys() throws BadSyntax {
    var all = new Criterion.All();
    assertEquals(new Criterion.And(List.of(SEEN, all)), search("SEEN ALL"));
    assertEquals(new Criterion.Or(SEEN, new Criterion.Not(all)), search("OR SEEN NOT ALL"));
    assertEquals(
        new Criterion.Not(new Criterion.And(List.of(SEEN, all))), search("NOT (SEEN ALL)"));
    assertEquals(SEEN, search("((SEEN))"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "NOSUCH",
        "NOT",
        "OR SEEN",
        "(SEEN",
        "()",
        "SEEN)",
        "FROM",
        "HEADER x",
        "SINCE x",
        "LARGER x",
        "SEEN  ALL",
        "KEYWORD \\Seen",
        "UID x",
        "CHARSET",
        "CHARSET UTF-8"
      })
  void refusesWhatIsNoProgram(String text) {
    assertThrows(BadSyntax.class, () -> search(text));
  }

  @Test
  void decodesTextsInTheirCharset() throws BadSyntax {
    var latin1 = Buffer.buffer("gr\u00fcn".getBytes(StandardCharsets.ISO_8859_1));
    var text = new Criterion.Text("gr\u00fcn");
    assertEquals(text, asked(literal("CHARSET iso-8859-1 TEXT ", latin1)));
    assertEquals(text, asked(literal("TEXT ", Buffer.buffer("gr\u00fcn"))));
    assertEquals(text, asked(literal("CHARSET US-ASCII TEXT ", Buffer.buffer("gr\u00fcn"))));
    assertThrows(BadSyntax.class, () -> literal("CHARSET UTF-8 TEXT ", latin1));
  }

  private static Program literal(String before, Buffer octets) throws BadSyntax {
    return program(
        Arguments.of(
            new Request(
                List.of(Buffer.buffer(before), Buffer.buffer()),
                List.of(new Literal.Held(octets)))));
  }

  @Test
  void distinguishesUnknownCharsets() throws BadSyntax {
    var unknown = new Program.UnknownCharset("X-NONE");
    assertEquals(unknown, program(Arguments.of("CHARSET X-NONE TEXT x")));
    assertEquals(new Program.UnknownCharset(" ?"), program(Arguments.of("CHARSET \" ?\" TEXT x")));
  }

  @Test
  void boundsNestingAndKeys() throws BadSyntax {
    search("NOT ".repeat(SearchText.MAX_NESTING) + "ALL");
    var deep = "NOT ".repeat(SearchText.MAX_NESTING + 1) + "ALL";
    assertThrows(BadSyntax.class, () -> search(deep));
    search("(".repeat(SearchText.MAX_NESTING) + "ALL" + ")".repeat(SearchText.MAX_NESTING));
    var deepLists = "(".repeat(SearchText.MAX_NESTING + 1) + "ALL";
    assertThrows(BadSyntax.class, () -> search(deepLists));
    search("ALL ".repeat(SearchText.MAX_KEYS));
    var many = "ALL ".repeat(SearchText.MAX_KEYS + 1);
    assertThrows(BadSyntax.class, () -> search(many));
  }
}
