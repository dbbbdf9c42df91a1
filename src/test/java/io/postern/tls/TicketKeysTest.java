package io.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The keys of session tickets and their rotation. */
class TicketKeysTest {
  private static final Instant START = Instant.parse("2026-01-01T00:10:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final AtomicReference<TicketSecret> secret = new AtomicReference<>(secret("one"));
  private final List<List<String>> set = new ArrayList<>();

  private TicketKeys keys(String scope) {
    return new TicketKeys(
        keys -> set.add(keys.stream().map(HexFormat.of()::formatHex).toList()),
        secret::get,
        scope,
        now::get);
  }

  private static TicketSecret secret(String text) {
    return TicketSecret.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private void pass(Duration time) {
    now.updateAndGet(then -> then.plus(time));
  }

  @Test
  void theKeysChangeWithThePeriodOnly() {
    var keys = keys("scope");
    pass(TicketKeys.PERIOD.dividedBy(2));
    keys.rotate();
    assertThat(set).hasSize(1);
    pass(TicketKeys.PERIOD);
    keys.rotate();
    keys.rotate();
    assertThat(set).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void aTicketIsAcceptedInThePeriodAfterItsOwnAndByAClockThatIsBehind() {
    var keys = keys("scope");
    pass(TicketKeys.PERIOD);
    keys.rotate();
    pass(TicketKeys.PERIOD);
    keys.rotate();
    var first = set.get(0).getFirst();
    var second = set.get(1).getFirst();
    assertThat(set.get(1)).contains(first);
    assertThat(set.get(0)).contains(second);
    assertThat(set.get(2)).contains(second).doesNotContain(first);
  }

  @Test
  void replicasAgree() {
    keys("scope");
    pass(Duration.ofMinutes(1));
    secret.set(secret("one"));
    keys("scope");
    assertThat(set.get(0)).isEqualTo(set.get(1));
  }

  @Test
  void anotherScopeOrSecretHasOtherKeys() {
    keys("scope");
    keys("another");
    secret.set(secret("two"));
    keys("scope");
    assertThat(set.stream().flatMap(List::stream)).hasSize(9).doesNotHaveDuplicates();
  }

  @Test
  void anotherSecretIsUsedFromTheNextHandshakeOn() {
    var keys = keys("scope");
    secret.set(secret("two"));
    keys.rotate();
    assertThat(set).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void theSecretIsNotRevealed() {
    assertThat(secret("sesame")).asString().doesNotContain("sesame");
  }
}
