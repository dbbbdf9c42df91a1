package io.postern.imap.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.postern.model.MailboxName;
import java.nio.charset.StandardCharsets;
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
    assertEquals(new MailboxArgument.Valid(new MailboxName("a/b"), true), given("a/b/"));
    assertEquals(new MailboxArgument.Valid(new MailboxName("a/b"), false), given("a/b"));
    assertEquals(new MailboxArgument.Valid(MailboxName.INBOX, false), given("iNbOx"));
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
}
