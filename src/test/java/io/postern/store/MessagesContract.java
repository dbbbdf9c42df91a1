package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreFailure.MailboxGone;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What putting, flagging and removing messages must do. */
abstract class MessagesContract extends MailboxesContract {
  @Test
  void anAppendedMessageIsThereAsGiven() {
    long earliest = SampleMessages.nowSecond();
    var before = state(inbox);
    var change = append(inbox, SampleMessages.message("hello", SystemFlag.SEEN, SystemFlag.DRAFT));
    assertFollows(before, change);
    assertThat(uidsOf(change.changed())).containsExactly(1L);
    var loaded = load(inbox);
    var info = loaded.messages().info(0);
    assertThat(change.changed().info(0)).isEqualTo(info);
    assertThat(loaded.state()).isEqualTo(change.state()).isEqualTo(state(inbox));
    assertThat(loaded.keywords()).isEqualTo(change.keywords());
    assertThat(info.flags()).isEqualTo(SystemFlag.SEEN.bit() | SystemFlag.DRAFT.bit());
    assertThat(info.internalDate()).isEqualTo(SampleMessages.CAME);
    assertThat(info.size()).isEqualTo(SampleMessages.text("hello").length());
    assertThat(info.saved().getEpochSecond()).isBetween(earliest - 5, earliest + 60);
  }

