package io.postern.mime.decoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferDecoderTest {
  private static final String OCTETS = "====0123Cc4F9aAzZ+/ \t\r\r\n\n\0\u00ff";

  private static Buffer decode(String encoding, Buffer octets, int cut) {
    var decoder = TransferDecoder.of(encoding);
    var decoded = Buffer.buffer();
    for (int at = 0; at < octets.length(); at += cut) {
      decoded.appendBuffer(decoder.feed(octets.getBuffer(at, Math.min(octets.length(), at + cut))));
    }
    return decoded.appendBuffer(decoder.finish());
  }

  private static Buffer random(Random random) {
    var octets = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      octets.append(OCTETS.charAt(random.nextInt(OCTETS.length())));
    }
    return Buffer.buffer(octets.toString().getBytes(ISO_8859_1));
  }

  @Test
  void whiteSpaceAtTheEndOfAQuotedPrintableLineIsLeftOut() {
    var long80 = " ".repeat(79) + "x";
    assertThat(quotedPrintable("a \t\r\nb \t=\r\n c=20\r\nd \n" + long80 + "\r\ne "))
        .isEqualTo("a\r\nb \t c \r\nd\n" + long80 + "\r\ne");
  }

  private static String quotedPrintable(String text) {
    return decode("quoted-printable", Buffer.buffer(text.getBytes(ISO_8859_1)), 5)
        .toString(ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"base64", "quoted-printable", "8bit"})
  void theResultDoesNotDependOnTheCuts(String encoding) {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      var octets = random(random);
      var one = decode(encoding, octets, 1);
      for (int cut : new int[] {2, 3, 4, 7, 60}) {
        assertThat(decode(encoding, octets, cut))
            .as("seed %d, %s cut at %d", seed, octets, cut)
            .isEqualTo(one);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void usualEscapesAreDecoded(int cut) {
    var octets = Buffer.buffer("=C3=BC b=3D=\r\n=20c=\nd");
    assertThat(decode("quoted-printable", octets, cut).toString()).isEqualTo("ü b= cd");
    assertThat(decode("base64", Buffer.buffer("w7x+YQ==Yg=="), cut).toString()).isEqualTo("ü~ab");
  }
}
