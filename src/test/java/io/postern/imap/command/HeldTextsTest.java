package io.postern.imap.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.wire.OutputBudget;
import org.junit.jupiter.api.Test;

class HeldTextsTest {
  private static final int KIB = 1024;

  private final OutputBudget node = new OutputBudget(64L * KIB);

  private HeldTexts texts(long most) {
    return new HeldTexts("SORT", most, node.holding());
  }

  @Test
  void oneCommandHoldsSoMuchAndNoMore() {
    var texts = texts(40 * KIB);
    texts.add(40 * KIB);
    assertThatThrownBy(() -> texts.add(1)).isInstanceOf(SearchBudget.Exceeded.class);
  }

  @Test
  void allCommandsTogetherHoldWhatTheNodeMay() {
    var first = texts(Long.MAX_VALUE);
    first.add(48 * KIB);
    assertThat(node.used()).isEqualTo(48 * KIB);
    var second = texts(Long.MAX_VALUE);
    second.add(16 * KIB);
    assertThat(node.used()).isEqualTo(64 * KIB);
    assertThatThrownBy(() -> second.add(1)).isInstanceOf(SearchBudget.Exceeded.class);
    first.release();
    assertThat(node.used()).isEqualTo(16 * KIB);
    second.release();
    assertThat(node.used()).isZero();
  }

  @Test
  void aFewTextsAreComparedWhateverTheNodeHolds() {
    node.add(64 * KIB);
    var few = texts(Long.MAX_VALUE);
    few.add(16 * KIB);
    assertThatThrownBy(() -> few.add(1)).isInstanceOf(SearchBudget.Exceeded.class);
    few.release();
    assertThat(node.used()).isEqualTo(64 * KIB);
  }
}
