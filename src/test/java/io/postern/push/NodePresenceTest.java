package io.postern.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodePresenceTest {
  private static final Duration NO_PATIENCE = Duration.ofNanos(-1);

  private final NodePresence patient = new NodePresence(Duration.ofHours(1));
  private final NodePresence strict = new NodePresence(NO_PATIENCE);
  private final NodePresence other = new NodePresence(NO_PATIENCE);

  @Test
  void whoWasNeverHeardIsNotMissed() {
    assertThat(strict.someoneMissing()).isFalse();
    assertThat(strict.hear(strict.here())).isTrue();
    assertThat(strict.someoneMissing()).isFalse();
  }

  @Test
  void whoFallsSilentIsMissedAndWhoTakesLeaveIsNot() {
    assertThat(patient.hear(other.here())).isTrue();
    assertThat(patient.someoneMissing()).isFalse();
    strict.hear(other.here());
    assertThat(strict.someoneMissing()).isTrue();
    assertThat(strict.hear(other.gone())).isTrue();
    assertThat(strict.someoneMissing()).isFalse();
  }

  @Test
  void whatIsNoWordOfTheCallIsRefused() {
    assertThat(patient.hear("1 here " + "x".repeat(14))).isFalse();
    assertThat(patient.hear("2 here x")).isFalse();
    assertThat(patient.hear("")).isFalse();
    assertThat(patient.hear("1 here " + "x".repeat(13))).isTrue();
  }

  @Test
  void noMoreThanSoManyAreKnown() {
    for (int i = 0; i < NodePresence.MAX_NODES; i++) {
      strict.hear("1 here " + i);
    }
    strict.hear("1 here more");
    for (int i = 0; i < NodePresence.MAX_NODES - 1; i++) {
      strict.hear("1 gone " + i);
    }
    assertThat(strict.someoneMissing()).isTrue();
    strict.hear("1 gone " + (NodePresence.MAX_NODES - 1));
    assertThat(strict.someoneMissing()).isFalse();
  }
}
