package io.postern.wire.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacerTest {
  private final Pacer pacer = new Pacer(3, 0);

  @Test
  void aBurstRunsAtOnceAndEachFurtherCommandWaits() {
    for (int i = 0; i < 3; i++) {
      assertThat(pacer.ran(0)).isZero();
    }
    for (int i = 1; i <= 5; i++) {
      assertThat(pacer.ran(100L * i - 1)).isEqualTo(Pacer.INTERVAL);
    }
  }

  @Test
  void theBurstIsRefilledUpToItsSize() {
    for (int i = 0; i < 3; i++) {
      assertThat(pacer.ran(0)).isZero();
    }
    for (int i = 0; i < 3; i++) {
      assertThat(pacer.ran(3_600_000)).isZero();
    }
    assertThat(pacer.ran(3_600_000)).isEqualTo(Duration.ofMillis(100));
  }
}
