package io.postern.mime.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageScanner;
import io.postern.mime.PartTree;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SEARCH BODY, TEXT and HEADER find, in any cuts. */
class FindersTest {
  private static boolean finds(Finder finder, byte[] octets, int cut) {
    for (int at = 0; at < octets.length; at += cut) {
      finder.feed(Buffer.buffer(octets).getBuffer(at, Math.min(octets.length, at + cut)));
    }
    finder.finish();
    return finder.found();
  }

  private static boolean finds(String encoding, String charset, byte[] octets, String text) {
    var part = new PartTree("text", "plain", encoding, charset, 0, 0, octets.length, List.of());
    boolean whole = finds(new TextFinder(part, text), octets, 1_000_000);
    for (int cut : new int[] {1, 2, 3, 5}) {
      assertThat(finds(new TextFinder(part, text), octets, cut)).isEqualTo(whole);
    }
    return whole;
  }

  @ParameterizedTest
  @CsvSource({
    "utf-8, Grüße aus Köln",
    "iso-8859-1, Grüße aus Köln",
    "windows-1252, Grüße für 5 €",
    "iso-8859-8-i, שלום",
    "koi8-r, Привет",
    "windows-1251, Привет",
    "iso-2022-jp, 日本語",
    "shift_jis, 日本語",
    "euc-jp, 日本語",
    "gb2312, 中文",
    "big5, 中文",
    "euc-kr, 한글",
    "utf-16, Grüße 日本",
    "utf-16le, 日本 😀",
    "utf-8, 😀",
  })
  void bodiesInTheirCharset(String charset, String text) {
    var known = Charsets.named(charset).orElseThrow();
    var octets = ("some words before " + text + " and behind").getBytes(known);
    var base64 = Base64.getMimeEncoder().encode(octets);
    assertThat(finds("8bit", charset, octets, text)).isTrue();
    assertThat(finds("base64", charset, base64, text)).isTrue();
    assertThat(finds("8bit", charset, octets, text + "x")).isFalse();
  }

  /** RFC 2152. */
  @ParameterizedTest
  @CsvSource({
    "'Fr+APY-sche', Frösche",
    "'+ZeVnLIqe', 日本語",
    "'Hi Mom -+Jjo--!', Hi Mom -☺-!",
    "'A+ImIDkQ.', A≢Α.",
    "'1 +- 1 =3D 2', 1 + 1 = 2",
  })
  void utf7(String octets, String text) {
    assertThat(finds("quoted-printable", "UTF-7", octets.getBytes(ISO_8859_1), text)).isTrue();
    assertThat(finds("7bit", "utf-8", octets.getBytes(ISO_8859_1), text)).isFalse();
  }

  @Test
  void caseDoesNotMatter() {
    var octets = "GRÜßE Straße ΟΔΟΣ Привет".getBytes(UTF_8);
    for (var text : List.of("grüße", "STRAße", "οδος", "οδοσ", "ПРИВЕТ", "e s")) {
      assertThat(finds("8bit", "utf-8", octets, text)).as(text).isTrue();
    }
  }

  @Test
  void selfSimilarTextIsFound() {
    assertThat(finds("7bit", "", "aabaabaaab".getBytes(UTF_8), "AABAAA")).isTrue();
    assertThat(finds("7bit", "", "abababac".getBytes(UTF_8), "ababac")).isTrue();
    assertThat(finds("7bit", "", "".getBytes(UTF_8), "")).isTrue();
    assertThat(finds("7bit", "", "".getBytes(UTF_8), "a")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'one=20two', 'one two'",
    "'on=\r\ne', one",
    "'on=\ne', one",
    "'on= \t\r\ne', one",
    "'100=25', 100%",
    "'a=ZZb', a=zzb",
    "'a=', a=",
    "'a=4', a=4",
    "'=C3=BC', ü",
    "'=c3=\r\n=bc', ü",
    "'a = b', a = b",
  })
  void quotedPrintable(String octets, String text) {
    assertThat(finds("Quoted-Printable", "utf-8", octets.getBytes(ISO_8859_1), text)).isTrue();
  }

