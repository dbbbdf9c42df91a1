package io.postern.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admission.ProxyHeader.Result;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String V4 = "c0000207" + "c6336409" + "d903" + "008f";

  private static Buffer hex(String hex) {
    return Buffer.buffer(HexFormat.of().parseHex(hex));
  }

  private static Buffer ascii(String text) {
    return Buffer.buffer(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String ends(Buffer octets) {
    return switch (ProxyHeader.read(octets)) {
      case Result.More() -> "more";
      case Result.Malformed(var why) -> "malformed: " + why;
      case Result.Complete(var ends, int length) ->
          length + " " + ends.map(it -> it.remote() + " > " + it.local()).orElse("unknown");
    };
  }

  @Test
  void aLineHasBothAddresses() {
    assertThat(ends(ascii("PROXY TCP4 192.0.2.7 198.51.100.9 55555 143\r\na1 NOOP\r\n")))
        .isEqualTo("45 192.0.2.7:55555 > 198.51.100.9:143");
    assertThat(ends(ascii("PROXY TCP6 2001:db8::7 2001:db8::9 1 65535\r\n")))
        .isEqualTo("44 2001:db8:0:0:0:0:0:7:1 > 2001:db8:0:0:0:0:0:9:65535");
    assertThat(ends(ascii("PROXY UNKNOWN\r\n"))).isEqualTo("15 unknown");
    assertThat(ends(ascii("PROXY UNKNOWN ffff:f...f:ffff 65535\r\n"))).isEqualTo("37 unknown");
  }

  @Test
  void aBinaryHeaderHasBothAddresses() {
    assertThat(ends(hex(SIGNATURE + "2111000c" + V4 + "ff")))
        .isEqualTo("28 192.0.2.7:55555 > 198.51.100.9:143");
    var seven = "20010db8000000000000000000000007";
    var nine = "20010db8000000000000000000000009";
    assertThat(ends(hex(SIGNATURE + "21210024" + seven + nine + "d903" + "03e1")))
        .isEqualTo("52 2001:db8:0:0:0:0:0:7:55555 > 2001:db8:0:0:0:0:0:9:993");
  }

  @Test
  void extensionsOfTheHeaderAreSkipped() {
    assertThat(ends(hex(SIGNATURE + "21110010" + V4 + "04000155"))).startsWith("32 192.0.2.7:");
  }

  @Test
  void localConnectionsHaveNoClientAddress() {
    assertThat(ends(hex(SIGNATURE + "20000000"))).isEqualTo("16 unknown");
    assertThat(ends(hex(SIGNATURE + "2011000c" + V4))).isEqualTo("28 unknown");
    assertThat(ends(hex(SIGNATURE + "21000000"))).isEqualTo("16 unknown");
  }

  @Test
  void aHeaderMayComeOctetByOctet() {
    for (var whole :
        new Buffer[] {
          ascii("PROXY TCP4 192.0.2.7 198.51.100.9 55555 143\r\n"),
          hex(SIGNATURE + "2111000c" + V4),
          ascii("PROXY UNKNOWN\r\n")
        }) {
      for (int length = 1; length < whole.length(); length++) {
        assertThat(ends(whole.slice(0, length))).as("%s octets", length).isEqualTo("more");
      }
      assertThat(ends(whole)).startsWith(whole.length() + " ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a1 LOGIN alice secret\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.9 55555\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.9 55555 65536\r\n",
        "PROXY TCP4 192.0.2.256 198.51.100.9 1 2\r\n",
        "PROXY TCP4 2001:db8::7 2001:db8::9 1 2\r\n",
        "PROXY TCP6 192.0.2.7 198.51.100.9 1 2\r\n",
        "PROXY UDP4 192.0.2.7 198.51.100.9 1 2\r\n",
        "PROXY UNKNOWNED\r\n",
        "PROXY TCP4 alice.example.test 198.51.100.9 1 2\r\n"
      })
  void aLineWithoutAddressesIsMalformed(String line) {
    assertThat(ends(ascii(line))).startsWith("malformed");
  }

  @Test
  void aLineHas107OctetsAndNotOneMore() {
    var line = "PROXY UNKNOWN ";
    assertThat(ends(ascii(line + "x".repeat(105 - line.length()) + "\r\n")))
        .isEqualTo("107 unknown");
    assertThat(ends(ascii(line + "x".repeat(106 - line.length()) + "\r\n")))
        .startsWith("malformed");
  }

  @Test
  void aBinaryHeaderWithoutAddressesIsMalformed() {
    assertThat(ends(hex(SIGNATURE + "3111000c" + V4))).startsWith("malformed");
    assertThat(ends(hex(SIGNATURE + "2211000c" + V4))).startsWith("malformed");
    assertThat(ends(hex(SIGNATURE + "2112000c" + V4))).startsWith("malformed");
    assertThat(ends(hex(SIGNATURE + "2111000b" + V4))).startsWith("malformed");
  }

  @Test
  void aHeaderHas4096OctetsAndNotOneMore() {
    var body = V4 + "00".repeat(4096 - 28);
    assertThat(ends(hex(SIGNATURE + "21110ff0" + body))).startsWith("4096 192.0.2.7:");
    assertThat(ends(hex(SIGNATURE + "21110ff1" + body))).startsWith("malformed");
  }
}
