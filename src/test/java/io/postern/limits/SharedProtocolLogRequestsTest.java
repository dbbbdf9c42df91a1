package io.postern.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.component.ProtocolLogRequests;
import io.postern.config.component.ProtocolLogRequests.Request;
import io.postern.model.MailProtocol;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose commands are logged for a time. */
class SharedProtocolLogRequestsTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Optional<String> ALICE = Optional.of("alice@example.test");

  private final Replica replica = Replica.alone();
  private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
  private final SharedProtocolLogRequests requests =
      new SharedProtocolLogRequests(replica.bus, clock::get);

  @AfterEach
  void close() {
    replica.close();
  }

  private static Request request(
      String id, Optional<MailProtocol> protocol, Optional<String> user, Optional<String> network) {
    return new Request(id, protocol, user, network, NOW.plusSeconds(60));
  }

  private boolean concerned(String user, String address) {
    return requests.concern(MailProtocol.IMAP, Optional.of(user), address);
  }

  @Test
  void anAccountIsLoggedWhateverItsCase() {
    assertThat(requests.concern(MailProtocol.IMAP)).isFalse();
    assertThat(requests.add(request("1", Optional.empty(), ALICE, Optional.empty()))).isTrue();
    assertThat(requests.concern(MailProtocol.IMAP)).isTrue();
    assertThat(concerned("Alice@Example.Test", "192.0.2.1")).isTrue();
    assertThat(concerned("bob@example.test", "192.0.2.1")).isFalse();
    assertThat(requests.concern(MailProtocol.IMAP, Optional.empty(), "192.0.2.1")).isFalse();
  }

  @Test
  void aNetworkIsLoggedBeforeLoginToo() {
    var network = Optional.of("192.0.2.0/25");
    requests.add(request("1", Optional.of(MailProtocol.IMAP), Optional.empty(), network));
    assertThat(requests.concern(MailProtocol.POP3)).isFalse();
    assertThat(requests.concern(MailProtocol.IMAP, Optional.empty(), "192.0.2.127")).isTrue();
    assertThat(requests.concern(MailProtocol.IMAP, Optional.empty(), "192.0.2.128")).isFalse();
  }

  @Test
  void aRequestEndsByItself() {
    requests.add(request("1", Optional.empty(), ALICE, Optional.empty()));
    clock.set(NOW.plusSeconds(60).minusMillis(1));
    assertThat(requests.concern(MailProtocol.IMAP)).isTrue();
    assertThat(requests.all()).hasSize(1);
    clock.set(NOW.plusSeconds(60));
    assertThat(requests.concern(MailProtocol.IMAP)).isFalse();
    assertThat(requests.all()).isEmpty();
  }

  @Test
  void thereAreAtMostOneHundred() {
    for (int i = 0; i < ProtocolLogRequests.MAX_REQUESTS; i++) {
      assertThat(requests.add(request("r" + i, Optional.empty(), ALICE, Optional.empty())))
          .isTrue();
    }
    assertThat(requests.add(request("more", Optional.empty(), ALICE, Optional.empty()))).isFalse();
    assertThat(requests.remove("r7")).isTrue();
    assertThat(requests.remove("r7")).isFalse();
    assertThat(requests.add(request("more", Optional.empty(), ALICE, Optional.empty()))).isTrue();
  }

  @Test
  void anUnreadableMessageChangesNothing() {
    for (var message :
        new String[] {
          "log",
          "log {",
          "log []",
          "log {}",
          "log {\"until\":1}",
          "log {\"until\":\"now\"}",
          "log {\"id\":\"1\",\"until\":\"2026-12-01T00:00:00Z\",\"network\":\"x\"}"
        }) {
      replica.bus.publish(message);
    }
    var end = Duration.ofMinutes(1);
    replica.bus.publish("log {\"id\":\"2\",\"until\":\"" + NOW.plus(end) + "\",\"user\":\"BOB\"}");
    Replica.await(() -> !requests.all().isEmpty());
    assertThat(requests.all())
        .singleElement()
        .satisfies(it -> assertThat(it.user()).contains("bob"));
  }
}
