package io.postern.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "<alice@example.test>, alice, example.test",
        "<Alice@EXAMPLE.test>, Alice, example.test",
        "<a.b+c=d@x-1.example.test>, a.b+c=d, x-1.example.test",
        "<\"alice\"@example.test>, alice, example.test",
        "<\"a b\\\"c\\\\@>\"@example.test>, `a b\"c\\@>`, example.test",
        "<@relay.example.test:alice@example.test>, alice, example.test",
        "`<@a.test,@b.test:alice@example.test>`, alice, example.test",
        "<alice@[192.0.2.1]>, alice, [192.0.2.1]",
        "<alice@[IPv6:2001:db8::1]>, alice, [ipv6:2001:db8::1]",
        "<Postmaster>, Postmaster, ``",
        "<>, ``, ``",
        "<jörg@bücher.test>, jörg, bücher.test",
      })
  void readsAPath(String text, String local, String domain) {
    var written = text.substring(text.startsWith("<@") ? text.indexOf(":") + 1 : 1);
    var address = written.substring(0, written.length() - 1);
    assertThat(Address.read(text)).hasValue(new Address.Path(local, domain, address, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<",
        "alice@example.test",
        "<alice@example.test",
        "<alice@>",
        "<@example.test>",
        "<.alice@example.test>",
        "<alice.@example.test>",
        "<a..b@example.test>",
        "<a b@example.test>",
        "<alice@-example.test>",
        "<alice@example..test>",
        "<alice@[]>",
        "<alice@[192.0.2.1>",
        "<\"alice@example.test>",
        "<\"\"@example.test>",
        "<\"a\u0001\"@example.test>",
        "<@relay.test alice@example.test>",
        "<@relay.test:>x",
        "<alice@example.test>x",
        "<al(c)ice@example.test>",
        "<alice@example.test@example.test>"
      })
  void whatIsNoPathIsNotRead(String text) {
    assertThat(Address.read(text)).isEmpty();
  }

  @Test
  void leavesWhatStandsBehind() {
    assertThat(Address.read("<a@b> SIZE=1").orElseThrow().rest()).isEqualTo(" SIZE=1");
  }

  @Test
  void aPathMayBeAsLongAsAllowedAndNoLonger() {
    var domain = "@example.test";
    var local = "a".repeat(Address.MAX_LENGTH - domain.length() - 2);
    assertThat(Address.read("<" + local + domain + ">")).isPresent();
    assertThat(Address.read("<a" + local + domain + ">")).isEmpty();
  }

  @Test
  void theAccountIsTheAddressInLowerCaseFirstWithItsDetail() {
    assertThat(path("<Alice@Example.Test>").names()).containsExactly("alice@example.test");
    assertThat(path("<Alice+Lists@Example.Test>").names())
        .containsExactly("alice+lists@example.test", "alice@example.test");
    assertThat(path("<a+b+c@example.test>").names())
        .containsExactly("a+b+c@example.test", "a@example.test");
    assertThat(path("<+b@example.test>").names()).containsExactly("+b@example.test");
    assertThat(path("<Alice>").names()).containsExactly("alice");
  }

  @Test
  void knowsWhetherItIsAscii() {
    assertThat(path("<a@b>").ascii()).isTrue();
    assertThat(path("<ä@b>").ascii()).isFalse();
    assertThat(path("<a@ü>").ascii()).isFalse();
  }

  private static Address.Path path(String text) {
    return Address.read(text).orElseThrow();
  }
}
