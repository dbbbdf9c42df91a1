package io.postern.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MILLIS = 1_000_000;

  private final FailureTiming pace = new FailureTiming();

  private void took(String kind, long millis, int times) {
    for (int i = 0; i < times; i++) {
      pace.took(kind, millis * MILLIS);
    }
  }

  @Test
  void nothingIsWaitedForBeforeTheFirstCheck() {
    assertThat(pace.least()).isZero();
    assertThat(pace.knows("argon2id")).isFalse();
  }

  @Test
  void allWaitForTheSlowestKind() {
    took("argon2id", 40, 50);
    took("{SSHA}", 0, 50);
    assertThat(pace.least()).isEqualTo(40 * MILLIS);
    took("$2b$12", 250, 1);
    took("argon2id", 40, 500);
    assertThat(pace.least()).isEqualTo(250 * MILLIS);
  }

  @Test
  void itLeavesRoomForWhatIsUsual() {
    for (int i = 0; i < 200; i++) {
      took("argon2id", i % 2 == 0 ? 30 : 50, 1);
    }
    assertThat(pace.least()).isBetween(50 * MILLIS, 65 * MILLIS);
  }

  @Test
  void itFollowsAMachineThatBecameFaster() {
    took("argon2id", 400, 1);
    took("argon2id", 40, 200);
    assertThat(pace.least()).isBetween(40 * MILLIS, 41 * MILLIS);
  }

  @Test
  void itWaitsNoLongerThanTheMost() {
    took("$2b$15", 999, 1);
    assertThat(pace.least()).isEqualTo(999 * MILLIS);
    took("$2b$16", 2_000, 1);
    assertThat(pace.least()).isEqualTo(FailureTiming.MOST_NANOS);
  }

  @Test
  void itLearnsOfSoManyKindsOnly() {
    for (int i = 0; i < 16; i++) {
      took("kind " + i, 10, 1);
    }
    assertThat(pace.knows("kind 15")).isTrue();
    took("one more", 900, 1);
    assertThat(pace.knows("one more")).isFalse();
    took("kind 0", 30, 300);
    assertThat(pace.least()).isBetween(29 * MILLIS, 31 * MILLIS);
  }
}
