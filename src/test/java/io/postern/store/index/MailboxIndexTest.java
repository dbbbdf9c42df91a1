package io.postern.store.index;

import static io.postern.store.index.TestIndexes.change;
import static io.postern.store.index.TestIndexes.infos;
import static io.postern.store.index.TestIndexes.loaded;
import static io.postern.store.index.TestIndexes.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxIndexTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 513, 1023, 1024, 1025, 5_000})
  void loadedMessagesAreFound(int count) {
    var loaded = loaded(count, 9);
    var index = MailboxIndex.of(loaded);
    assertThat(index.size()).isEqualTo(count);
    assertThat(infos(index)).isEqualTo(infos(loaded.messages()));
    for (int at = 0; at < count; at++) {
      assertThat(index.info(at)).isEqualTo(loaded.messages().info(at));
      assertThat(index.uid(at)).isEqualTo(at + 1L);
      assertThat(index.contentAt(at)).isEqualTo(loaded.messages().info(at).content());
      assertThat(index.countBelow(at + 1L)).isEqualTo(at);
    }
    assertThat(index.countBelow(1L << 32)).isEqualTo(count);
    assertThat(index.modSeq()).isEqualTo(new ModSeq(9));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 510, 511, 512, 513, 1024})
  void newMessagesFillTheLastPageAndStartNewOnes(int count) {
    var index = MailboxIndex.of(loaded(count, 9));
    var arrivals = LongStream.rangeClosed(count + 1, count + 514).toArray();
    var one = index.apply(change(index, rows(10, 0, count + 1), NumberSet.EMPTY));
    assertThat(infos(one)).hasSize(count + 1);
    var many = index.apply(change(index, rows(10, 0, arrivals), NumberSet.EMPTY));
    assertThat(many.size()).isEqualTo(count + 514);
    assertThat(uids(many, 0, many.size())).isEqualTo(NumberSet.range(1, count + 514));
    assertThat(many.info(count).modSeq()).isEqualTo(new ModSeq(10));
    assertThat(infos(index)).isEqualTo(infos(loaded(count, 9).messages()));
  }

  @Test
  void aChangeOfFlagsIsSeenAndTheOldIndexStays() {
    var index = MailboxIndex.of(loaded(1_500, 9));
    long seen = SystemFlag.SEEN.bit();
    var next = index.apply(change(index, rows(10, seen, 1, 512, 513, 1_500), NumberSet.EMPTY));
    assertThat(next.changedSince(new ModSeq(9))).containsExactly(0, 511, 512, 1_499);
    assertThat(next.changedSince(new ModSeq(10))).isEmpty();
    assertThat(next.changedSince(new ModSeq(8))).hasSize(1_500);
    assertThat(next.flags(511)).isEqualTo(seen);
    assertThat(next.modSeqAt(511)).isEqualTo(10);
    assertThat(next.modSeqAt(510)).isEqualTo(9);
    assertThat(index.flags(511)).isZero();
    assertThat(next.firstUnseen()).hasValue(1);
  }

  @Test
  void removalsShiftPositionsAndAreLogged() {
    var index = MailboxIndex.of(loaded(2_000, 9));
    var gone = NumberSet.range(400, 1_600).union(NumberSet.of(LongStream.of(1, 2_000)));
    var next = index.apply(change(index, MessageColumns.EMPTY, gone));
    assertThat(next.size()).isEqualTo(2_000 - 1_203);
    assertThat(uids(next, 0, next.size()))
        .isEqualTo(NumberSet.range(2, 399).union(NumberSet.range(1_601, 1_999)));
    assertThat(next.uid(397)).isEqualTo(399);
    assertThat(next.uid(398)).isEqualTo(1_601);
    assertThat(next.present(NumberSet.of(1_000)).isEmpty()).isTrue();
    assertThat(next.countBelow(1_000)).isEqualTo(398);
    assertThat(next.goneSince(new ModSeq(9))).contains(gone);
    assertThat(next.goneSince(new ModSeq(10))).contains(NumberSet.EMPTY);
    assertThat(next.goneSince(new ModSeq(8))).isEmpty();
  }

  @Test
  void allMessagesCanBeRemovedAndOthersAdded() {
    var index = MailboxIndex.of(loaded(600, 9));
    var empty = index.apply(change(index, MessageColumns.EMPTY, NumberSet.range(1, 600)));
    assertThat(empty.size()).isZero();
    assertThat(empty.rows().next()).isFalse();
    assertThat(empty.firstUnseen()).isEmpty();
    var again = empty.apply(change(empty, rows(11, 0, 601, 602), NumberSet.EMPTY));
    assertThat(uids(again, 0, 2)).isEqualTo(NumberSet.range(601, 602));
  }

  @Test
  void rangesCanBeRead() {
    var index = MailboxIndex.of(loaded(1_200, 9));
    assertThat(uids(index, 510, 514)).isEqualTo(NumberSet.range(511, 514));
    assertThat(uids(index, 1_199, 5_000)).isEqualTo(NumberSet.of(1_200));
    assertThat(uids(index, 3, 3)).isEqualTo(NumberSet.EMPTY);
    var asked = NumberSet.range(1_100, 9_000).union(NumberSet.of(5));
    assertThat(index.present(asked))
        .isEqualTo(NumberSet.range(1_100, 1_200).union(NumberSet.of(5)));
    var rows = index.rows(1_023, 1_025);
    assertThat(rows.next()).isTrue();
    assertThat(rows.position()).isEqualTo(1_023);
    assertThat(rows.next()).isTrue();
    assertThat(rows.uid()).isEqualTo(1_025);
    assertThat(rows.next()).isFalse();
    assertThat(rows.next()).isFalse();
  }

  @Test
  void greatUidsStayUnsigned() {
    var index = MailboxIndex.of(loaded(2, 9));
    long max = 4_294_967_295L;
    var next = index.apply(change(index, rows(10, 0, 1L << 31, max), NumberSet.EMPTY));
    assertThat(next.uid(3)).isEqualTo(max);
    assertThat(next.countBelow(1L << 31)).isEqualTo(2);
    assertThat(next.uidNext()).isEqualTo(1L << 32);
    assertThat(next.present(NumberSet.range(3, max)))
        .isEqualTo(NumberSet.of(LongStream.of(1L << 31, max)));
  }

  @Test
  void aChangeThatDoesNotFollowIsRefused() {
    var index = MailboxIndex.of(loaded(2, 9));
    var next = index.apply(change(index, rows(10, 1, 1), NumberSet.EMPTY));
    var later = change(next, rows(11, 1, 2), NumberSet.EMPTY);
    assertThat(index.precedes(later)).isFalse();
    assertThatThrownBy(() -> index.apply(later)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLogOfRemovalsIsBounded() {
    var removals = ExpungeLog.from(new ModSeq(1));
    for (int i = 1; i <= ExpungeLog.MAX_ENTRIES; i++) {
      removals = removals.with(new ModSeq(i), new ModSeq(i + 1), NumberSet.of(i));
    }
    assertThat(removals.since(new ModSeq(1))).contains(NumberSet.range(1, ExpungeLog.MAX_ENTRIES));
    int last = ExpungeLog.MAX_ENTRIES + 1;
    removals = removals.with(new ModSeq(last), new ModSeq(last + 1), NumberSet.of(last));
    assertThat(removals.since(new ModSeq(1))).isEmpty();
    assertThat(removals.since(new ModSeq(2))).contains(NumberSet.range(2, last));
    var fits = odd(ExpungeLog.MAX_RANGES);
    var tooMany = odd(ExpungeLog.MAX_RANGES + 1);
    var full = removals.with(new ModSeq(900), new ModSeq(901), fits);
    assertThat(full.since(new ModSeq(900))).contains(fits);
    assertThat(full.since(new ModSeq(last))).isEmpty();
    var none = removals.with(new ModSeq(900), new ModSeq(901), tooMany);
    assertThat(none.since(new ModSeq(900))).isEmpty();
    assertThat(none.since(new ModSeq(901))).contains(NumberSet.EMPTY);
  }

  @Test
  void removalsWithinSeveralChangesAppliedAtOnceAreUnknown() {
    var removals =
        ExpungeLog.from(new ModSeq(1))
            .with(new ModSeq(1), new ModSeq(5), NumberSet.of(3))
            .with(new ModSeq(8), new ModSeq(9), NumberSet.of(4));
    assertThat(removals.since(new ModSeq(1))).contains(NumberSet.range(3, 4));
    assertThat(removals.since(new ModSeq(3))).isEmpty();
    assertThat(removals.since(new ModSeq(5))).contains(NumberSet.of(4));
    assertThat(removals.since(new ModSeq(6))).contains(NumberSet.of(4));
    assertThat(removals.since(new ModSeq(9))).contains(NumberSet.EMPTY);
  }

  @Test
  void aLargeMailboxCostsFewOctetsAMessage() {
    var index = MailboxIndex.of(loaded(100_000, 9));
    assertThat(index.octets()).isLessThan(50 * 100_000);
    var next = index.apply(change(index, rows(10, 1, 7, 70_000), NumberSet.EMPTY));
    var made = Collections.<Page>newSetFromMap(new IdentityHashMap<>());
    made.addAll(List.of(index.pages().pages()));
    made.addAll(List.of(next.pages().pages()));
    // 196 pages, and two of them made anew.
    assertThat(made).hasSize(198);
  }

  @Test
  void aCursorMovesToAnyPosition() {
    var index = MailboxIndex.of(loaded(1_200, 9));
    var rows = index.rows();
    for (int position : new int[] {700, 701, 0, 1_199, 511, 512, 3}) {
      rows.moveTo(position);
      assertThat(rows.position()).isEqualTo(position);
      assertThat(rows.uid()).isEqualTo(index.uid(position));
      assertThat(rows.content()).isEqualTo(index.contentAt(position).value());
    }
    rows.moveTo(511);
    assertThat(rows.next()).isTrue();
    assertThat(rows.position()).isEqualTo(512);
  }

  @Test
  void aCursorThatHasEndedMovesBack() {
    var index = MailboxIndex.of(loaded(600, 9));
    var rows = index.rows(598, 600);
    while (rows.next()) {
      assertThat(rows.uid()).isBetween(599L, 600L);
    }
    rows.moveTo(599);
    assertThat(rows.uid()).isEqualTo(600);
    assertThat(rows.next()).isFalse();
  }

  private static NumberSet uids(MailboxIndex index, int from, int to) {
    var builder = new NumberSet.Builder();
    for (var rows = index.rows(from, to); rows.next(); ) {
      builder.add(rows.uid());
    }
    return builder.build();
  }

  private static NumberSet odd(int count) {
    return NumberSet.of(LongStream.range(0, count).map(i -> 2 * i + 1));
  }
}
