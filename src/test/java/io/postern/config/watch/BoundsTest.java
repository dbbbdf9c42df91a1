package io.postern.config.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.LiveSettings;
import io.postern.config.TestSettings;
import io.postern.config.area.AuthSettings;
import io.postern.config.net.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundsTest {
  @ParameterizedTest
  @ValueSource(strings = {"IMAP4rev1", "MOVE,imap4REV1", "MO VE", "MOVE;IDLE"})
  void theBaseProtocolAndOtherThanCapabilitiesCannotBeDisabled(String disabled) {
    var key = "mail.imap.disabled-capabilities";
    assertThat(Bounds.problems(TestSettings.of(key + "=move,AUTH=PLAIN,LITERAL+"))).isEmpty();
    assertThat(Bounds.problems(TestSettings.of(key + "=" + disabled)))
        .singleElement()
        .asString()
        .startsWith(key + " is ")
        .contains(" allowed");
  }

  @Test
  void theCacheOfContentsMayBeOffAndHasAMost() {
    var key = "mail.store.content-cache-size";
    assertThat(Bounds.problems(TestSettings.of(key + "=0"))).isEmpty();
    assertThat(Bounds.problems(TestSettings.of(key + "=8G"))).isEmpty();
    assertThat(Bounds.problems(TestSettings.of(key + "=8388609K")))
        .singleElement()
        .asString()
        .startsWith(key + " is ")
        .contains(" allowed");
  }

  @Test
  void theCacheOfContentsTakesAPartOfTheHeapByDefault() {
    var heap = Runtime.getRuntime().maxMemory();
    assertThat(TestSettings.of().store().contentCacheOctets())
        .isEqualTo(Math.min(1L << 30, heap / 4));
    assertThat(TestSettings.of("mail.store.content-cache-size=48M").store().contentCacheOctets())
        .isEqualTo(48L << 20);
  }

  @Test
  void defaultsAreAllowed() {
    assertThat(Bounds.problems(TestSettings.of())).isEmpty();
    Bounds.check(TestSettings.of(), TestSettings.boot());
  }

  @ParameterizedTest
  @CsvSource({
    "mail.max-receive-size, 1K, 1023, 2047M, 2048M",
    "mail.imap.pre-authenticated-connection-timeout, PT30S, PT29S, PT1H, PT3601S",
    "mail.imap.authenticated-connection-timeout, PT30S, PT29S, PT24H, PT86401S",
    "mail.push.poll-interval, PT10S, PT9S, PT29M, PT1741S",
    "mail.imap.idle-heartbeat, PT10S, PT9S, PT29M, PT1741S",
    "mail.imap.max-command-size, 1K, 1023, 1M, 1048577",
    "mail.imap.message-limit, 0, -1, 100000, 100001",
    "mail.imap.max-protocol-errors, 1, 0, 1000, 1001",
    "mail.mailbox.max-permissions, 1, 0, 1000, 1001",
    "mail.mailbox.max-annotations, 10, 9, 1000, 1001",
    "mail.mailbox.max-annotation-size, 1K, 1023, 1M, 1048577",
    "mail.mailbox.max-annotation-storage, 64K, 65535, 1G, 1025M",
    "mail.pop3.pre-authenticated-connection-timeout, PT30S, PT29S, PT1H, PT3601S",
    "mail.pop3.authenticated-connection-timeout, PT10M, PT599S, PT24H, PT86401S",
    "mail.pop3.max-command-size, 255, 254, 1024, 1025",
    "mail.pop3.max-protocol-errors, 10, 9, 1000, 1001",
    "mail.pop3.login-delay, PT0S, PT-1S, PT24H, PT86401S",
    "mail.retention.deleted-item, PT0S, PT-1S, P24855D, P24856D",
    "mail.retention.mailbox, PT0S, PT-1S, P24855D, P24856D",
    "mail.retention.audit, PT0S, PT-1S, P24855D, P24856D",
    "mail.lmtp.timeout, PT30S, PT29S, PT1H, PT3601S",
    "mail.drain.spread, PT0S, PT-1S, PT10M, PT601S",
    "mail.drain.last-command, PT1S, PT0S, PT10M, PT601S",
    "mail.lmtp.max-recipients, 100, 99, 10000, 10001",
    "mail.settings-page.requests-per-minute, 1, 0, 10000, 10001",
  })
  void everyBoundHasTwoSides(String key, String least, String less, String most, String more) {
    assertThat(Bounds.problems(TestSettings.of(key + "=" + least))).isEmpty();
    assertThat(Bounds.problems(TestSettings.of(key + "=" + most))).isEmpty();
    assertOutside(key, less);
    assertOutside(key, more);
  }

  private static void assertOutside(String key, String value) {
    assertThat(Bounds.problems(TestSettings.of(key + "=" + value)))
        .singleElement()
        .asString()
        .startsWith(key + " is ")
        .contains(" allowed");
  }

  @Test
  void gssapiIsRefusedInANativeExecutable() {
    assertThat(AuthSettings.Gssapi.isSupported("")).isTrue();
    assertThat(AuthSettings.Gssapi.isSupported("buildtime")).isTrue();
    assertThat(AuthSettings.Gssapi.isSupported("runtime")).isFalse();
    var kerberos =
        TestSettings.of(
            "mail.auth.gssapi.enabled=true", "mail.auth.gssapi.keytab=/etc/mail.keytab");
    assertThat(Bounds.problems(kerberos)).isEmpty();
    System.setProperty(AuthSettings.Gssapi.IMAGE, "runtime");
    try {
      assertThat(Bounds.problems(TestSettings.of())).isEmpty();
      assertThat(Bounds.problems(kerberos))
          .singleElement()
          .asString()
          .contains("mail.auth.gssapi.enabled", "native executable");
    } finally {
      System.clearProperty(AuthSettings.Gssapi.IMAGE);
    }
  }

  @Test
  void bulkAccountsHaveBoundsToo() {
    assertThat(Bounds.problems(TestSettings.boot("mail.demo.bulk-accounts=0"))).isEmpty();
    assertThat(Bounds.problems(TestSettings.boot("mail.demo.bulk-accounts=1000000"))).isEmpty();
    assertThat(Bounds.problems(TestSettings.boot("mail.demo.bulk-accounts=-1"))).hasSize(1);
    assertThat(Bounds.problems(TestSettings.boot("mail.demo.bulk-accounts=1000001"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:143", "[::]:143", "127.0.0.1:0", "localhost:65535", "[::1]:1"})
  void validEndpointsAreAccepted(String endpoint) {
    assertThat(Bounds.problems(TestSettings.of("mail.lmtp.bindings=" + endpoint))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"143", "0.0.0.0", "0.0.0.0:65536", "::1:143", "[::1]", "a b:1", ":1"})
  void invalidEndpointsAreRefused(String endpoint) {
    assertThat(Bounds.problems(TestSettings.of("mail.imap.ssl-bindings=" + endpoint)))
        .singleElement()
        .asString()
        .startsWith("mail.imap.ssl-bindings: \"" + endpoint + "\" is not an endpoint");
  }

  @Test
  void anEnabledServiceNeedsAnEndpoint() {
    var none = new String[] {"mail.imap.unencrypted-or-tls-bindings=", "mail.imap.ssl-bindings="};
    assertThat(Bounds.problems(TestSettings.of(none))).isEmpty();
    assertThat(Bounds.problems(on("mail.imap.enabled", none)))
        .singleElement()
        .asString()
        .startsWith("mail.imap.enabled is true, but")
        .contains("mail.imap.unencrypted-or-tls-bindings", ".proxy-ssl-bindings");
    assertThat(Bounds.problems(on("mail.imap.enabled", none[0]))).isEmpty();
    assertThat(
            Bounds.problems(
                on(
                    "mail.imap.enabled",
                    none[0],
                    none[1],
                    "mail.imap.proxy-ssl-bindings=[::]:1993")))
        .isEmpty();
    assertThat(
            Bounds.problems(
                on(
                    "mail.pop3.enabled",
                    "mail.pop3.unencrypted-or-tls-bindings=",
                    "mail.pop3.ssl-bindings=")))
        .hasSize(1);
    assertThat(Bounds.problems(on("mail.lmtp.enabled", "mail.lmtp.bindings="))).hasSize(1);
    assertThat(Bounds.problems(on("mail.lmtp.enabled"))).isEmpty();
  }

  private static LiveSettings on(String service, String... others) {
    var all = new ArrayList<>(List.of(others));
    all.add(service + "=true");
    return TestSettings.of(all.toArray(String[]::new));
  }

  @Test
  void anEndpointIsRead() {
    assertThat(Endpoint.parse("[::1]:993")).isEqualTo(new Endpoint("::1", 993));
    assertThat(Endpoint.parse(" 127.0.0.1:143 ")).isEqualTo(new Endpoint("127.0.0.1", 143));
  }

  @Test
  void textsAreLimitedToOneLine() {
    assertThat(Bounds.problems(TestSettings.of("mail.imap.banner=" + "x".repeat(1024)))).isEmpty();
    assertThat(Bounds.problems(TestSettings.of("mail.imap.banner=" + "x".repeat(1025)))).hasSize(1);
    assertThat(Bounds.problems(TestSettings.of("mail.imap.banner=two\r\nlines"))).hasSize(1);
    assertThat(Bounds.problems(TestSettings.of("mail.imap.banner=bücher"))).hasSize(1);
    assertThat(Bounds.problems(TestSettings.of("mail.lmtp.hostname=mail.example.test"))).isEmpty();
    assertThat(Bounds.problems(TestSettings.of("mail.lmtp.hostname=two words"))).hasSize(1);
  }

  @Test
  void allProblemsAreReportedWithKeyValueAndRange() {
    var settings =
        TestSettings.of("mail.imap.max-command-size=512", "mail.lmtp.trusted-networks=10.0.0.1/8");
    assertThatThrownBy(
            () -> Bounds.check(settings, TestSettings.boot("mail.demo.bulk-accounts=-5")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "mail.imap.max-command-size is 512 octets, but 1024 to 1048576 octets are allowed")
        .hasMessageContaining("mail.lmtp.trusted-networks: \"10.0.0.1/8\" is no network")
        .hasMessageContaining("mail.demo.bulk-accounts is -5, but 0 to 1000000 is allowed");
  }
}
