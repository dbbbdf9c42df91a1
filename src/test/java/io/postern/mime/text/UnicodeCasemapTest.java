package io.postern.mime.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The collation of RFC 5051. */
class UnicodeCasemapTest {
  private static String key(String text) {
    return new String(UnicodeCasemap.key(text), StandardCharsets.UTF_8);
  }

  @Test
  void theExampleOfTheRfc() {
    assertThat(key("\u01C4")).isEqualTo("Dz\u030C");
  }

  @Test
  void lettersAreTitlecasedAndDecomposed() {
    assertThat(key("ab-Yz{`@[ 1")).isEqualTo("AB-YZ{`@[ 1");
    assertThat(key("é\u00C9")).isEqualTo("E\u0301E\u0301");
    assertThat(key("σςΣ")).isEqualTo("ΣΣΣ");
    assertThat(key("ıi")).isEqualTo("II");
    assertThat(key("ａ\u212A")).isEqualTo("AK");
    assertThat(key("ß日😀")).isEqualTo("ß日😀");
    assertThat(key("한")).isEqualTo("\u1112\u1161\u11AB");
    assertThat(key("\uD801\uDC28")).isEqualTo("\uD801\uDC00");
  }

  /** The second step of the preparation never titlecases what the first one has left. */
  @Test
  void whatADecompositionLeavesStaysAsItIs() {
    assertThat(key("ﬁ")).isEqualTo("fi");
    assertThat(key("ª")).isEqualTo("a");
  }

  @Test
  void octetsOfKeysAreThoseOfUtf8() {
    assertThat(UnicodeCasemap.key("é")).isEqualTo("E\u0301".getBytes(StandardCharsets.UTF_8));
    assertThat(UnicodeCasemap.key("")).isEmpty();
    assertThat(UnicodeCasemap.key("\uFDFA"))
        .isEqualTo(Normalizer.normalize("\uFDFA", Form.NFKD).getBytes(StandardCharsets.UTF_8));
  }

  /** Of all code points: what a table has is what the two steps of the RFC give. */
  @Test
  void eachCodePointBecomesWhatTheStepsOfTheRfcGive() {
    var wrong = new ArrayList<Integer>();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        var titlecase = Character.toString(Character.toTitleCase(codePoint));
        var expected = Normalizer.normalize(titlecase, Form.NFKD).codePoints().toArray();
        if (!Arrays.equals(UnicodeCasemap.folded(Character.toString(codePoint)), expected)) {
          wrong.add(codePoint);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aSurrogateOfItsOwnStaysAsItIs() {
    assertThat(UnicodeCasemap.of(0xD800)).isEqualTo(0xD800);
    assertThat(UnicodeCasemap.of(0xDE00)).isEqualTo(0xDE00);
  }
}
