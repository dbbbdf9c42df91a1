package io.postern.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTimingTest {
  private static final long MILLIS = 1_000_000;

  private final FailureTiming pace = new FailureTiming();

  private void took(String kind, long millis, int times) {
    for (int i = 0; i < times; i++) {
      pace.record(kind, millis * MILLIS);
    }
  }

  @Test
  void thereIsNoDelayBeforeTheFirstCheck() {
    assertThat(pace.minimumNanos()).isZero();
    assertThat(pace.hasSeen("argon2id")).isFalse();
  }

  @Test
  void failuresTakeAsLongAsTheSlowestKind() {
    took("argon2id", 40, 50);
    took("{SSHA}", 0, 50);
    assertThat(pace.minimumNanos()).isEqualTo(40 * MILLIS);
    took("$2b$12", 250, 1);
    took("argon2id", 40, 500);
    assertThat(pace.minimumNanos()).isEqualTo(250 * MILLIS);
  }

  @Test
  void theDelayIncludesTheUsualDeviation() {
    for (int i = 0; i < 200; i++) {
      took("argon2id", i % 2 == 0 ? 30 : 50, 1);
    }
    assertThat(pace.minimumNanos()).isBetween(50 * MILLIS, 65 * MILLIS);
  }

  @Test
  void theDelayFollowsAFasterMachine() {
    took("argon2id", 400, 1);
    took("argon2id", 40, 200);
    assertThat(pace.minimumNanos()).isBetween(40 * MILLIS, 41 * MILLIS);
  }

  @Test
  void theDelayIsLimited() {
    took("$2b$15", 999, 1);
    assertThat(pace.minimumNanos()).isEqualTo(999 * MILLIS);
    took("$2b$16", 2_000, 1);
    assertThat(pace.minimumNanos()).isEqualTo(FailureTiming.MAX_NANOS);
  }

  @Test
  void theNumberOfKindsIsLimited() {
    for (int i = 0; i < 16; i++) {
      took("kind " + i, 10, 1);
    }
    assertThat(pace.hasSeen("kind 15")).isTrue();
    took("one more", 900, 1);
    assertThat(pace.hasSeen("one more")).isFalse();
    took("kind 0", 30, 300);
    assertThat(pace.minimumNanos()).isBetween(29 * MILLIS, 31 * MILLIS);
  }
}
