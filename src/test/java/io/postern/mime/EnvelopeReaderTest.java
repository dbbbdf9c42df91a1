package io.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.Envelope.Address;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever an envelope writes can be read. */
class EnvelopeReaderTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private Optional<String> text() {
    int length = random.nextInt(20) - 2;
    if (length < 0) {
      return Optional.empty();
    }
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) (random.nextInt(3) == 0 ? random.nextInt(1, 256) : 'a' + i));
    }
    return Optional.of(text.append(random.nextBoolean() ? "" : "\\\"").toString());
  }

  private List<Address> addresses() {
    return java.util.stream.IntStream.range(0, random.nextInt(3))
        .mapToObj(_ -> new Address(text(), text(), text(), text()))
        .toList();
  }

  @Test
  void writtenEnvelopesAreRead() {
    for (int i = 0; i < 500; i++) {
      var envelope =
          new Envelope(
              text(),
              text(),
              addresses(),
              addresses(),
              addresses(),
              addresses(),
              addresses(),
              addresses(),
              text(),
              text());
      assertThat(EnvelopeReader.read(envelope.wire())).as("seed " + seed).isEqualTo(envelope);
    }
    assertThat(EnvelopeReader.read(Envelope.omitted()).subject()).isEmpty();
  }
}
