package io.postern.imap.selected;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.model.SequenceSet.Range;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.store.Messages.Loaded;
import io.postern.store.index.MailboxIndex;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A client knows UIDs 2 to 10; 3, 6, 7 and 10 are expunged, which it does not know; 12 is new. */
class SequenceNumbersTest {
  private static final MailboxIndex INDEX = index(2, 4, 5, 8, 9, 12);
  private static final long[] KNOWN = {2, 3, 4, 5, 6, 7, 8, 9, 10};
  private static final SequenceNumbers NUMBERS =
      new SequenceNumbers(
          11,
          PendingExpunges.NONE.with(
              NumberSet.of(3).union(NumberSet.range(6, 7)).union(NumberSet.of(10))));

  @Test
  void expungedMessagesAreCountedUntilTheClientIsTold() {
    assertThat(NUMBERS.exists(INDEX)).isEqualTo(9);
    assertThat(NUMBERS.present(INDEX)).isEqualTo(5);
    assertThat(NUMBERS.with(PendingExpunges.NONE).exists(INDEX)).isEqualTo(5);
    assertThat(NUMBERS.upTo(13).exists(INDEX)).isEqualTo(10);
  }

  @Test
  void eachNumberHasOneUid() {
    for (int i = 0; i < KNOWN.length; i++) {
      assertThat(NUMBERS.uid(INDEX, i + 1)).as("message %d", i + 1).isEqualTo(KNOWN[i]);
      assertThat(NUMBERS.number(INDEX, KNOWN[i])).as("UID %d", KNOWN[i]).isEqualTo(i + 1);
    }
    for (int at = 0; at < 5; at++) {
      long uid = INDEX.uid(at);
      assertThat(NUMBERS.number(at, uid)).isEqualTo(NUMBERS.number(INDEX, uid));
    }
  }

  @Test
  void positionsAreThoseOfPresentMessagesTheClientKnows() {
    assertThat(NUMBERS.positions(INDEX, NumberSet.range(1, 20))).containsExactly(0, 1, 2, 3, 4);
    assertThat(NUMBERS.positions(INDEX, NumberSet.range(5, 8))).containsExactly(2, 3);
    assertThat(NUMBERS.positions(INDEX, NumberSet.range(6, 7))).isEmpty();
  }

  @Test
  void aSetOfNumbersCoversTheUidsBetweenItsEnds() {
    assertThat(NUMBERS.numbered(INDEX, set(2, 5))).isEqualTo(NumberSet.range(3, 6));
    assertThat(NUMBERS.numbered(INDEX, set(8, SequenceSet.STAR))).isEqualTo(NumberSet.range(9, 10));
    assertThatThrownBy(() -> NUMBERS.numbered(INDEX, set(1, 10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no message 10, the last one is 9");
  }

  @Test
  void aSetOfUidsEndsWithTheLastMessageTheClientKnows() {
    assertThat(NUMBERS.uids(INDEX, set(5, 4_294_967_295L))).isEqualTo(NumberSet.range(5, 10));
    assertThat(NUMBERS.uids(INDEX, set(SequenceSet.STAR, SequenceSet.STAR)))
        .isEqualTo(NumberSet.of(10));
    var none = new SequenceNumbers(1, PendingExpunges.NONE);
    assertThat(none.uids(INDEX, set(1, 20)).isEmpty()).isTrue();
  }

  private static SequenceSet set(long one, long other) {
    return new SequenceSet(List.of(new Range(one, other)));
  }

  private static MailboxIndex index(int... uids) {
    var columns = new MessageColumns.Builder(uids.length);
    IntStream.of(uids).forEach(uid -> columns.add(uid, 0, uid, 100, 0, 0, uid));
    var state =
        new MailboxState(new UidValidity(17), 13, new ModSeq(12), uids.length, uids.length, 600, 1);
    return MailboxIndex.of(new Loaded(state, columns.build(), Keywords.NONE));
  }
}
