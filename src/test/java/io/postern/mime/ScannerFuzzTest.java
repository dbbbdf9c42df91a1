package io.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.search.SearchTerms;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Mutated samples: none makes the scanner fail, all ranges lie within, no cut makes a difference.
 * The seed is printed by a failure; {@code -Dseed=} replays it.
 */
class ScannerFuzzTest {
  private static final int ROUNDS = 1_000;
  private static final String[] PIECES = {
    "\r\n",
    "\n",
    "\r\n\r\n",
    "--",
    "--b",
    "--b--",
    "--b\r\n",
    "\0",
    "\u00ff",
    "(",
    "\"",
    ";",
    ":",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: message/rfc822\r\n\r\n",
    "Content-Type: multipart/digest; boundary=\"b\"\r\n\r\n--b\r\n",
    " ",
    "\t",
    "=",
    "*0*=",
    "From: ",
    "To: a@b, ",
    "<",
    ">",
    "@",
    ",",
    "Content-Transfer-Encoding: base64\r\n",
    "\\",
  };

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  @Test
  void mutatedMailIsParsed() throws IOException {
    var samples = new ArrayList<Buffer>();
    for (var name : Samples.names()) {
      samples.add(Samples.message(name));
    }
    for (int round = 0; round < ROUNDS; round++) {
      var message = mutated(samples.get(random.nextInt(samples.size())), samples);
      var facts = Samples.scan(message);
      assertThat(inCuts(message)).as("seed %d, round %d", seed, round).isEqualTo(facts);
      assertThat(facts.size()).isEqualTo(message.length());
      assertThat(facts.headerIsWhole()).isTrue();
      check(facts.parts(), 0, facts.size(), round);
      assertThat(PartTreeCodec.decode(PartTreeCodec.encode(facts.parts())))
          .isEqualTo(facts.parts());
      var lines = Samples.octets("Return-Path: <>\r\nReceived: x;\r\n y\r\n");
      assertThat(facts.behind(lines)).isEqualTo(Samples.scan(lines.copy().appendBuffer(message)));
      WireForm.checkEnvelope(facts.envelope(), seed);
      WireForm.checkStructure(facts.body(), seed);
      WireForm.checkStructure(facts.bodyStructure(), seed);
      search(message, facts.parts());
    }
  }

  private Buffer mutated(Buffer sample, List<Buffer> others) {
    var message = sample.copy();
    int changes = 1 + random.nextInt(8);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(message.length() + 1);
      int to = Math.min(message.length(), at + random.nextInt(60));
      var rest = message.getBuffer(random.nextBoolean() ? at : to, message.length());
      message = message.getBuffer(0, at);
      switch (random.nextInt(4)) {
        case 0 -> message.appendBuffer(Samples.octets(PIECES[random.nextInt(PIECES.length)]));
        case 1 -> message.appendByte((byte) random.nextInt(256));
        case 2 -> {
          var other = others.get(random.nextInt(others.size()));
          int from = random.nextInt(other.length() + 1);
          message.appendBuffer(
              other.getBuffer(from, Math.min(other.length(), from + random.nextInt(300))));
        }
        default -> {}
      }
      message.appendBuffer(rest);
    }
    return message;
  }

  private MessageFacts inCuts(Buffer message) {
    var scanner = new MessageScanner();
    int most = 1 + random.nextInt(100);
    for (int at = 0; at < message.length(); ) {
      int to = Math.min(message.length(), at + random.nextInt(most + 1));
      scanner.feed(message.getBuffer(at, to));
      at = to;
    }
    return scanner.finish();
  }

  private void check(PartTree part, int from, int to, int round) {
    assertThat(List.of(from, part.headerStart(), part.bodyStart(), part.end(), to))
        .as("seed %d, round %d", seed, round)
        .isSorted();
    int last = part.bodyStart();
    for (var child : part.children()) {
      check(child, last, part.end(), round);
      last = child.end();
    }
    assertThat(part.isMultipart() && part.children().isEmpty()).isFalse();
  }

  private void search(Buffer message, PartTree parts) {
    var builder = new SearchTerms.Builder();
    int number = builder.add(SearchTerms.Term.text("no such text \u0001"));
    var terms = builder.build();
    var text = terms.search();
    int end = 0;
    for (var range : terms.ranges(parts)) {
      assertThat(range.octets().start()).as("seed %d", seed).isGreaterThanOrEqualTo(end);
      end = range.octets().end();
      var search = text.begin(range);
      search.feed(message.getBuffer(range.octets().start(), end));
      search.finish();
      while (search.pending()) {
        search.advance();
      }
    }
    assertThat(text.found(number)).as("seed %d", seed).isFalse();
  }
}
