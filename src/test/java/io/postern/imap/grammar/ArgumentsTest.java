package io.postern.imap.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ArgumentsTest {
  private static BadSyntax refused(Executable reading) {
    return assertThrows(BadSyntax.class, reading);
  }

  private static Request withLiteral(String before, Buffer literal, String after) {
    return new Request(
        List.of(Buffer.buffer(before), Buffer.buffer(after)), List.of(new Literal.Held(literal)));
  }

  @Test
  void readsAWholeLogin() throws BadSyntax {
    var in = Arguments.of("a1 login alice@example.test \"a \\\"quoted\\\" \\\\ word\"");
    assertEquals("a1", in.tag());
    in.space();
    assertEquals("LOGIN", in.verb());
    in.space();
    assertEquals("alice@example.test", in.astring());
    in.space();
    assertEquals("a \"quoted\" \\ word", in.astring());
    in.end();
  }

  @Test
  void readsALiteralAsAString() throws BadSyntax {
    var in = Arguments.of(withLiteral("LOGIN ", Buffer.buffer("gr\u00fcn"), " x"));
    assertEquals("LOGIN", in.verb());
    in.space();
    assertEquals(Arguments.LITERAL, in.peek());
    assertEquals("gr\u00fcn", in.astring());
    in.space();
    assertEquals("x", in.atom("a word"));
    in.end();
  }

  @Test
  void refusesNulAndOctetsThatAreNotUtf8() {
    refused(() -> Arguments.of(withLiteral("", Buffer.buffer("a\0b"), "")).astring());
    refused(() -> Arguments.of(withLiteral("", Buffer.buffer(new byte[] {-1}), "")).astring());
    refused(() -> Arguments.of("\"a\0b\"").string());
  }

  @Test
  void givesASpooledLiteralAsALiteralOnly() throws BadSyntax {
    var spooled = new Literal.Spooled(new NoSink(), 5);
    var request = new Request(List.of(Buffer.buffer(""), Buffer.buffer("")), List.of(spooled));
    assertEquals(spooled, Arguments.of(request).literal());
    refused(() -> Arguments.of(request).astring());
    refused(() -> Arguments.of("x").literal());
  }

  @Test
  void endsAHeadAtItsAnnouncement() throws BadSyntax {
    var head =
        new Request.Head(List.of(Buffer.buffer("a APPEND INBOX ")), List.of(), 5, true, false);
    var in = Arguments.of(head);
    in.tag();
    in.space();
    in.verb();
    in.space();
    assertInstanceOf(MailboxArgument.Valid.class, in.mailbox());
    in.end();
  }

  @Test
  void toleratesSpacesAtTheEndButNotBetween() throws BadSyntax {
    var in = Arguments.of("a  ");
    in.atom("a word");
    assertFalse(in.trySpace());
    in.end();
    var between = Arguments.of("a  b");
    between.atom("a word");
    between.space();
    refused(() -> between.atom("a word"));
  }

  @Test
  void readsNumbersWithinTheirBounds() throws BadSyntax {
    assertEquals(0, Arguments.of("0").number());
    assertEquals(4_294_967_295L, Arguments.of("4294967295").number());
    refused(() -> Arguments.of("4294967296").number());
    assertEquals(Long.MAX_VALUE, Arguments.of("9223372036854775807").number64());
    refused(() -> Arguments.of("9223372036854775808").number64());
    refused(() -> Arguments.of("99999999999999999999999").number64());
    refused(() -> Arguments.of("-1").number());
  }

  @Test
  void distinguishesWordsFromPrefixes() {
    assertTrue(Arguments.of("flags (").tryKeyword("FLAGS"));
    assertTrue(Arguments.of("BODY[").tryKeyword("BODY"));
    assertFalse(Arguments.of("FLAGS.SILENT").tryKeyword("FLAGS"));
    assertFalse(Arguments.of("FLAG").tryKeyword("FLAGS"));
  }

  @Test
  void readsNilAsNothing() throws BadSyntax {
    assertEquals(Optional.empty(), Arguments.of("nil").nstring());
    assertEquals(Optional.of("NIL"), Arguments.of("\"NIL\"").nstring());
    assertFalse(Arguments.of("NILS").tryNil());
  }

  @Test
  void nestsListsUpToTheLimit() throws BadSyntax {
    var in = Arguments.of("(".repeat(Arguments.MAX_DEPTH + 1));
    for (int i = 0; i < Arguments.MAX_DEPTH; i++) {
      in.openList();
    }
    refused(in::openList);
    assertFalse(Arguments.of(")").tryCloseList());
  }

  @Test
  void boundsTags() throws BadSyntax {
    assertEquals(Arguments.MAX_TAG, Arguments.of("t".repeat(Arguments.MAX_TAG)).tag().length());
    refused(() -> Arguments.of("t".repeat(Arguments.MAX_TAG + 1)).tag());
    refused(() -> Arguments.of("+ x").tag());
    refused(() -> Arguments.of("").tag());
  }

  @Test
  void refusesBrokenQuotes() {
    refused(() -> Arguments.of("\"abc").string());
    refused(() -> Arguments.of("\"a\\").string());
    refused(() -> Arguments.of("\"a\\b\"").string());
    refused(() -> Arguments.of("\"a\rb\"").string());
  }

  @Test
  void reportsPositionAndExpectation() throws BadSyntax {
    var in = Arguments.of("a1 SELECT {");
    in.tag();
    in.space();
    in.verb();
    in.space();
    var bad = refused(in::mailbox);
    assertEquals("expected a mailbox name at octet 11", bad.getMessage());
    assertEquals(11, bad.position());
  }

  @Test
  void keepsItsMessagePrintableAndBounded() {
    var message = String.valueOf(new BadSyntax("\r\n\u00e9".repeat(200), 1).getMessage());
    assertEquals(BadSyntax.MAX_MESSAGE, message.length());
    assertTrue(message.chars().allMatch(c -> c >= ' ' && c < 0x7F));
  }
}
