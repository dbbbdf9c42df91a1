package io.postern.admin.settingspage.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {
  @ParameterizedTest
  @CsvSource({
    "alice@example.com, alice@example.com",
    "' Alice@Example.COM ', Alice@example.com",
    "o'neil+x=y@example.com, o'neil+x=y@example.com",
    "jürgen@bücher.example, jürgen@xn--bcher-kva.example",
    "a@localhost, a@localhost"
  })
  void anAddressIsRead(String text, String address) {
    assertThat(MailAddress.parse(text)).hasToString("Optional[" + address + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "alice",
        "@example.com",
        "alice@",
        "alice@example..com",
        "alice@example.com.",
        "alice@-example.com",
        "alice@exa_mple.com",
        "alice@[192.0.2.1]",
        "al ice@example.com",
        "a\"b@example.com",
        "<a>@example.com",
        "a@b@example.com",
        "a\r\nSubject: x@example.com",
        "a\u0000@example.com",
        "a@example.com\u202Egnp"
      })
  void anotherTextIsNone(String text) {
    assertThat(MailAddress.parse(text)).isEmpty();
  }

  @Test
  void itsLengthIsBounded() {
    assertThat(MailAddress.parse("a".repeat(64) + "@example.com")).isPresent();
    assertThat(MailAddress.parse("a".repeat(65) + "@example.com")).isEmpty();
    var domain = "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(61);
    assertThat(MailAddress.parse("a".repeat(64) + "@" + domain)).isPresent();
    assertThat(MailAddress.parse("a".repeat(64) + "@" + domain + "d")).isEmpty();
    assertThat(MailAddress.parse("a@" + "x.".repeat(1_000_000) + "com")).isEmpty();
  }
}
