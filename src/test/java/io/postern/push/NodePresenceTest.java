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
  void anUnknownNodeIsNotMissing() {
    assertThat(strict.isNodeMissing()).isFalse();
    assertThat(strict.receive(strict.aliveMessage())).isTrue();
    assertThat(strict.isNodeMissing()).isFalse();
  }

  @Test
  void aSilentNodeIsMissingAndAStoppedOneIsNot() {
    assertThat(patient.receive(other.aliveMessage())).isTrue();
    assertThat(patient.isNodeMissing()).isFalse();
    strict.receive(other.aliveMessage());
    assertThat(strict.isNodeMissing()).isTrue();
    assertThat(strict.receive(other.stoppedMessage())).isTrue();
    assertThat(strict.isNodeMissing()).isFalse();
  }

  @Test
  void malformedMessagesAreRefused() {
    assertThat(patient.receive("1 here " + "x".repeat(14))).isFalse();
    assertThat(patient.receive("2 here x")).isFalse();
    assertThat(patient.receive("")).isFalse();
    assertThat(patient.receive("1 here " + "x".repeat(13))).isTrue();
  }

  @Test
  void theNumberOfKnownNodesIsLimited() {
    for (int i = 0; i < NodePresence.MAX_NODES; i++) {
      strict.receive("1 here " + i);
    }
    strict.receive("1 here more");
    for (int i = 0; i < NodePresence.MAX_NODES - 1; i++) {
      strict.receive("1 gone " + i);
    }
    assertThat(strict.isNodeMissing()).isTrue();
    strict.receive("1 gone " + (NodePresence.MAX_NODES - 1));
    assertThat(strict.isNodeMissing()).isFalse();
  }
}
