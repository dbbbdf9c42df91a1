package io.postern.pop3.maildrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageScanner;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotStufferTest {
  @ParameterizedTest
  @CsvSource({
    "'',                '.~'",
    "'a~',              'a~.~'",
    "'a',               'a~.~'",
    "'~',               '~.~'",
    "'.~',              '..~.~'",
    "'.',               '..~.~'",
    "'a~.b~..c~',       'a~..b~...c~.~'",
    "'a.~b.',           'a.~b.~.~'",
    "'a|',              'a|~.~'",
    "'a|.~',            'a|.~.~'",
  })
  void linesThatBeginWithADotGetAnother(String message, String sent) {
    assertThat(whole(octets(message), message.length() + 1)).isEqualTo(octets(sent));
  }

  @ParameterizedTest
  @CsvSource({
    "'a^.^b~',          'a~..~b~.~'",
    "'a^',              'a~.~'",
    "'^',               '~.~'",
    "'^^',              '~~.~'",
    "'.^.',             '..~..~.~'",
    "'~^',              '~~.~'",
    "'|^',              '~.~'",
    "'||^',             '|~.~'",
    "'^|',              '~|~.~'",
    "'a^|.^b',          'a~|.~b~.~'",
    "'|.|b|',           '|.|b|~.~'",
  })
  void everyLineEndsWithCrlf(String message, String sent) {
    assertThat(whole(octets(message), message.length() + 1)).isEqualTo(octets(sent));
  }

  @Test
  void octetsAreCountedAsTheScannerCountsThemAtDelivery() {
    for (var message :
        List.of("", "a", "^", "a^.^b", "..~..^", "a|", "|^|", "~", "a~^~b|^c|", "^".repeat(999))) {
      var text = octets(message);
      var scanner = new MessageScanner();
      scanner.feed(piece(text, 0, text.length()));
      var stuffing = new DotStuffer(false);
      stuffing.piece(piece(text, 0, text.length()));
      var end = stuffing.end().length() - ".\r\n".length();
      assertThat(scanner.finish().octets().crlfSize()).hasValue(stuffing.octets() + end);
    }
  }

  @Test
  void anyCutGivesTheSame() {
    var message = octets("..a~.~^.b|.c~~...d^");
    for (int cut = 1; cut <= message.length(); cut++) {
      assertThat(whole(message, cut)).isEqualTo(whole(message, message.length()));
    }
  }

  @Test
  void aPieceThatNeedsNoOctetIsNotCopied() {
    var stuffing = new DotStuffer(/* crlf= */ true);
    int sent = 0;
    for (var line : List.of("", "a~", "~", "a.b|c.~", ".", "x".repeat(40) + ".~~")) {
      var piece = piece(octets("a" + line), 0, 99);
      assertThat(stuffing.piece(piece)).isSameAs(piece);
      sent += piece.length();
    }
    assertThat(text(stuffing.piece(Buffer.buffer(".")))).isEqualTo("..");
    assertThat(stuffing.octets()).isEqualTo(sent + 1);
  }

  @Test
  void aMessageInCrlfIsConvertedTheSameInAnyCut() {
    var lines = new StringBuilder("..a~.~~|.|b~...");
    for (int length = 0; length < 20; length++) {
      lines.append("x".repeat(length)).append("~.").append("y".repeat(length)).append("~");
    }
    var message = octets(lines.toString());
    for (int cut = 1; cut <= message.length(); cut++) {
      assertThat(whole(message, cut, /* crlf= */ true)).isEqualTo(whole(message, 1));
    }
  }

  @Test
  void topSendsTheHeaderAndSoManyLinesInAnyCut() {
    var message = octets("A: b~~one~.two~three");
    int body = 8;
    assertThat(body).isEqualTo(octets("A: b~~").length());
    for (int cut = 1; cut <= message.length(); cut++) {
      assertThat(top(message, body, 0, cut)).isEqualTo(octets("A: b~~"));
      assertThat(top(message, body, 1, cut)).isEqualTo(octets("A: b~~one~"));
      assertThat(top(message, body, 2, cut)).isEqualTo(octets("A: b~~one~.two~"));
      assertThat(top(message, body, 3, cut)).isEqualTo(message);
      assertThat(top(message, body, Long.MAX_VALUE, cut)).isEqualTo(message);
    }
  }

  /** Tilde for CRLF, circumflex for LF, bar for CR. */
  private static String octets(String text) {
    return text.replace("~", "\r\n").replace('^', '\n').replace('|', '\r');
  }

  private static String whole(String message, int cut) {
    return whole(message, cut, /* crlf= */ false);
  }

  private static String whole(String message, int cut, boolean crlf) {
    var stuffing = new DotStuffer(crlf);
    var sent = new StringBuilder();
    for (int at = 0; at < message.length(); at += cut) {
      sent.append(text(stuffing.piece(piece(message, at, cut))));
    }
    return sent + stuffing.end();
  }

  private static String top(String message, int body, long lines, int cut) {
    var top = new TopLines(body, lines);
    var sent = new StringBuilder();
    for (int at = 0; at < message.length(); at += cut) {
      sent.append(text(top.cut(piece(message, at, cut))));
    }
    return sent.toString();
  }

  private static Buffer piece(String message, int at, int cut) {
    var piece = message.substring(at, Math.min(message.length(), at + cut));
    return Buffer.buffer(piece.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(Buffer octets) {
    return octets.toString(StandardCharsets.ISO_8859_1);
  }
}
