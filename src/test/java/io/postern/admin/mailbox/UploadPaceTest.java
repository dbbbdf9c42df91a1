package io.postern.admin.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How slowly a body may be sent. */
class UploadPaceTest {
  private static final Duration WITHIN = Duration.ofSeconds(30);

  private long now = 1_000;
  private final UploadPace pace = new UploadPace(() -> now, 100, WITHIN);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void aPortionHasItsTimeAndNotANanosecondMore() {
    pace.await();
    pass(WITHIN);
    assertThat(pace.isTooSlow()).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(pace.isTooSlow()).isTrue();
  }

  @Test
  void octetsThatAreNoWholePortionGiveNoMoreTime() {
    pace.await();
    pass(Duration.ofSeconds(29));
    pace.arrived(99);
    pace.await();
    pass(Duration.ofSeconds(1));
    assertThat(pace.isTooSlow()).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(pace.isTooSlow()).isTrue();
  }

  @Test
  void theNextPortionHasItsOwnTime() {
    pace.await();
    for (int portions = 0; portions < 1_000; portions++) {
      pass(WITHIN);
      assertThat(pace.isTooSlow()).isFalse();
      pace.arrived(100);
      pace.await();
    }
    pass(WITHIN.plusNanos(1));
    assertThat(pace.isTooSlow()).isTrue();
  }

  @Test
  void whatTheStoreTakesIsNotTheClients() {
    pace.await();
    pass(Duration.ofSeconds(20));
    pace.arrived(1);
    pass(Duration.ofHours(1));
    assertThat(pace.isTooSlow()).isFalse();
    pace.await();
    pass(Duration.ofSeconds(10));
    assertThat(pace.isTooSlow()).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(pace.isTooSlow()).isTrue();
  }

  @Test
  void aBodyThatHasEndedIsNotSlow() {
    pace.await();
    pace.ended();
    pass(Duration.ofHours(1));
    assertThat(pace.isTooSlow()).isFalse();
  }
}
