package io.postern.mime.search;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageScanner;
import io.postern.mime.PartRange;
import io.postern.mime.PartTree;
import io.postern.mime.decoding.Charsets;
import io.postern.mime.search.SearchTerms.Term;
import io.postern.mime.search.SearchedRange.Kind;
import io.postern.mime.text.HeaderSearch;
import io.postern.mime.text.RangeSearch;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SEARCH BODY, TEXT, HEADER and FROM find, in any cuts. */
class MessageSearchTest {
  private static void feed(RangeSearch search, byte[] octets, int cut) {
    for (int at = 0; at < octets.length; at += cut) {
      search.feed(Buffer.buffer(octets).getBuffer(at, Math.min(octets.length, at + cut)));
      advance(search);
    }
    search.finish();
    advance(search);
  }

  private static void advance(RangeSearch search) {
    while (search.pending()) {
      search.advance();
    }
  }

  private static boolean finds(Kind kind, PartTree part, byte[] octets, int cut, Term term) {
    var builder = new SearchTerms.Builder();
    int number = builder.add(term);
    var search = builder.build().search();
    feed(search.begin(new SearchedRange(new PartRange(0, octets.length), part, kind)), octets, cut);
    return search.found(number);
  }

  private static boolean finds(String encoding, String charset, byte[] octets, String text) {
    var part = new PartTree("text", "plain", encoding, charset, 0, 0, octets.length, List.of());
    boolean whole = finds(Kind.BODY, part, octets, 1_000_000, Term.body(text));
    for (int cut : new int[] {1, 2, 3, 5}) {
      assertThat(finds(Kind.BODY, part, octets, cut, Term.body(text))).isEqualTo(whole);
    }
    return whole;
  }

