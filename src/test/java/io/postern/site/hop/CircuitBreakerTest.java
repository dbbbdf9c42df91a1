package io.postern.site.hop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private long now = 1_000;
  private final CircuitBreaker breaker = new CircuitBreaker(Duration.ofSeconds(10), () -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void attemptsAreMadeUntilItHasFailedForTheTime() {
    breaker.failed();
    pass(Duration.ofSeconds(10).minusNanos(1));
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.allows()).isTrue();
    breaker.failed();
    pass(Duration.ofNanos(1));
    assertThat(breaker.allows()).as("the first probe").isTrue();
    assertThat(breaker.allows()).isFalse();
  }

  @Test
  void oneAttemptASecondIsMadeAtAFailedSite() {
    breaker.failed();
    pass(Duration.ofSeconds(10));
    assertThat(breaker.allows()).isTrue();
    breaker.failed();
    pass(CircuitBreaker.PROBE.minusNanos(1));
    assertThat(breaker.allows()).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.allows()).isFalse();
  }

  @Test
  void oneSuccessEndsIt() {
    breaker.failed();
    pass(Duration.ofSeconds(20));
    assertThat(breaker.allows()).isTrue();
    breaker.succeeded();
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.allows()).isTrue();
  }

  @Test
  void anOldFailureIsForgotten() {
    breaker.failed();
    pass(CircuitBreaker.MEMORY);
    assertThat(breaker.allows()).isTrue();
    breaker.failed();
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.allows()).as("it has failed just now").isTrue();
  }
}
