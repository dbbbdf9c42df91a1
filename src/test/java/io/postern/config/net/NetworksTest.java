package io.postern.config.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, 127.0.0.1, true",
    "127.0.0.0/8, 127.255.255.255, true",
    "127.0.0.0/8, 128.0.0.0, false",
    "127.0.0.0/8, 126.255.255.255, false",
    "127.0.0.0/8, ::1, false",
    "127.0.0.0/8, ::ffff:127.0.0.1, true",
    "::1/128, ::1, true",
    "::1/128, 0:0:0:0:0:0:0:1, true",
    "::1/128, ::2, false",
    "::1, ::1, true",
    "fe80::/10, fe80::1%eth0, true",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "192.0.2.4/31, 192.0.2.5, true",
    "192.0.2.4/31, 192.0.2.6, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, ::1, false",
    "::/0, 2001:db8::1, true",
  })
  void anAddressIsInItsNetworkOnly(String network, String address, boolean inside) {
    assertThat(Networks.parse(List.of(network)).contains(address)).isEqualTo(inside);
  }

  @Test
  void oneMatchingNetworkSuffices() {
    var networks = Networks.parse(List.of("127.0.0.0/8", " ::1/128"));
    assertThat(networks.contains("::1")).isTrue();
    assertThat(networks.contains("127.0.0.1")).isTrue();
    assertThat(networks.contains("192.0.2.1")).isFalse();
    assertThat(Networks.parse(List.of()).contains("127.0.0.1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "127.0.0.0/33",
        "::/129",
        "127.0.0.0/",
        "127.0.0.0/-1",
        "127.0.0.1/8",
        "::1/64",
        "1.2.3/8",
        "example.test/8",
        "127.0.0.0/8/8",
        "127.0.0.0/1e1"
      })
  void anInvalidNetworkIsNamed(String text) {
    assertThatThrownBy(() -> Networks.parse(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\" is no network");
  }
}
