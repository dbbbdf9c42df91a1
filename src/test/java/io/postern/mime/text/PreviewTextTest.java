package io.postern.mime.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageScanner;
import io.postern.mime.PartTree;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Previews of messages (RFC 8970 §3.3). */
class PreviewTextTest {
  private static PartTree tree(String message) {
    var scanner = new MessageScanner();
    scanner.feed(Buffer.buffer(message));
    return scanner.finish().parts();
  }

  private static Optional<String> preview(String message) {
    return PreviewText.part(tree(message))
        .map(
            part ->
                PreviewText.of(part, Buffer.buffer(message).slice(part.bodyStart(), part.end())));
  }

  private static String plain(String body) {
    return preview("Content-Type: text/plain; charset=utf-8\r\n\r\n" + body).orElseThrow();
  }

  private static String html(String body) {
    return preview("Content-Type: text/html; charset=utf-8\r\n\r\n" + body).orElseThrow();
  }

  @Test
  void hasAtMost200Characters() {
    assertThat(plain("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThat(plain("x".repeat(201))).isEqualTo("x".repeat(200));
    assertThat(plain("\uD83D\uDE00".repeat(201))).isEqualTo("\uD83D\uDE00".repeat(200));
    assertThat(plain("x".repeat(198) + " yz")).isEqualTo("x".repeat(198) + " y");
    assertThat(plain("x".repeat(199) + " yz")).isEqualTo("x".repeat(199));
    assertThat(plain("x".repeat(200) + " yz")).isEqualTo("x".repeat(200));
  }

  @Test
  void isOneLine() {
    assertThat(plain(" \r\n one\t\r\n\r\ntwo\u00A0\u200B three\u0007 ")).isEqualTo("one two three");
    assertThat(plain(" \r\n")).isEmpty();
  }

  @Test
  void leavesOutLinesThatQuote() {
    assertThat(plain("> one\r\ntwo\r\n>three\r\n")).isEqualTo("two");
    assertThat(plain("> one\r\n> two\r\n")).isEqualTo("> one > two");
  }

  @Test
  void isOfThePlainTextWhereThereIsOne() {
    var message =
        """
        Content-Type: multipart/alternative; boundary=x

        --x
        Content-Type: text/html

        <p>html
        --x
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: base64

        Y2Fm6Q==
        --x--
        """
            .replace("\n", "\r\n");
    assertThat(preview(message)).contains("caf\u00e9");
  }

  @Test
  void isMissingWhereThereIsNoText() {
    assertThat(preview("Content-Type: image/png\r\n\r\nx")).isEmpty();
    assertThat(preview("Content-Transfer-Encoding: x-uu\r\n\r\nx")).isEmpty();
    assertThat(preview("Subject: no body\r\n\r\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "<p>one</p>two, one two",
    "o<b>n</b>e, one",
    "<STYLE>x</STYLE >one, one",
    "<!-- x -->one, one",
    "<!DOCTYPE html>one, one",
    "one<script>x, one",
    "one<!-- x, one",
    "one<p, one",
    "1 < 2 & 3, 1 < 2 & 3",
    "&lt;p&gt;&#65;&#x42;, <p>AB",
    "&nosuch;&#1114112;&, &nosuch;&#1114112;&",
    "one</style>two, one two"
  })
  void ofHtmlIsWhatIsShown(String html, String shown) {
    assertThat(html(html)).isEqualTo(shown);
  }
}
