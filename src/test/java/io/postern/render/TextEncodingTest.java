package io.postern.render;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.decoding.TransferDecoder;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextEncodingTest {
  private static String decoded(TextEncoding.Encoded encoded) {
    var out = new ByteArrayOutputStream();
    var decoder = TransferDecoder.of(encoded.encoding());
    decoder.decode(encoded.octets().getBytes(ISO_8859_1), out);
    decoder.end(out);
    return out.toString(UTF_8).replace("\r\n", "\n");
  }

  @Test
  void encodesForPeopleWhereTheyCanReadIt() {
    var encoded = TextEncoding.of("Grüße = 1\n");
    assertThat(encoded.encoding()).isEqualTo("quoted-printable");
    assertThat(encoded.octets()).isEqualTo("Gr=C3=BC=C3=9Fe =3D 1\r\n");
    assertThat(TextEncoding.of("你好\n").encoding()).isEqualTo("base64");
  }

  @Test
  void noLineDelimitsAPart() {
    var lines = TextEncoding.of("--a\n.\nFrom me\n" + "x".repeat(75) + "--a\nspace \n\n").octets();
    assertThat(lines.lines()).noneMatch(line -> line.startsWith("-") || line.endsWith(" "));
    assertThat(lines.lines()).noneMatch(line -> line.startsWith("From ") || line.startsWith("."));
  }

  @Test
  void isDecodedToTheSameText() {
    var random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder();
      for (int left = random.nextInt(300); left > 0; left--) {
        text.appendCodePoint(
            "a-=. \t\nFüß你\uD83D\uDE00".codePoints().toArray()[random.nextInt(12)]);
      }
      text.append('\n');
      var encoded = TextEncoding.of(text.toString());
      assertThat(decoded(encoded)).isEqualTo(text.toString());
      assertThat(encoded.octets().split("\r\n")).allMatch(line -> line.length() <= 76);
      assertThat(encoded.octets().replace("\r\n", "")).doesNotContain("\n", "\r");
    }
  }
}