  @Test
  void uidsAscendAndAreNeverReused() {
    assertThat(uidsOf(fill(inbox, 3).changed())).containsExactly(1L, 2L, 3L);
    store(inbox, uids(2, 3), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.empty()));
    assertThat(state(inbox).uidNext()).isEqualTo(4);
    assertThat(uidsOf(fill(inbox, 2).changed())).containsExactly(4L, 5L);
    assertThat(uidsOf(load(inbox).messages())).containsExactly(1L, 4L, 5L);
  }

  @Test
  void manyMessagesAreAppendedInOrder() {
    var change = fill(inbox, 1_000);
    assertThat(change.changed().size()).isEqualTo(1_000);
    assertThat(change.state().exists()).isEqualTo(1_000);
    assertThat(change.changed().sizes()[0]).isEqualTo(SampleMessages.text("number 1").length());
    assertThat(change.changed().sizes()[999])
        .isEqualTo(SampleMessages.text("number 1000").length());
  }

  @Test
  void countersFollowEveryChange() {
    append(inbox, SampleMessages.message("seen", SystemFlag.SEEN), SampleMessages.message("new"));
    long one = SampleMessages.text("seen").length();
    long two = SampleMessages.text("new").length();
    assertCounters(inbox, 2, 1, one + two);
    store(inbox, uids(1, 2), Mode.REMOVE, SystemFlag.SEEN);
    assertCounters(inbox, 2, 2, one + two);
    store(inbox, uids(2), Mode.REPLACE, SystemFlag.SEEN, SystemFlag.DELETED);
    assertCounters(inbox, 2, 1, one + two);
    await(messages().expunge(inbox, Optional.empty()));
    assertCounters(inbox, 1, 1, one);
    var archive = key("Archive");
    await(messages().move(inbox, uids(1), archive));
    assertCounters(inbox, 0, 0, 0);
    assertCounters(archive, 1, 1, one);
  }

  private void assertCounters(MailboxKey mailbox, int exists, int unseen, long size) {
    var state = state(mailbox);
    assertThat(state.exists()).isEqualTo(exists);
    assertThat(state.unseen()).isEqualTo(unseen);
    assertThat(state.size()).isEqualTo(size);
  }

  @Test
  void flagsAreAddedRemovedAndReplaced() {
    fill(inbox, 1);
    store(inbox, uids(1), Mode.ADD, SystemFlag.SEEN, SystemFlag.FLAGGED);
    store(inbox, uids(1), Mode.ADD, SystemFlag.ANSWERED);
    store(inbox, uids(1), Mode.REMOVE, SystemFlag.SEEN, SystemFlag.DRAFT);
    assertThat(flags(inbox, 1)).isEqualTo(Flags.of(SystemFlag.FLAGGED, SystemFlag.ANSWERED));
    store(inbox, uids(1), Mode.REPLACE, SystemFlag.DRAFT);
    assertThat(flags(inbox, 1)).isEqualTo(Flags.of(SystemFlag.DRAFT));
    store(inbox, uids(1), Mode.REPLACE);
    assertThat(flags(inbox, 1)).isEqualTo(Flags.NONE);
  }

  @Test
  void onlyAMessageThatChangesGetsTheModSeq() {
    append(inbox, SampleMessages.message("seen", SystemFlag.SEEN), SampleMessages.message("new"));
    var before = state(inbox);
    var change = store(inbox, uids(1, 2), Mode.ADD, SystemFlag.SEEN);
    assertFollows(before, change);
    assertThat(uidsOf(change.changed())).containsExactly(2L);
    assertThat(load(inbox).messages().modSeqs())
        .containsExactly(before.highestModSeq().value(), change.modSeq().value());
  }

  @Test
  void aConditionalChangeLeavesMessagesChangedLater() {
    fill(inbox, 4);
    long known = state(inbox).highestModSeq().value();
    store(inbox, uids(2), Mode.ADD, SystemFlag.SEEN);
    store(inbox, uids(4), Mode.ADD, SystemFlag.FLAGGED);
    var before = state(inbox);
    var update = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.FLAGGED)).unchangedSince(known);
    var change = await(messages().storeFlags(inbox, uids(1, 2, 4, 9), update));
    assertFollows(before, change);
    assertThat(uidsOf(change.changed())).containsExactly(1L);
    assertThat(change.modified()).isEqualTo(uids(2, 4));
    assertThat(flags(inbox, 2)).isEqualTo(Flags.of(SystemFlag.SEEN));
    var again = await(messages().storeFlags(inbox, uids(1, 2), update));
    assertNothingChanged(again);
    assertThat(again.modified()).isEqualTo(uids(1, 2));
  }

  @Test
  void expungesAreReadSinceEveryEarlierModSeq() {
    fill(inbox, 4);
    var first = state(inbox).highestModSeq();
    store(inbox, uids(1, 4), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.empty()));
    var second = state(inbox).highestModSeq();
    await(messages().move(inbox, uids(2), key("Archive")));
    assertThat(await(messages().expungedSince(inbox, first))).contains(uids(1, 2, 4));
    assertThat(await(messages().expungedSince(inbox, second))).contains(uids(2));
    var last = state(inbox).highestModSeq();
    assertThat(await(messages().expungedSince(inbox, last))).contains(NumberSet.EMPTY);
    assertThat(await(messages().expungedSince(key("Archive"), ModSeq.FIRST)))
        .contains(NumberSet.EMPTY);
  }

  @Test
  void aChangeWithoutEffectKeepsTheModSeq() {
    fill(inbox, 2);
    var before = load(inbox);
    assertNothingChanged(store(inbox, uids(1, 2), Mode.REMOVE, SystemFlag.SEEN));
    assertNothingChanged(store(inbox, uids(1, 2), Mode.REPLACE));
    assertNothingChanged(store(inbox, uids(1, 2), Mode.ADD));
    assertNothingChanged(store(inbox, uids(7, 8), Mode.ADD, SystemFlag.SEEN));
    assertNothingChanged(storeKeywords(inbox, uids(1, 2), Mode.REMOVE, "never-seen"));
    assertNothingChanged(await(messages().expunge(inbox, Optional.empty())));
    assertNothingChanged(await(messages().expunge(inbox, Optional.of(uids(1)))));
    assertNothingChanged(append(inbox));
    assertThat(load(inbox).state()).isEqualTo(before.state());
    assertThat(load(inbox).keywords()).isEqualTo(before.keywords());
  }

  @Test
  void storeIgnoresMissingMessages() {
    fill(inbox, 2);
    var change = store(inbox, NumberSet.range(2, 4_294_967_295L), Mode.ADD, SystemFlag.SEEN);
    assertThat(uidsOf(change.changed())).containsExactly(2L);
  }

  @Test
  void changesFollowEachOther() {
    var before = state(inbox);
    var one = fill(inbox, 3);
    assertFollows(before, one);
    var two = store(inbox, uids(1, 3), Mode.ADD, SystemFlag.DELETED);
    assertFollows(one.state(), two);
    assertThat(two.changed().info(0).flags()).isEqualTo(SystemFlag.DELETED.bit());
    var three = await(messages().expunge(inbox, Optional.empty()));
    assertThat(three.previous()).isEqualTo(two.modSeq());
    assertThat(three.gone()).isEqualTo(uids(1, 3));
    assertThat(three.changed().size()).isZero();
    assertThat(three.state()).isEqualTo(state(inbox));
  }

  @Test
  void keywordsKeepTheSpellingFirstSeen() {
    append(inbox, SampleMessages.tagged("one", "$Label1"), SampleMessages.tagged("two", "$LABEL1"));
    storeKeywords(inbox, uids(2), Mode.ADD, "$label1", "Work");
    assertThat(load(inbox).keywords().names()).containsExactly("$Label1", "Work");
    assertThat(flags(inbox, 2).keywords()).containsExactly("$Label1", "Work");
    storeKeywords(inbox, uids(2), Mode.REMOVE, "WORK");
    assertThat(flags(inbox, 2).keywords()).containsExactly("$Label1");
    assertThat(load(inbox).keywords().names()).contains("Work");
  }

  @Test
  void expungeRemovesDeletedMessages() {
    fill(inbox, 5);
    store(inbox, uids(1, 3, 4), Mode.ADD, SystemFlag.DELETED);
    var some = await(messages().expunge(inbox, Optional.of(uids(1, 2, 3, 9))));
    assertThat(some.gone()).isEqualTo(uids(1, 3));
    assertThat(uidsOf(load(inbox).messages())).containsExactly(2L, 4L, 5L);
    var none = await(messages().expunge(inbox, Optional.of(NumberSet.EMPTY)));
    assertNothingChanged(none);
    var rest = await(messages().expunge(inbox, Optional.empty()));
    assertThat(rest.gone()).isEqualTo(uids(4));
    assertThat(rest.state().exists()).isEqualTo(2);
  }

  @Test
  void removeNeedsNoFlag() {
    fill(inbox, 4);
    store(inbox, uids(1), Mode.ADD, SystemFlag.DELETED);
    var before = state(inbox).highestModSeq();
    var removed = await(messages().remove(inbox, uids(2, 4, 9)));
    assertThat(removed.gone()).isEqualTo(uids(2, 4));
    assertThat(removed.modSeq().isAfter(before)).isTrue();
    assertThat(uidsOf(load(inbox).messages())).containsExactly(1L, 3L);
    assertThat(await(messages().expungedSince(inbox, before))).contains(uids(2, 4));
    assertNothingChanged(await(messages().remove(inbox, uids(2))));
  }

  @Test
  void copyKeepsFlagsDatesAndContent() {
    append(
        inbox,
        SampleMessages.message("a"),
        SampleMessages.tagged("b", "Work"),
        SampleMessages.message("c"));
    var archive = key("Archive");
    append(archive, SampleMessages.tagged("other", "Other"));
    var before = state(archive);
    var copied = await(messages().copy(inbox, uids(2, 3, 9), archive));
    assertThat(copied.uidValidity()).isEqualTo(info("Archive").uidValidity());
    assertThat(copied.from()).isEqualTo(uids(2, 3));
    assertThat(copied.to()).isEqualTo(uids(2, 3));
    assertThat(copied.source()).isEmpty();
    var change = copied.target().orElseThrow();
    assertFollows(before, change);
    var source = load(inbox).messages();
    var target = load(archive).messages();
    assertThat(change.changed().info(0)).isEqualTo(target.info(1));
    assertThat(target.contents()[1]).isEqualTo(source.contents()[1]);
    assertThat(target.info(1).internalDate()).isEqualTo(SampleMessages.CAME);
    assertThat(target.info(2).size()).isEqualTo(source.info(2).size());
    assertThat(flags(archive, 2)).isEqualTo(Flags.of(List.of(), List.of("Work")));
    assertThat(state(inbox).exists()).isEqualTo(3);
  }

  @Test
  void copyIntoTheSameMailboxDoubles() {
    fill(inbox, 2);
    var copied = await(messages().copy(inbox, uids(1, 2), inbox));
    assertThat(copied.to()).isEqualTo(uids(3, 4));
    assertThat(state(inbox).exists()).isEqualTo(4);
  }

  @Test
  void moveLeavesNothingBehind() {
    append(
        inbox,
        SampleMessages.tagged("a", "Work"),
        SampleMessages.message("b"),
        SampleMessages.message("c"));
    var archive = key("Archive");
    fill(archive, 4);
    var before = state(inbox);
    var content = load(inbox).messages().contents()[0];
    var moved = await(messages().move(inbox, uids(1, 3, 7), archive));
    assertThat(moved.from()).isEqualTo(uids(1, 3));
    assertThat(moved.to()).isEqualTo(uids(5, 6));
    var left = moved.source().orElseThrow();
    assertThat(left.previous()).isEqualTo(before.highestModSeq());
    assertThat(left.gone()).isEqualTo(uids(1, 3));
    assertThat(left.state()).isEqualTo(state(inbox));
    assertThat(moved.target().orElseThrow().state()).isEqualTo(state(archive));
    assertThat(uidsOf(load(inbox).messages())).containsExactly(2L);
    assertThat(load(archive).messages().contents()[4]).isEqualTo(content);
    assertThat(flags(archive, 5).keywords()).contains("work");
    assertThat(await(messages().changesSince(inbox, before.highestModSeq())).gone())
        .isEqualTo(uids(1, 3));
  }

  @Test
  void moveWithinAMailboxGivesNewUids() {
    fill(inbox, 3);
    var before = state(inbox);
    var moved = await(messages().move(inbox, uids(1, 2), inbox));
    assertThat(moved.to()).isEqualTo(uids(4, 5));
    assertThat(uidsOf(load(inbox).messages())).containsExactly(3L, 4L, 5L);
    assertThat(state(inbox).exists()).isEqualTo(3);
    assertThat(moved.target().map(Changed::previous)).contains(before.highestModSeq());
    assertThat(moved.source().map(Changed::state)).contains(state(inbox));
  }

  @Test
  void nothingToCopyChangesNothing() {
    fill(inbox, 1);
    var archive = key("Archive");
    var before = state(archive);
    for (var copied :
        List.of(
            await(messages().copy(inbox, uids(5), archive)),
            await(messages().move(inbox, uids(5), archive)))) {
      assertThat(copied.from()).isEqualTo(NumberSet.EMPTY);
      assertThat(copied.to()).isEqualTo(NumberSet.EMPTY);
      assertThat(copied.uidValidity()).isEqualTo(before.uidValidity());
      copied.target().ifPresent(StorePorts::assertNothingChanged);
      copied.source().ifPresent(StorePorts::assertNothingChanged);
    }
    assertThat(state(archive)).isEqualTo(before);
  }

  @Test
  void everyCallFailsForADeletedMailbox() {
    fill(inbox, 1);
    var gone = create("gone");
    await(mailboxes().delete(account, name("gone")));
    var message = List.of(SampleMessages.message("late"));
    var update = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.SEEN));
    for (var call :
        List.of(
            messages().append(gone, message),
            messages().load(gone),
            messages().changesSince(gone, ModSeq.FIRST),
            messages().storeFlags(gone, uids(1), update),
            messages().copy(gone, uids(1), inbox),
            messages().copy(inbox, uids(1), gone),
            messages().move(gone, uids(1), inbox),
            messages().move(inbox, uids(1), gone),
            messages().expunge(gone, Optional.empty()))) {
      assertThat(failureOf(call)).isEqualTo(new MailboxGone());
    }
    assertThat(state(inbox).exists()).isEqualTo(1);
  }
}
