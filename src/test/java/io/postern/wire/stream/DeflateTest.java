package io.postern.wire.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** What is compressed for one connection among others, and what is decompressed. */
class DeflateTest {
  private static Buffer decoded(InflateDecoder decoder) throws DataFormatException {
    var plain = Buffer.buffer();
    while (decoder.pending()) {
      plain.appendBuffer(decoder.next());
    }
    return plain;
  }

  private static Buffer text(Random random, int length) {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) ('a' + random.nextInt(4));
    }
    return Buffer.buffer(octets);
  }

  @Test
  void whatIsEncodedIsDecodedAtOnceAlthoughConnectionsShareACompressor() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var encoders = new DeflateEncoder[] {new DeflateEncoder(), new DeflateEncoder()};
    var decoders = new InflateDecoder[] {new InflateDecoder(), new InflateDecoder()};
    for (int step = 0; step < 300; step++) {
      int one = random.nextInt(2);
      var plain = text(random, random.nextInt(random.nextInt(10) == 0 ? 70_000 : 300));
      decoders[one].feed(encoders[one].encode(plain));
      assertThat(decoded(decoders[one])).as("seed " + seed + ", step " + step).isEqualTo(plain);
    }
    decoders[0].feed(encoders[0].end().appendString("plain"));
    assertThat(decoded(decoders[0]).length()).isZero();
    assertThat(decoders[0].finished()).isTrue();
    assertThat(decoders[0].holdsInput()).isTrue();
    assertThat(decoders[0].rest()).isEqualTo(Buffer.buffer("plain"));
    assertThat(decoders[0].holdsInput()).isFalse();
    decoders[0].close();
    decoders[1].close();
  }

  @Test
  void whatIsRepeatedInALaterResponseIsShort() {
    var encoder = new DeflateEncoder();
    byte[] octets = new byte[1_000];
    new Random(1).nextBytes(octets);
    var response = Buffer.buffer(octets);
    int first = encoder.encode(response).length();
    assertThat(encoder.encode(response).length()).isLessThan(first / 4);
  }

  @Test
  void eachOctetIsDecodedAsSoonAsItCanBe() throws Exception {
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput("a1 NOOP\r\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    byte[] out = new byte[100];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    var decoder = new InflateDecoder();
    var plain = Buffer.buffer();
    for (int i = 0; i < length; i++) {
      decoder.feed(Buffer.buffer().appendByte(out[i]));
      plain.appendBuffer(decoded(decoder));
    }
    assertThat(plain).isEqualTo(Buffer.buffer("a1 NOOP\r\n"));
    decoder.close();
  }

  @Test
  void aPieceIsBoundedWhateverTheInputStandsFor() throws Exception {
    int octets = 20 * 1024 * 1024;
    var bomb = new DeflateEncoder().encode(Buffer.buffer(new byte[octets]));
    assertThat(bomb.length()).isLessThan(octets / 200);
    var decoder = new InflateDecoder();
    decoder.feed(bomb);
    int passed = 0;
    while (decoder.pending()) {
      int piece = decoder.next().length();
      assertThat(piece).isLessThanOrEqualTo(InflateDecoder.PIECE);
      passed += piece;
    }
    assertThat(passed).isEqualTo(octets);
    decoder.close();
  }

  @Test
  void whatIsNotCompressedFails() {
    var decoder = new InflateDecoder();
    decoder.feed(Buffer.buffer("a1 NOOP\r\n"));
    assertThatThrownBy(() -> decoded(decoder)).isInstanceOf(DataFormatException.class);
    decoder.close();
  }
}
