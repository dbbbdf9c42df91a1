package io.postern.admin.settingspage;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.Live;
import io.postern.config.TestSettings;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RequestLimitTest {
  private static final Optional<String> DIRECT = Optional.empty();

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Live live =
      new Live(
          TestSettings.of(
              "mail.settings-page.requests-per-minute=2",
              "mail.proxy-protocol.trusted-networks=192.0.2.0/24"));
  private final RequestLimit limit = new RequestLimit(live, now::get);

  private void exhaust(String peer, Optional<String> forwarded) {
    assertThat(limit.admit(peer, forwarded)).isTrue();
    assertThat(limit.admit(peer, forwarded)).isTrue();
    assertThat(limit.admit(peer, forwarded)).isFalse();
  }

  @Test
  void anAddressHasItsOwnCountForAMinute() {
    exhaust("198.51.100.1", DIRECT);
    assertThat(limit.admit("198.51.100.2", DIRECT)).isTrue();
    now.set(Instant.EPOCH.plusSeconds(59));
    assertThat(limit.admit("198.51.100.1", DIRECT)).isFalse();
    now.set(Instant.EPOCH.plusSeconds(60));
    exhaust("198.51.100.1", DIRECT);
  }

  @Test
  void aNetworkOfIpv6IsOneClient() {
    exhaust("2001:db8::1", DIRECT);
    assertThat(limit.admit("2001:db8:0:0:ffff::2%eth0", DIRECT)).isFalse();
    assertThat(limit.admit("2001:db8:0:1::1", DIRECT)).isTrue();
  }

  @Test
  void aTrustedBalancerNamesItsClients() {
    exhaust("192.0.2.1", Optional.of("10.0.0.1, 198.51.100.1"));
    assertThat(limit.admit("192.0.2.2", Optional.of("198.51.100.1"))).isFalse();
    // What a client has written itself is before the last comma.
    assertThat(limit.admit("192.0.2.1", Optional.of("198.51.100.9, 198.51.100.1"))).isFalse();
    assertThat(limit.admit("192.0.2.1", Optional.of("198.51.100.2"))).isTrue();
  }

  @Test
  void anotherPeerCannotNameOne() {
    exhaust("198.51.100.1", DIRECT);
    assertThat(limit.admit("198.51.100.1", Optional.of("198.51.100.7"))).isFalse();
  }

  @Test
  void whatIsNoAddressCountsForTheBalancer() {
    exhaust("192.0.2.1", Optional.of("unknown"));
    assertThat(limit.admit("192.0.2.1", Optional.of("evil'; drop"))).isFalse();
  }

  @Test
  void aChangedSettingHoldsForTheNextRequest() {
    exhaust("198.51.100.1", DIRECT);
    live.swap(TestSettings.of("mail.settings-page.requests-per-minute=10"));
    assertThat(limit.admit("198.51.100.1", DIRECT)).isTrue();
  }

  @Test
  void beyondTheBoundNewClientsShareACount() {
    for (int i = 0; i < RequestLimit.MAX_CLIENTS; i++) {
      assertThat(limit.admit("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), DIRECT))
          .isTrue();
    }
    assertThat(limit.admit("198.51.100.1", DIRECT)).isTrue();
    assertThat(limit.admit("198.51.100.2", DIRECT)).isTrue();
    assertThat(limit.admit("198.51.100.3", DIRECT)).isFalse();
    assertThat(limit.admit("10.0.0.1", DIRECT)).isTrue();
  }
}
