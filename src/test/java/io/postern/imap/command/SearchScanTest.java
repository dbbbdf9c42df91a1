package io.postern.imap.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageFacts;
import io.postern.mime.MessageScanner;
import io.postern.mime.search.MessageSearch;
import io.postern.mime.search.SearchTerms;
import io.postern.mime.search.SearchTerms.Term;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Blobs;
import io.postern.store.Messages.Content;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One pass over one message. */
class SearchScanTest {
  private static final String HEADER = "Subject: one\r\n\r\n";

  /** Time stands still. */
  private final ManualEventLoop turns = new ManualEventLoop(0);

  private final Chunks blobs = new Chunks();
  private int left = 1_000_000_000;

  /** The message of the test in chunks; counts what is read of it. */
  private static final class Chunks implements Blobs {
    private Buffer message = Buffer.buffer();
    private long octets;
    private int chunks;

    @Override
    public Multi<Buffer> read(BlobId blob, long from, long length) {
      int end = (int) (from + length);
      return Multi.createFrom()
          .range((int) from / CHUNK, (end - 1) / CHUNK + 1)
          .onItem()
          .transformToUniAndConcatenate(
              n -> Uni.createFrom().item(() -> chunk(n, (int) from, end)));
    }

    private Buffer chunk(int n, int from, int end) {
      var chunk = message.getBuffer(Math.max(from, n * CHUNK), Math.min(end, (n + 1) * CHUNK));
      chunks++;
      octets += chunk.length();
      return chunk;
    }

    @Override
    public Uni<Void> write(BlobId blob, int number, Buffer bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Uni<Void> drop(BlobId blob) {
      throw new UnsupportedOperationException();
    }
  }

  private record Pass(MessageSearch search, UniAssertSubscriber<Void> end) {}

  private Pass scan(ManualEventLoop loop, String message, BooleanSupplier decides, Term... terms) {
    blobs.message = Buffer.buffer(message, "ISO-8859-1");
    var scanner = new MessageScanner();
    scanner.feed(blobs.message);
    var content =
        new Content(
            new ContentId(1),
            new BlobId(UUID.randomUUID()),
            Buffer.buffer(),
            scanner.finish(),
            Optional.<Buffer>empty());
    var builder = new SearchTerms.Builder();
    Arrays.stream(terms).forEach(builder::add);
    var compiled = builder.build();
    var search = compiled.search();
    var scan =
        new SearchScan(
            new TimeSlices(loop, loop::nanoTime),
            new SearchBudget(left, compiled.size()),
            blobs,
            new SearchScan.Text(content, compiled, search),
            decides);
    return new Pass(search, scan.run().subscribe().withSubscriber(UniAssertSubscriber.create()));
  }

  private static Term[] absent(int count) {
    return IntStream.range(0, count).mapToObj(n -> Term.text("x" + n + "x")).toArray(Term[]::new);
  }

  private static String large() {
    return HEADER + "some words of a line\r\n".repeat(30_000);
  }

  @Test
  void aMessageIsReadOnceForAllTexts() {
    var pass = scan(turns, large(), () -> false, absent(499));
    pass.end().assertCompleted();
    assertThat(blobs.octets).isEqualTo(large().length() - HEADER.length());
    assertThat(IntStream.range(0, 499)).allMatch(pass.search()::isDecided);
    assertThat(IntStream.range(0, 499)).noneMatch(pass.search()::found);
  }

  @Test
  void whatIsDecidedIsReadNoFurther() {
    var asked = new AtomicInteger();
    // It is asked before the pass begins, and when something was found.
    var pass = scan(turns, large(), () -> asked.getAndIncrement() > 0, Term.body("some words"));
    pass.end().assertCompleted();
    assertThat(pass.search().found(0)).isTrue();
    assertThat(blobs.chunks).isEqualTo(1);
  }

  @Test
  void whatTheHeaderDecidesNeedsNoBytes() {
    scan(turns, large(), () -> false, Term.field("subject", "one"), Term.addresses("from", "x"))
        .end()
        .assertCompleted();
    assertThat(blobs.chunks).isZero();
  }

  @Test
  void textsAreFoundAcrossPiecesAndChunks() {
    for (int border : new int[] {4 * 1024, 16 * 1024, Blobs.CHUNK}) {
      for (int before = border - 8; before <= border; before++) {
        var body = "a".repeat(before - HEADER.length()) + "needle" + "b".repeat(50_000);
        var pass =
            scan(turns, HEADER + body, () -> false, Term.body("NEEDLE"), Term.body("needleb"));
        assertThat(pass.search().found(0) && pass.search().found(1)).as("%d", before).isTrue();
      }
    }
  }

  @Test
  void textsAreNotFoundAcrossParts() {
    var message =
        """
        Content-Type: multipart/mixed; boundary=b

        --b

        nee
        --b
        Content-Type: image/gif

        dle
        --b

        dle and more
        --b--
        """;
    var pass = scan(turns, message, () -> false, Term.text("needle"), Term.text("and more"));
    assertThat(List.of(pass.search().found(0), pass.search().found(1)))
        .containsExactly(false, true);
  }

