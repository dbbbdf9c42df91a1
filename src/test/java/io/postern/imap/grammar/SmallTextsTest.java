package io.postern.imap.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.model.SequenceSet;
import io.postern.model.SequenceSet.Range;
import io.postern.model.message.Flags;
import io.postern.model.message.SystemFlag;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets, flags, ID and SASL. */
class SmallTextsTest {
  private static SequenceSet set(String text) throws BadSyntax {
    var in = Arguments.of(text);
    var set = SetText.read(in);
    in.end();
    return set;
  }

  @Test
  void readsSetsAsWritten() throws BadSyntax {
    var expected =
        List.of(new Range(2, 2), new Range(4, 7), new Range(9, 3), new Range(12, SequenceSet.STAR));
    assertEquals(new SequenceSet(expected), set("2,4:7,9:3,12:*"));
    assertEquals(SequenceSet.of(SequenceSet.STAR), set("*"));
    assertEquals(SequenceSet.of(4_294_967_295L), set("4294967295"));
    assertEquals(30_000, set("1,".repeat(29_999) + "1").ranges().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "4294967296", "1:", ":1", "1,", "1,,2", "1:2:3", "a", "-1", "**"})
  void refusesWhatIsNoSet(String text) {
    assertThrows(BadSyntax.class, () -> set(text));
  }

  @Test
  void readsFlagsWithoutCaseAndInAnyBrackets() throws BadSyntax {
    var flags = Flags.of(List.of(SystemFlag.SEEN, SystemFlag.DELETED), List.of("$Forwarded"));
    assertEquals(flags, FlagText.list(Arguments.of("(\\sEEn \\Deleted $Forwarded )")));
    assertEquals(flags, FlagText.listOrBare(Arguments.of("(\\Seen \\Deleted $forwarded)")));
    var bare = Arguments.of("\\Seen \\Deleted $Forwarded ");
    assertEquals(flags, FlagText.listOrBare(bare));
    bare.end();
    assertEquals(Flags.NONE, FlagText.list(Arguments.of("()")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(\\Recent)", "(\\*)", "(\\Other)", "(\\)", "(a", "(a  b)", "(a]b)", "x", ""})
  void refusesFlagsThatAClientCannotSet(String text) {
    assertThrows(BadSyntax.class, () -> FlagText.list(Arguments.of(text)));
  }

  @Test
  void boundsKeywords() throws BadSyntax {
    var longest = "k".repeat(FlagText.MAX_KEYWORD);
    assertEquals(longest, FlagText.keyword(Arguments.of(longest)));
    assertThrows(BadSyntax.class, () -> FlagText.keyword(Arguments.of(longest + "k")));
  }

  @Test
  void readsIdParameters() throws BadSyntax {
    var read = IdText.read(Arguments.of("(\"Name\" \"x\" \"version\" NIL \"NAME\" \"y\")"));
    assertEquals(Map.of("name", "x"), read);
    assertEquals(Map.of(), IdText.read(Arguments.of("nil")));
    assertEquals(Map.of(), IdText.read(Arguments.of("()")));
  }

  @Test
  void boundsIdParameters() throws BadSyntax {
    var name = "n".repeat(IdText.MAX_NAME);
    var value = "v".repeat(IdText.MAX_VALUE);
    var longest = "(\"" + name + "\" \"" + value + "\")";
    assertEquals(Map.of(name, value), IdText.read(Arguments.of(longest)));
    var longName = longest.replace("n\" ", "nn\" ");
    assertThrows(BadSyntax.class, () -> IdText.read(Arguments.of(longName)));
    var longValue = longest.replace("v\")", "vv\")");
    assertThrows(BadSyntax.class, () -> IdText.read(Arguments.of(longValue)));
    var most = "(" + "\"a\" NIL ".repeat(IdText.MAX_PARAMETERS) + ")";
    assertEquals(Map.of(), IdText.read(Arguments.of(most)));
    var tooMany = "(" + "\"a\" NIL ".repeat(IdText.MAX_PARAMETERS + 1) + ")";
    assertThrows(BadSyntax.class, () -> IdText.read(Arguments.of(tooMany)));
  }

  @Test
  void readsSaslResponses() throws BadSyntax {
    assertEquals(Buffer.buffer(), SaslText.initialResponse(Arguments.of("=")));
    assertEquals(Buffer.buffer("\0a\0b"), SaslText.initialResponse(Arguments.of("AGEAYg==")));
    assertEquals(Optional.empty(), SaslText.answer(Buffer.buffer("*")));
    assertEquals(Optional.of(Buffer.buffer()), SaslText.answer(Buffer.buffer("")));
    assertEquals(Optional.of(Buffer.buffer("\0a\0b")), SaslText.answer(Buffer.buffer("AGEAYg==")));
    assertEquals("AGEAYg==", SaslText.challenge(Buffer.buffer("\0a\0b")).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "AGE", "=AAA", "AA=A", "AG\u00e9=", "AGEA Yg="})
  void refusesWhatIsNotBase64(String text) {
    assertThrows(BadSyntax.class, () -> SaslText.answer(Buffer.buffer(text, "ISO-8859-1")));
  }
}
