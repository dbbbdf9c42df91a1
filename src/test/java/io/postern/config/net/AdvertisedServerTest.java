package io.postern.config.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.net.AdvertisedServer.Encryption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisedServerTest {
  @ParameterizedTest
  @CsvSource({
    "mail.example.com:993:SSL, mail.example.com, 993, SSL",
    "Mail.Example.com:143:tls, mail.example.com, 143, TLS",
    "mail.example.com:143, mail.example.com, 143, PLAINTEXT",
    "' 192.0.2.1:1:plaintext ', 192.0.2.1, 1, PLAINTEXT",
    "localhost:65535:Ssl, localhost, 65535, SSL",
    "xn--bcher-kva.example:995:SSL, xn--bcher-kva.example, 995, SSL"
  })
  void aServerIsRead(String text, String host, int port, Encryption encryption) {
    assertThat(AdvertisedServer.parse(List.of(text)))
        .containsExactly(new AdvertisedServer(host, port, encryption));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mail.example.com",
        "mail.example.com:0:SSL",
        "mail.example.com:65536:SSL",
        "mail.example.com:993:STARTTLS",
        "mail.example.com:993:SSL:x",
        "-mail.example.com:993:SSL",
        "mail..example.com:993:SSL",
        "mail.example.com.:993:SSL",
        "mail example.com:993:SSL",
        "bücher.example:993:SSL",
        "<b>.example:993:SSL",
        "[::1]:993:SSL"
      })
  void anotherFormIsRefusedByItsText(String text) {
    assertThatThrownBy(() -> AdvertisedServer.parse(List.of("a.example:993:SSL", text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\" is no server: write host:port:SSL");
  }

  @Test
  void aNameHasAtMost253CharactersInLabelsOfAtMost63() {
    var label = "a".repeat(63);
    var longest = String.join(".", label, label, label, "a".repeat(61));
    assertThat(AdvertisedServer.isHost(longest)).isTrue();
    assertThat(AdvertisedServer.isHost(longest + "a")).isFalse();
    assertThat(AdvertisedServer.isHost(label + "a.example")).isFalse();
  }
}