  @Test
  void aHeaderThatIsNotKeptWholeIsReadOn() {
    var long1 = "X-Long: " + "a".repeat(200_000) + "needle\r\n";
    var pass =
        scan(turns, long1 + "Subject: two\r\n\r\n", () -> false, Term.field("x-long", "needle"));
    assertThat(pass.search().found(0)).isTrue();
    assertThat(blobs.octets).isEqualTo(long1.length() + 16L - MessageFacts.MAX_HEADER);
  }

  @Test
  void oneLargePartIsLookedThroughInManyTurns() {
    var loop = new ManualEventLoop(TimeSlices.SLICE_NANOS / 4);
    var pass = scan(loop, large(), () -> false, absent(10));
    loop.runAll();
    pass.end().assertCompleted();
    // Each step takes 4 KiB at most, and each turn four steps.
    assertThat(loop.turns()).isGreaterThan(large().length() / 4096 / 4);
  }

  @Test
  void oneLongFieldIsMatchedInManyTurns() {
    var loop = new ManualEventLoop(TimeSlices.SLICE_NANOS);
    var message = "Subject: " + "a".repeat(100_000) + "\r\n\r\n";
    var pass = scan(loop, message, () -> false, Term.field("subject", "b"));
    loop.runAll();
    pass.end().assertCompleted();
    // As many to take its octets, and half as many to match them.
    assertThat(loop.turns()).isGreaterThan(100_000 / 4096 + 100_000 / 8192);
  }

  @Test
  void aCancelledSearchDoesNothingMore() {
    var loop = new ManualEventLoop(TimeSlices.SLICE_NANOS / 4);
    var pass = scan(loop, large(), () -> false, absent(10));
    Stream.generate(loop::runOne).limit(3).forEach(ran -> assertThat(ran).isTrue());
    int looks = loop.looks();
    int chunks = blobs.chunks;
    pass.end().cancel();
    loop.runAll();
    assertThat(loop.looks()).isEqualTo(looks);
    assertThat(blobs.chunks).isEqualTo(chunks).isLessThan(large().length() / Blobs.CHUNK);
  }

  @Test
  void aSearchMayCostAsMuchAsIsAllowedAndNoMore() {
    var message = HEADER + "x".repeat(10_000);
    left = 3 * message.getBytes(ISO_8859_1).length;
    scan(turns, message, () -> false, absent(3)).end().assertCompleted();
    left--;
    scan(turns, message, () -> false, absent(3))
        .end()
        .assertFailedWith(SearchBudget.Exceeded.class);
  }

  /** A header that is in memory is searched without a scan; whichever way, the same is found. */
  @Test
  void aStoredHeaderIsSearchedAsAScanDoes() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    int found = 0;
    for (int i = 0; i < 500; i++) {
      var header = header(random);
      var terms = new Term[random.nextInt(1, 6)];
      Arrays.setAll(terms, n -> term(random));
      var scanned = scan(turns, header, () -> false, terms);
      scanned.end().assertCompleted();
      var builder = new SearchTerms.Builder();
      Arrays.stream(terms).forEach(builder::add);
      var compiled = builder.build();
      var search = compiled.search();
      var budget = new SearchBudget(Long.MAX_VALUE, compiled.size());
      var stored =
          new SearchHeader(budget, Buffer.buffer(header, "ISO-8859-1"), search, () -> false);
      boolean more = true;
      while (more) {
        more = stored.step();
      }
      // Equal terms are searched once.
      for (int term = 0; term < compiled.size(); term++) {
        assertThat(search.isDecided(term))
            .as("seed %s, %s in %s", seed, List.of(terms), header)
            .isTrue();
        assertThat(search.found(term))
            .as("seed %s, term %s of %s in %s", seed, term, List.of(terms), header)
            .isEqualTo(scanned.search().found(term));
        found += search.found(term) ? 1 : 0;
      }
    }
    assertThat(found).isPositive();
  }

  private static final List<String> FIELDS = List.of("Subject", "From", "To", "X-Other", "subject");
  private static final List<String> VALUES =
      List.of(
          "one two",
          "=?utf-8?Q?Stra=C3=9Fe?= here",
          "\"Ann Other\" <ann@example.test>",
          "user (comment)@ (another) example.test",
          "=?utf-8?B?b25l?=\r\n =?utf-8?B?IHR3bw==?=",
          "folded\r\n\tvalue",
          "");
  private static final List<String> TEXTS =
      List.of(
          "one", "two", "stra\u00dfe", "ann@example.test", "user@example.test", "folded value", "");

  private static <T> T any(SplittableRandom random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static String header(SplittableRandom random) {
    var header = new StringBuilder();
    for (int line = random.nextInt(8); line > 0; line--) {
      header.append(any(random, FIELDS)).append(": ").append(any(random, VALUES)).append("\r\n");
    }
    return header + "\r\n";
  }

  private static Term term(SplittableRandom random) {
    var field = any(random, FIELDS);
    var text = any(random, TEXTS);
    return random.nextBoolean() ? Term.field(field, text) : Term.addresses(field, text);
  }
}
