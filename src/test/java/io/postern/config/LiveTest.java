package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LiveTest {
  @Test
  void aDerivedValueIsComputedOnceForEachSettings() {
    var live = new Live(TestSettings.of("mail.lmtp.trusted-networks=192.0.2.0/24"));
    var computed = new AtomicInteger();
    var networks =
        live.derived(
            settings -> {
              computed.incrementAndGet();
              return settings.lmtp().trustedNetworks();
            });
    assertThat(networks.get()).containsExactly("192.0.2.0/24");
    assertThat(networks.get()).containsExactly("192.0.2.0/24");
    assertThat(computed).hasValue(1);
    live.swap(TestSettings.of("mail.lmtp.trusted-networks=198.51.100.0/24"));
    assertThat(networks.get()).containsExactly("198.51.100.0/24");
    assertThat(computed).hasValue(2);
  }
}
