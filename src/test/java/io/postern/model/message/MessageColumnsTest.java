package io.postern.model.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Uid;
import org.junit.jupiter.api.Test;

class MessageColumnsTest {
  private static MessageColumns of(long... uids) {
    var columns = new MessageColumns.Builder(uids.length);
    for (long uid : uids) {
      columns.add(uid, 0, 1, 1, 0, 0, 1);
    }
    return columns.build();
  }

  @Test
  void aUidIsFoundAtItsPosition() {
    long[] uids = {1, 7, 9, Integer.MAX_VALUE, Integer.MAX_VALUE + 1L, Uid.MAX};
    var columns = of(uids);
    for (int i = 0; i < uids.length; i++) {
      assertThat(columns.positionOf(uids[i])).isEqualTo(i);
    }
  }

  @Test
  void aUidThatIsMissingHasNoPosition() {
    var columns = of(2, 7, Integer.MAX_VALUE + 5L);
    for (long uid : new long[] {1, 3, 8, Integer.MAX_VALUE, Uid.MAX}) {
      assertThat(columns.positionOf(uid)).isNegative();
    }
    assertThat(MessageColumns.EMPTY.positionOf(1)).isNegative();
  }
}
