package io.postern.imap.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.model.MailboxName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTextTest {
  private static MailboxArgument given(String text) {
    return MailboxText.read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void writesUnicodeInItsOneForm() {
    // RFC 3501 §5.1.3
    assertEquals(
        "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
        MailboxText.encode("~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e"));
    assertEquals("R&-D", MailboxText.encode("R&D"));
    assertEquals("Entw&APw-rfe", MailboxText.encode("Entw\u00fcrfe"));
  }

  @Test
  void readsShiftsAndUtf8() {
    assertEquals(Optional.of("\u53f0\u5317"), MailboxText.decode("&U,BTFw-"));
    assertEquals(Optional.of("\u53f0\u5317"), MailboxText.decode("&U,A-&Uxc-"));
    assertEquals(
        Optional.of(new MailboxName("Entw\u00fcrfe & mehr")),
        given("Entw\u00fcrfe & mehr").valid());
  }

  @ParameterizedTest
  @ValueSource(strings = {"R&D", "&", "&AGE-", "&AC8-", "&U,BTFx-", "&=-", "&2D0-", "&a b-", "&A-"})
  void refusesWhatIsNotModifiedUtf7(String text) {
    assertInstanceOf(MailboxArgument.Invalid.class, given(text));
  }

  @Test
  void refusesOctetsThatAreNotUtf8() {
    assertInstanceOf(
        MailboxArgument.Invalid.class, MailboxText.read(new byte[] {'a', (byte) 0xE9}));
  }

  @Test
  void knowsTheDelimiterAtTheEnd() {
    assertEquals(valid("a/b", true), given("a/b/"));
    assertEquals(valid("a/b", false), given("a/b"));
    assertEquals(
        new MailboxArgument.Valid(MailboxName.INBOX, false, Optional.of("iNbOx")), given("iNbOx"));
    assertInstanceOf(MailboxArgument.Invalid.class, given("/"));
    assertInstanceOf(MailboxArgument.Invalid.class, given("a//"));
    assertInstanceOf(MailboxArgument.Invalid.class, given(""));
  }

  @Test
  void readsBackWhatItWrites() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 5_000; i++) {
      var text = text(random);
      assertEquals(Optional.of(text), MailboxText.decode(MailboxText.encode(text)), "seed " + seed);
    }
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    int length = random.nextInt(12);
    while (text.length() < length) {
      int c = random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(0x110000);
      if (c < 0xD800 || c > 0xDFFF) {
        text.appendCodePoint(random.nextInt(5) == 0 ? '&' : c);
      }
    }
    return text.toString();
  }

  private static MailboxArgument valid(String name, boolean parent) {
    return new MailboxArgument.Valid(new MailboxName(name), parent, Optional.empty());
  }

  @Test
  void aClientThatEnabledUtf8WritesNamesInIt() throws BadSyntax {
    var utf8 = "\"caf\u00c3\u00a9/A&B-\"";
    assertEquals(valid("caf\u00e9/A&B-", false), Arguments.of(utf8).utf8Names(true).mailbox());
    assertEquals("caf\u00e9/A&B-", Arguments.of(utf8).utf8Names(true).listMailbox());
    assertEquals(valid("&AOk-", false), Arguments.of("&AOk-").utf8Names(true).mailbox());
    assertEquals(valid("\u00e9", false), Arguments.of("&AOk-").mailbox());
    assertThrows(BadSyntax.class, () -> Arguments.of("caf\u00e9").utf8Names(true).mailbox());
    assertThrows(BadSyntax.class, () -> Arguments.of("caf\u00e9").utf8Names(true).listMailbox());
  }

  @Test
  void aNameHasNoSeparatorOfLinesOrParagraphs() throws BadSyntax {
    for (var name : List.of("\"a\u00e2\u0080\u00a8b\"", "\"a\u00e2\u0080\u00a9b\"")) {
      assertInstanceOf(MailboxArgument.Invalid.class, Arguments.of(name).utf8Names(true).mailbox());
    }
    assertInstanceOf(MailboxArgument.Invalid.class, given("a&ICg-b"));
  }
}
