package io.postern.mime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {
  private static String octets(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "plain text, plain text",
    "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=, Grüße",
    "=?UTF-8?b?R3LDvMOfZQ==?=, Grüße",
    "=?UTF-8?B?R3LDvMOfZQ?=, Grüße",
    "=?iso-8859-1?q?a_b=FC?=, a bü",
    "=?iso-8859-1*de?q?=FC?=, ü",
    "=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=, 日本",
    "=?ks_c_5601-1987?B?x9Gx2w==?=, 한글",
    "=?utf-8?q?a?= =?utf-8?q?b?=, ab",
    "=?utf-8?q?a?= =?iso-8859-1?q?=FC?=, aü",
    "=?utf-8?q?=C3?= =?utf-8?q?=BC?=, ü",
    "=?utf-8?q?a?= b =?utf-8?q?c?=, a b c",
    "x =?utf-8?q?a?=, x a",
    "=?utf-8?q?=41?=, A",
    "=?utf-8?q?two words?=, two words",
    "=?utf-8?q??=, ''",
    "=?utf-8?q?=C3?=, Ã",
    "=?us-ascii?q?=ZZ=4?=, =ZZ=4",
  })
  void encodedWords(String value, String text) {
    assertThat(HeaderText.decode(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "=?no-such-charset?q?a?=",
    "=?bad charset!?q?a?=",
    "=?utf-8?x?a?=",
    "=?utf-8?q?unended",
    "=?utf-8?q",
    "=?utf-8",
    "=?",
    "=??q?a?=",
    "=?=?=?",
  })
  void badWordsStayAsTheyAre(String value) {
    assertThat(HeaderText.decode(value)).isEqualTo(value);
  }

  @Test
  void rawOctetsAreUtf8OrWindows1252() {
    assertThat(HeaderText.decode(octets("Grüße 日本"))).isEqualTo("Grüße 日本");
    assertThat(HeaderText.decode("Gr\u00fc\u00dfe \u0080")).isEqualTo("Grüße €");
    assertThat(HeaderText.decode(octets("ü") + "=?utf-8?q?=C3=9F?=")).isEqualTo("üß");
  }

  /** RFC 2152, RFC 2047 §5: each word begins and ends outside of an encoded run. */
  @ParameterizedTest
  @CsvSource({
    "=?utf-7?Q?Die_Hasen_und_die_Fr+APY-sche?=, Die Hasen und die Frösche",
    "=?UTF-7?B?K1plVm5MSXFlLQ==?=, 日本語",
    "=?unicode-1-1-utf-7?q?+AMQ-rger?=, Ärger",
    "=?x-unicode-2-0-utf-7?q?+2D3eAA-?=, 😀",
    "=?utf-7?q?a+-b?=, a+b",
    "=?utf-7?q?+AOQ?= =?utf-7?q?bc?=, äbc",
    "=?utf-7?q?+AOQA9g_x?=, äö x",
    "=?utf-7?q?a+!?=, a+!",
    "=?utf-7?q?1+?=, 1+",
    "=?utf-7?q?a=FCb?=, a\uFFFDb",
  })
  void utf7(String value, String text) {
    assertThat(HeaderText.decode(value)).isEqualTo(text);
  }

  @Test
  void parametersAreDecoded() {
    assertThat(HeaderText.parameter("attachment; filename*=utf-8'de'%C3%BC%20x", "filename"))
        .contains("ü x");
    assertThat(
            HeaderText.parameter(
                "attachment; filename*0*=iso-8859-1''%FC; filename*1=\"%41.txt\"", "FileName"))
        .contains("ü%41.txt");
    assertThat(HeaderText.parameter("a; filename*=utf-7''%2BAPw-x", "filename")).contains("üx");
    assertThat(HeaderText.parameter("a; filename=\"=?utf-8?q?=C3=BC?=\"", "filename"))
        .contains("ü");
    assertThat(HeaderText.parameter("a; filename*=plain", "filename")).contains("plain");
    assertThat(HeaderText.parameter("a; filename*=utf-8''%C3%", "filename")).contains("Ã%");
    assertThat(HeaderText.parameter("attachment", "filename")).isEmpty();
  }

  /** Takes about a second; by the square of the length it would take several minutes. */
  @ParameterizedTest
  @ValueSource(strings = {"=?", "=?utf-8?q?", "=?utf-8?q?a ", "=?utf-8?q?a?=", "=?a?q?=", "?="})
  void costIsLinear(String piece) {
    var value = piece.repeat(8_000_000 / piece.length());
    assertTimeoutPreemptively(Duration.ofMinutes(1), () -> HeaderText.decode(value));
  }
}
