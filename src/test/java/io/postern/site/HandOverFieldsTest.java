package io.postern.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.Home;
import io.postern.wire.HandOver;
import io.vertx.core.net.SocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandOverFieldsTest {
  private static final HandOver TOLD =
      new HandOver(
          "00f1e2d3c4b5a697",
          SocketAddress.inetSocketAddress(50123, "192.0.2.7"),
          SocketAddress.inetSocketAddress(993, "192.0.2.1"),
          true,
          Optional.of("boss@example.test"),
          Optional.of(new Home("east", 7)),
          Optional.empty());

  private static final SocketAddress HERE = SocketAddress.inetSocketAddress(1995, "192.0.2.9");

  /** As Dovecot 2.3 tells by POP3. */
  @Test
  void withoutTheAddressThatTheClientConnectedToItIsOurs() throws HandOverFields.Malformed {
    var fields = new HashMap<>(HandOverFields.write(TOLD));
    fields.remove("x-connected-ip");
    fields.remove("x-connected-port");
    assertThat(HandOverFields.parse(fields, HERE).local()).isEqualTo(HERE);
  }

  @Test
  void whatIsWrittenIsRead() throws HandOverFields.Malformed {
    assertThat(HandOverFields.parse(HandOverFields.write(TOLD), HERE)).isEqualTo(TOLD);
  }

  @Test
  void xClientSaysTheSame() throws HandOverFields.Malformed {
    var words = Arrays.asList(XClient.write(TOLD).split(" "));
    var fields = XClient.read(words.subList(1, words.size())).orElseThrow();
    assertThat(HandOverFields.parse(fields, HERE)).isEqualTo(TOLD);
  }

  @Test
  void xClientKeepsTabs() throws HandOverFields.Malformed {
    var handOver =
        new HandOver(
            "1",
            TOLD.remote(),
            TOLD.local(),
            true,
            Optional.of("a\tb\u0001c"),
            TOLD.home(),
            Optional.of("program"));
    var words = Arrays.asList(XClient.write(handOver).split(" "));
    assertThat(XClient.read(words.subList(1, words.size())).orElseThrow())
        .containsEntry("x-forward-user", "a\tb\u0001c")
        .doesNotContainValue("program");
  }

  @Test
  void theNameOfTheClientsProgramIsItsOwnField() throws HandOverFields.Malformed {
    var handOver =
        new HandOver(
            "1",
            TOLD.remote(),
            TOLD.local(),
            true,
            Optional.empty(),
            Optional.empty(),
            Optional.of("Some Mail 3"));
    var fields = HandOverFields.write(handOver);
    assertThat(fields).containsEntry("name", "Some Mail 3");
    assertThat(HandOverFields.parse(fields, HERE)).isEqualTo(handOver);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADDR", "=1", "FORWARD=?", "FORWARD=YQ=="})
  void aMalformedArgumentOfXClientIsRefused(String argument) {
    assertThat(XClient.read(List.of(argument))).isEmpty();
  }

  @Test
  void theFieldsOfXClientAreBounded() {
    assertThat(XClient.read(List.of("SESSION=" + "a".repeat(1_024)))).isPresent();
    assertThat(XClient.read(List.of("SESSION=" + "a".repeat(1_025)))).isEmpty();
    assertThat(XClient.read(List.of("SESSION=1", "SESSION=2"))).isEmpty();
    assertThat(XClient.read(List.of("UNKNOWN=1")).orElseThrow()).isEmpty();
  }

  private static Map<String, String> with(String name, String value) {
    var fields = new HashMap<>(HandOverFields.write(TOLD));
    fields.put(name, value);
    return fields;
  }

  @ParameterizedTest
  @CsvSource({
    "x-session-id, a b",
    "x-session-id, ''",
    "x-originating-ip, mail.example.test",
    "x-originating-ip, ''",
    "x-originating-port, 65536",
    "x-originating-port, -1",
    "x-connected-ip, 192.0.2.256",
    "x-proxy-ttl, one",
    "x-forward-home, east",
    "x-forward-home, East:1",
    "x-forward-home, east:1234567890123456789",
  })
  void aWrongValueIsNamed(String name, String value) {
    assertThatThrownBy(() -> HandOverFields.parse(with(name, value), HERE))
        .isInstanceOf(HandOverFields.Malformed.class)
        .hasMessageContaining(name);
  }

  @Test
  void aSessionIdHas64CharactersAtMost() throws HandOverFields.Malformed {
    assertThat(HandOverFields.parse(with("x-session-id", "a".repeat(64)), HERE).session())
        .hasSize(64);
    assertThatThrownBy(() -> HandOverFields.parse(with("x-session-id", "a".repeat(65)), HERE))
        .isInstanceOf(HandOverFields.Malformed.class);
  }

  @Test
  void aConnectionThatWasPassedOnTooOftenIsALoop() {
    assertThatThrownBy(() -> HandOverFields.parse(with("x-proxy-ttl", "0"), HERE))
        .isInstanceOfSatisfying(
            HandOverFields.Malformed.class, e -> assertThat(e.isLoop()).isTrue());
    assertThatThrownBy(() -> HandOverFields.parse(with("x-session-id", "?"), HERE))
        .isInstanceOfSatisfying(
            HandOverFields.Malformed.class, e -> assertThat(e.isLoop()).isFalse());
  }

  @Test
  void theAddressOfAWebmailProgramIsNoHandOver() {
    assertThat(HandOverFields.isHandOver(Map.of("name", "SOGo", "x-originating-ip", "192.0.2.1")))
        .isFalse();
    assertThat(HandOverFields.isHandOver(Map.of("x-forward-anything", "1"))).isTrue();
    assertThat(HandOverFields.isHandOver(Map.of("x-proxy-ttl", "1"))).isTrue();
  }
}