  @Test
  void brokenBase64IsReadAsFarAsItGoes() {
    assertThat(finds("base64", "", "aGV\r\nsbG8*!".getBytes(UTF_8), "hello")).isTrue();
    assertThat(finds("base64", "", "aGVsbG8=aGVsbG8=".getBytes(UTF_8), "hellohello")).isTrue();
    assertThat(finds("base64", "", "aGVsbG8".getBytes(UTF_8), "hello")).isTrue();
    assertThat(finds("base64", "", "====".getBytes(UTF_8), "hello")).isFalse();
  }

  @Test
  void charsetsThatAreWrongOrUnknown() {
    assertThat(finds("8bit", "x-no-such", new byte[] {(byte) 0xFC}, "ü")).isTrue();
    assertThat(finds("8bit", "not a name!", new byte[] {(byte) 0xFC}, "ü")).isTrue();
    assertThat(finds("8bit", "us-ascii", "ü".getBytes(UTF_8), "ü")).isTrue();
    assertThat(finds("8bit", "utf-8", new byte[] {'a', (byte) 0xFC, 'b'}, "aüb")).isTrue();
    assertThat(finds("8bit", "utf-8", new byte[] {(byte) 0xC3}, "Ã")).isTrue();
  }

  @Test
  void everyCharsetOfTheMachineSurvivesAnything() {
    var octets = new byte[600];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) (i * 7 + i / 13);
    }
    for (var name : Charset.availableCharsets().keySet()) {
      assertThat(finds("8bit", name, octets, "\u0001 not there")).as(name).isFalse();
    }
  }

  private static final byte[] HEADER =
      """
      From: =?utf-8?q?J=C3=B6rg?= <joerg@example.test>\r
      Subject: a long\r
       subject\r
      Content-Disposition: attachment; filename*=utf-8''na%C3%AFve\r
      To:\r
      \r
      """
          .getBytes(ISO_8859_1);

  @ParameterizedTest
  @CsvSource({
    "from, JÖRG, true",
    "FROM, joerg@, true",
    "from, utf-8, false",
    "subject, long subject, true",
    "subject, joerg, false",
    "to, '', true",
    "cc, '', false",
    "content-disposition, naïve, true",
  })
  void headerFields(String field, String text, boolean there) {
    for (int cut : new int[] {1, 7, 1000}) {
      assertThat(finds(HeaderFinder.inField(field, text), HEADER, cut)).isEqualTo(there);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "jörg, true",
    "subject: a long, true",
    "'', true",
    "bob, false",
    "testsubject, false"
  })
  void wholeHeader(String text, boolean there) {
    for (int cut : new int[] {1, 7, 1000}) {
      assertThat(finds(HeaderFinder.anywhere(text), HEADER, cut)).isEqualTo(there);
    }
  }

  @Test
  void fieldsAreLookedAtUpToTheirBound() {
    int room = HeaderFinder.MAX_FIELD - "A: ".length() - "needle".length();
    for (int before : new int[] {room - 1, room, room + 1}) {
      var octets = ("A: " + "x".repeat(before) + "needle\r\n").getBytes(ISO_8859_1);
      assertThat(finds(HeaderFinder.inField("a", "needle"), octets, 100_000))
          .isEqualTo(before <= room);
    }
  }

  @Test
  void textPartsAndHeadersInsideAreSearched() {
    var message =
        Buffer.buffer(
            """
            Subject: outside
            Content-Type: multipart/mixed; boundary=b

            --b

            plain words
            --b
            Content-Type: application/octet-stream

            binary words
            --b
            Content-Type: message/rfc822

            Subject: inside

            inner words
            --b--
            """);
    var scanner = new MessageScanner();
    scanner.feed(message);
    var parts = scanner.finish().parts();
    for (var text : List.of("plain words", "inside", "inner words")) {
      assertThat(finds(message, SearchedRange.ofBody(parts), text)).as(text).isTrue();
    }
    assertThat(finds(message, SearchedRange.ofText(parts), "outside")).isTrue();
    for (var text : List.of("outside", "binary words", "boundary")) {
      assertThat(finds(message, SearchedRange.ofBody(parts), text)).as(text).isFalse();
    }
  }

  private static boolean finds(Buffer message, List<SearchedRange> ranges, String text) {
    return ranges.stream()
        .anyMatch(
            range ->
                finds(
                    range.finder(text),
                    message.getBytes(range.octets().start(), range.octets().end()),
                    100));
  }
}
