package io.postern.imap.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.imap.grammar.FetchText.ItemReader;
import io.postern.imap.grammar.Section.Partial;
import io.postern.imap.grammar.Section.What;
import io.postern.imap.response.ResponseText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What FETCH asks for, and sections. */
class FetchTextTest {
  private static final Set<String> PLAIN =
      Set.of("FLAGS", "UID", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE");

  /** Items are read as the text a response would name them by. */
  private static Optional<ItemReader<String>> item(String name) {
    if (name.startsWith("BODY")) {
      return Optional.of(in -> in.peek() == '[' ? name + section(in) : name);
    }
    return PLAIN.contains(name) ? Optional.of(_ -> name) : Optional.empty();
  }

  private static String section(Arguments in) throws BadSyntax {
    var section = SectionText.read(in);
    return new ResponseText().section(section, SectionText.tryPartial(in)).buffer().toString();
  }

  private static List<String> fetch(String text) throws BadSyntax {
    var in = Arguments.of(text);
    var items = FetchText.read(in, FetchTextTest::item);
    in.end();
    return items;
  }

  @Test
  void readsMacrosItemsAndLists() throws BadSyntax {
    assertEquals(List.of("FLAGS", "INTERNALDATE", "RFC822.SIZE"), fetch("fast"));
    assertEquals(List.of("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"), fetch("ALL"));
    assertEquals(
        List.of("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"), fetch("FULL"));
    assertEquals(List.of("UID"), fetch("uid"));
    assertEquals(
        List.of("FLAGS", "BODY[HEADER.FIELDS (To \"a b\")]<0>", "BODY.PEEK[1.2.MIME]"),
        fetch("(FLAGS BODY[header.fields (To \"a b\")]<0.10> BODY.PEEK[1.2.MIME])"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "()",
        "(ALL)",
        "NOSUCH",
        "(FLAGS",
        "(FLAGS  UID)",
        "FLAGS UID",
        "ALL FLAGS",
        "BODY[0]",
        "BODY[1.]",
        "BODY[MIME]",
        "BODY[1MIME]",
        "BODY[HEADER.FIELDS]",
        "BODY[HEADER.FIELDS ()]",
        "BODY[.1]",
        "BODY[1..2]",
        "BODY[ALL]",
        "BODY[]<0>",
        "BODY[]<0.0>",
        "BODY[]<-1.5>",
        "BODY[",
        "BODY[TEXT",
        "BODY[TEXT.1]",
        "BODY[2147483648]"
      })
  void refusesWhatIsNoFetch(String text) {
    assertThrows(BadSyntax.class, () -> fetch(text));
  }

  @Test
  void boundsItemsAndLevels() throws BadSyntax {
    var most = "(" + "UID ".repeat(FetchText.MAX_ITEMS) + ")";
    assertEquals(FetchText.MAX_ITEMS, fetch(most).size());
    var tooMany = "(" + "UID ".repeat(FetchText.MAX_ITEMS + 1) + ")";
    assertThrows(BadSyntax.class, () -> fetch(tooMany));
    var deepest = "BODY[" + "1.".repeat(Section.MAX_LEVELS - 1) + "1]";
    assertEquals(List.of(deepest), fetch(deepest));
    assertThrows(BadSyntax.class, () -> fetch(deepest.replace("1]", "1.1]")));
  }

  @Test
  void readsPartials() throws BadSyntax {
    assertEquals(
        Optional.of(new Partial(0, 2_048)), SectionText.tryPartial(Arguments.of("<0.2048>")));
    assertEquals(Optional.empty(), SectionText.tryPartial(Arguments.of(" x")));
  }

  @Test
  void sectionsCanBeReadBack() throws BadSyntax {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      var section = section(random);
      var out = new ResponseText().section(section, Optional.empty());
      var in = Arguments.of(out.buffer().toString());
      assertEquals(section, SectionText.read(in), "seed " + seed);
      in.end();
    }
  }

  private static Section section(SplittableRandom random) {
    var part = new ArrayList<Integer>();
    for (int i = random.nextInt(4); i > 0; i--) {
      part.add(random.nextInt(1, 30));
    }
    var what = What.values()[random.nextInt(What.values().length)];
    if (what == What.MIME) {
      part.add(1);
    }
    return new Section(part, what, what.takesFields() ? List.of("Subject", "X \"y\"") : List.of());
  }
}