  private static boolean inHeader(byte[] octets, Term term) {
    var part = new PartTree("text", "plain", "", "", 0, octets.length, octets.length, List.of());
    boolean whole = finds(Kind.HEADER, part, octets, 1_000_000, term);
    for (int cut : new int[] {1, 7, 1000}) {
      assertThat(finds(Kind.HEADER, part, octets, cut, term)).isEqualTo(whole);
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
    assertThat(inHeader(HEADER, Term.field(field, text))).isEqualTo(there);
  }

  @ParameterizedTest
  @CsvSource({"jörg, true", "subject: a long, true", "bob, false", "testsubject, false"})
  void wholeHeader(String text, boolean there) {
    assertThat(inHeader(HEADER, Term.text(text))).isEqualTo(there);
  }

  @Test
  void fieldsAreLookedAtUpToTheirBound() {
    int room = HeaderSearch.MAX_FIELD - "A: ".length() - "needle".length();
    for (int before : new int[] {room - 1, room, room + 1}) {
      var octets = ("A: " + "x".repeat(before) + "needle\r\n").getBytes(ISO_8859_1);
      var part = new PartTree("text", "plain", "", "", 0, octets.length, octets.length, List.of());
      assertThat(finds(Kind.HEADER, part, octets, 100_000, Term.field("a", "needle")))
          .isEqualTo(before <= room);
    }
  }

  private static final String MESSAGE =
      """
      Subject: outside
      Content-Type: multipart/mixed; boundary=b

      --b

      plain words
      --b
      Content-Type: application/octet-stream; name=attached.bin

      binary words
      --b
      Content-Type: message/rfc822

      Subject: inside

      inner words
      --b
      Content-Type: message/delivery-status
      Content-Transfer-Encoding: base64

      %s
      --b
      Content-Type: message/global

      Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= from a long
       way off

      =?utf-8?q?not_a_word_=C3=BC?=
      --b--
      """
          .formatted(Base64.getEncoder().encodeToString("Status: 5.1.1".getBytes(UTF_8)));

  @Test
  void textPartsAndPartsOfTypeMessageAreSearched() {
    for (var text :
        List.of(
            "plain words",
            "inside",
            "inner words",
            "status: 5.1.1",
            "GRÜSSE".replace("SS", "ß"),
            "a long way off",
            "=?utf-8?q?Gr=C3",
            "=?utf-8?q?not_a_word")) {
      assertThat(finds(MESSAGE, Term.body(text))).as(text).isTrue();
      assertThat(finds(MESSAGE, Term.text(text))).as(text).isTrue();
    }
    for (var text : List.of("outside", "boundary", "attached.bin", "message/delivery-status")) {
      assertThat(finds(MESSAGE, Term.body(text))).as(text).isFalse();
      assertThat(finds(MESSAGE, Term.text(text))).as(text).isTrue();
    }
    for (var text : List.of("binary words", "not a word ü")) {
      assertThat(finds(MESSAGE, Term.body(text))).as(text).isFalse();
      assertThat(finds(MESSAGE, Term.text(text))).as(text).isFalse();
    }
  }

  private static boolean finds(String message, Term term) {
    return find(message, List.of(term)).getFirst();
  }

  /** Whether each of the terms is found, by one pass for all. */
  private static List<Boolean> find(String message, List<Term> wanted) {
    var octets = Buffer.buffer(message);
    var scanner = new MessageScanner();
    scanner.feed(octets);
    var builder = new SearchTerms.Builder();
    var numbers = wanted.stream().map(builder::add).toList();
    var terms = builder.build();
    var search = terms.search();
    for (var range : terms.ranges(scanner.finish().parts())) {
      feed(search.begin(range), octets.getBytes(range.octets().start(), range.octets().end()), 100);
    }
    return numbers.stream().map(search::found).toList();
  }

  @Test
  void onePassFindsWhatAPassForEachTextFinds() {
    var terms = new ArrayList<Term>();
    for (int from = 0; from < MESSAGE.length(); from += 7) {
      var text = MESSAGE.substring(from, Math.min(MESSAGE.length(), from + 1 + from % 11));
      terms.add(Term.body(text));
      terms.add(Term.text(text));
      terms.add(Term.field("Subject", text));
      terms.add(Term.addresses("content-type", text));
    }
    var each = terms.stream().map(term -> finds(MESSAGE, term)).toList();
    assertThat(find(MESSAGE, terms)).isEqualTo(each).contains(true, false);
  }

  private static final byte[] ODD_LINES =
      """
      >From mbox@example.test Thu Jan  1 00:00:00 1970
      Subject:tight
      no colon zebrafish here
       and more
      : x
      X-Odd :  spaced\tout
      =?utf-8?q?J=C3=B6rg?= has no colon

      Not: here
      """
          .getBytes(ISO_8859_1);

  /** RFC 3501 §6.4.4: TEXT is the header or the body, whatever its lines look like. */
  @ParameterizedTest
  @CsvSource({
    ">From mbox@, true",
    "no colon zebrafish here, true",
    "here and more, true",
    "': x', true",
    "subject:tight, true",
    "'x-odd :  spaced', true",
    "jörg has, true",
    "'tightno', false",
    "not: here, false",
  })
  void linesThatAreNoField(String text, boolean there) {
    assertThat(inHeader(ODD_LINES, Term.text(text))).isEqualTo(there);
    assertThat(inHeader(ODD_LINES, Term.field("subject", text))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "user-from@domain.org",
    "'<user-from (comment)@ (comment) domain.org>'",
    "second@example.test",
    "'Joe Q. Public <joe@example.test>'",
    "jörg <joerg@example.test>",
    "'@hop.test:routed@example.test'",
    "quoted local@example.test",
    "'he \"x\" <h@example.test>'",
    "friends",
    "in.group@example.test",
  })
  void addressesAsEnvelopeShowsThem(String text) {
    var header =
        """
        From: <user-from (comment)@ (comment) domain.org>\r
        From: second (two) @ example . test\r
        From: Joe "Q." Public (nick) <joe@\r
         example.test>, =?utf-8?q?J=C3=B6rg?= (x) <joerg@example.test>\r
        From: <@hop.test:routed@example.test>, "quoted local"@example.test\r
        From: "he \\"x\\"" <h@example.test>, friends: in.group@(c)example.test;\r
        Reply-To: <other (comment)@ domain.org>\r
        """
            .getBytes(ISO_8859_1);
    assertThat(inHeader(header, Term.addresses("From", text))).isTrue();
    assertThat(inHeader(header, Term.addresses("To", text))).isFalse();
  }

  @Test
  void addressesAreFoundInTheirFieldOnly() {
    var header = "From: <a (x)@b.test>\r\nReply-To: <c (x)@d.test>\r\n".getBytes(ISO_8859_1);
    assertThat(inHeader(header, Term.addresses("From", "a@b.test"))).isTrue();
    assertThat(inHeader(header, Term.field("From", "a@b.test"))).isFalse();
    assertThat(inHeader(header, Term.addresses("From", "c@d.test"))).isFalse();
    assertThat(inHeader(header, Term.text("a@b.test"))).isFalse();
    assertThat(inHeader(header, Term.addresses("From", ""))).isTrue();
    assertThat(inHeader(header, Term.addresses("Cc", ""))).isFalse();
  }
}
