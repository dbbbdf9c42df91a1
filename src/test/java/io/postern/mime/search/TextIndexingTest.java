package io.postern.mime.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageScanner;
import io.postern.mime.PartTree;
import io.postern.mime.search.SearchTerms.Term;
import io.postern.mime.text.FoldedText;
import io.postern.mime.text.RangeSearch;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a message decides a search only as a scan of the message does. */
class TextIndexingTest {
  private static final int MESSAGES = 400;
  private static final int NEEDLES = 40;

  private static PartTree parts(byte[] message) {
    var scanner = new MessageScanner();
    scanner.feed(Buffer.buffer(message));
    return scanner.finish().parts();
  }

  private static void feed(RangeSearch search, byte[] octets, SearchedRange range, int cut) {
    for (int at = range.octets().start(); at < range.octets().end(); at += cut) {
      search.feed(Buffer.buffer(octets).getBuffer(at, Math.min(range.octets().end(), at + cut)));
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

  private static IndexedText indexed(byte[] message, int cut) {
    var indexing = new TextIndexing();
    for (var range : TextIndexing.ranges(parts(message))) {
      feed(indexing.begin(range), message, range, cut);
    }
    return indexing.finish();
  }

  /** A search of one term, after what is kept of the message was applied. */
  private static MessageSearch applied(IndexedText text, Term term) {
    var search = terms(term).search();
    search.apply(text);
    return search;
  }

  private static SearchTerms terms(Term term) {
    var builder = new SearchTerms.Builder();
    builder.add(term);
    return builder.build();
  }

  private static boolean scanned(byte[] message, Term term) {
    var terms = terms(term);
    var search = terms.search();
    for (var range : terms.ranges(parts(message))) {
      feed(search.begin(range), message, range, 4096);
    }
    return search.found(0);
  }

  @Test
  void randomMessages(TestReporter reporter) {
    long seed = RandomGenerator.getDefault().nextLong();
    reporter.publishEntry("seed", Long.toString(seed));
    assertThat(decidedOf(seed)).isGreaterThan(MESSAGES);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void messagesOfASeed(long seed) {
    assertThat(decidedOf(seed)).isGreaterThan(MESSAGES);
  }

  /** Compares searches of random messages; how many of them were decided. */
  private static int decidedOf(long seed) {
    var random = new RandomMessages(seed);
    int decided = 0;
    for (int n = 0; n < MESSAGES; n++) {
      var message = random.message();
      var text = indexed(message, 1 + n % 50);
      assertThat(indexed(message, 4096)).isEqualTo(text);
      for (int i = 0; i < NEEDLES; i++) {
        var term = term(random, i);
        decided += isDecided(message, text, term) ? 1 : 0;
        if (n % 8 == 0) {
          isDecided(message, text, term.fuzzily());
        }
      }
    }
    return decided;
  }

  private static Term term(RandomMessages random, int number) {
    return switch (number % 4) {
      case 0 -> Term.body(random.needle());
      case 1 -> Term.text(random.needle());
      case 2 -> Term.field(random.field(), random.needle());
      default -> Term.addresses(random.field(), random.needle());
    };
  }

  private static boolean isDecided(byte[] message, IndexedText text, Term term) {
    var search = applied(text, term);
    if (search.isDecided(0)) {
      assertThat(search.found(0))
          .as("%s in %s", term, new String(message, UTF_8))
          .isEqualTo(scanned(message, term));
    }
    return search.isDecided(0);
  }

  private static byte[] message(String header, String body) {
    return (header + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + body).getBytes(UTF_8);
  }

  @Test
  void fieldsThatAreKeptDecide() {
    var text =
        indexed(
            message(
                String.join(
                    "\r\n",
                    "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=",
                    " aus Köln",
                    "From: (x) \"A B\" <a@b.test>",
                    "Cc:",
                    "X-Other: kept not",
                    ""),
                ""),
            100);
    Function<Term, Boolean> finds =
        term -> {
          var search = applied(text, term);
          assertThat(search.isDecided(0)).as(term.toString()).isTrue();
          return search.found(0);
        };
    assertThat(finds.apply(Term.field("Subject", "GRÜßE aus k"))).isTrue();
    assertThat(finds.apply(Term.field("Subject", "kept"))).isFalse();
    assertThat(finds.apply(Term.field("From", "A B <a@"))).isFalse();
    assertThat(finds.apply(Term.addresses("From", "A B <a@"))).isTrue();
    assertThat(finds.apply(Term.field("Cc", ""))).isTrue();
    assertThat(finds.apply(Term.addresses("Bcc", ""))).isFalse();
    for (var term : List.of(Term.field("X-Other", "kept"), Term.addresses("Subject", "x"))) {
      assertThat(applied(text, term).isDecided(0)).as(term.toString()).isFalse();
      assertThat(terms(term).readsIndexedFields()).isFalse();
    }
  }

  @Test
  void signaturesExcludeTextsOfThreeCharactersAndMore() {
    var text = indexed(message("Subject: one\r\n", "Straße, Привет, 日本語"), 100);
    for (var absent : List.of("qzx", "absent", "приветы вам", "日本誤り辞書", "x".repeat(1000))) {
      var search = applied(text, Term.body(absent));
      assertThat(search.isDecided(0)).as(absent).isTrue();
      assertThat(search.found(0)).isFalse();
    }
    for (var open : List.of("STRAßE", "привет", "日本語", "qz", "", "one")) {
      assertThat(applied(text, Term.text(open)).isDecided(0)).as(open).isFalse();
    }
  }

  @Test
  void nothingIsDecidedByWhatIsNotKnown() {
    for (var term : List.of(Term.body("absent"), Term.text("absent"), Term.field("To", "absent"))) {
      assertThat(applied(IndexedText.UNKNOWN, term).isDecided(0)).isFalse();
    }
  }

  @Test
  void fieldsThatAreTooLongAreNotKept() {
    int most = IndexedText.MAX_FIELDS - IndexedText.HEADER - Integer.BYTES;
    assertThat(indexed(message("Subject:" + "x".repeat(most) + "\r\n", ""), 999).fields())
        .hasValueSatisfying(it -> assertThat(it.remaining()).isLessThan(IndexedText.MAX_FIELDS));
    assertThat(indexed(message("Subject:" + "x".repeat(most + 8) + "\r\n", ""), 999).fields())
        .isEmpty();
  }

  @Test
  void aSignatureIsAsLongAsItsTextNeeds() {
    var random = new Random(1);
    var text = new StringBuilder();
    int before = 0;
    for (int length : new int[] {10, 1_000, 5_000}) {
      while (text.length() < length) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      int octets = indexed(message("", text.toString()), 99).signature().orElseThrow().remaining();
      assertThat(octets).isGreaterThan(before).isBetween(length / 4, length + 256);
      before = octets;
    }
    while (text.length() < 100_000) {
      text.append((char) (0x4E00 + random.nextInt(20_000)));
    }
    assertThat(indexed(message("", text.toString()), 999).signature()).isEmpty();
  }

  @Test
  void codePointsAreEncodedExactly() {
    var octets = ByteBuffer.allocate(4);
    for (int codePoint = 128; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      octets.clear();
      FoldedText.encode(codePoint, octets);
      assertThat(FoldedText.length(octets.get(0))).isEqualTo(octets.position());
      assertThat(FoldedText.decode(octets.array(), 0)).isEqualTo(codePoint);
    }
  }
}
