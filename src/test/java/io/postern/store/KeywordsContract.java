package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.Keywords;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.NewMessage;
import io.postern.store.StoreFailure.LimitReached;
import io.postern.store.index.MailboxIndex;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keywords of a mailbox that has as many as it can hold. */
abstract class KeywordsContract extends MessagesContract {
  private static final String[] ALL =
      IntStream.range(0, Keywords.MAX).mapToObj(i -> "k" + i).toArray(String[]::new);

  @Test
  void keywordsOfAMailboxAreLimited() {
    fill(inbox, 1);
    storeKeywords(inbox, uids(1), Mode.ADD, ALL);
    assertThat(flags(inbox, 1).keywords()).hasSize(Keywords.MAX);
    var before = load(inbox);
    var more = new FlagsUpdate(Mode.ADD, Flags.of(List.of(), List.of("k1", "one-more")));
    assertThat(failureOf(messages().storeFlags(inbox, uids(1), more)))
        .isInstanceOfSatisfying(
            LimitReached.class, f -> assertThat(f.allowed()).isEqualTo(Keywords.MAX));
    var tagged =
        List.<NewMessage>of(SampleMessages.message("x"), SampleMessages.tagged("y", "one-more"));
    assertThat(failureOf(messages().append(inbox, tagged))).isInstanceOf(LimitReached.class);
    assertThat(load(inbox).state()).isEqualTo(before.state());
    assertThat(uidsOf(append(inbox, SampleMessages.tagged("z", "K57")).changed()))
        .containsExactly(2L);
  }

  @Test
  void anUnusedKeywordIsReplacedByANewOne() {
    fill(inbox, 2);
    storeKeywords(inbox, uids(1), Mode.ADD, ALL);
    storeKeywords(inbox, uids(2), Mode.ADD, "k7");
    storeKeywords(inbox, uids(1), Mode.REMOVE, "k7", "k9");
    storeKeywords(inbox, uids(2), Mode.ADD, "new");
    assertThat(flags(inbox, 2).keywords()).containsExactly("k7", "new");
    assertThat(flags(inbox, 1).keywords()).hasSize(Keywords.MAX - 2).doesNotContain("k9", "new");
    assertThat(load(inbox).keywords().names()).hasSize(Keywords.MAX).doesNotContain("k9");
    assertLimited(inbox, "k9");
  }

  @Test
  void anAppendReusesTheBitsOfRemovedKeywords() {
    fill(inbox, 2);
    storeKeywords(inbox, uids(1), Mode.ADD, ALL);
    store(inbox, uids(1), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.empty()));
    var put =
        append(
            inbox,
            SampleMessages.tagged("a", "one", "k3"),
            SampleMessages.tagged("b", "TWO", "K4"));
    assertThat(put.keywords().names()).hasSize(Keywords.MAX).contains("one", "TWO", "k3", "k4");
    assertThat(flags(inbox, 3).keywords()).containsExactly("k3", "one");
    assertThat(flags(inbox, 4).keywords()).containsExactly("k4", "TWO");
    assertThat(flags(inbox, 2).keywords()).isEmpty();
  }

  @Test
  void aCopyOmitsKeywordsBeyondTheLimit() {
    var archive = key("Archive");
    fill(archive, 1);
    storeKeywords(archive, uids(1), Mode.ADD, ALL);
    append(inbox, SampleMessages.tagged("a", "k5", "one-more"), SampleMessages.message("plain"));
    assertThat(await(messages().copy(inbox, uids(1, 2), archive)).to()).isEqualTo(uids(2, 3));
    assertThat(flags(archive, 2).keywords()).containsExactly("k5");
    assertThat(await(messages().move(inbox, uids(1), archive)).to()).isEqualTo(uids(4));
    assertThat(flags(archive, 4).keywords()).containsExactly("k5");
    assertThat(load(archive).keywords().names()).containsExactlyInAnyOrder(ALL);
  }

  @Test
  void aMoveReusesTheBitsOfUnusedKeywords() {
    var archive = key("Archive");
    fill(archive, 1);
    storeKeywords(archive, uids(1), Mode.ADD, ALL);
    storeKeywords(archive, uids(1), Mode.REMOVE, "k0", "k57");
    append(
        inbox,
        SampleMessages.tagged("a", "one"),
        SampleMessages.tagged("b", "k57", "two"),
        SampleMessages.tagged("c", "three"));
    assertThat(await(messages().move(inbox, uids(1, 2, 3), archive)).to()).isEqualTo(uids(2, 3, 4));
    assertThat(flags(archive, 2).keywords()).containsExactly("one");
    assertThat(flags(archive, 3).keywords()).containsExactly("k57");
    assertThat(flags(archive, 4).keywords()).isEmpty();
  }

  @Test
  void anIndexFollowsWhenABitGetsAnotherKeyword() {
    fill(inbox, 3);
    storeKeywords(inbox, uids(1, 2), Mode.ADD, ALL);
    var before = MailboxIndex.of(load(inbox));
    storeKeywords(inbox, uids(1), Mode.REMOVE, "k1");
    store(inbox, uids(2), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.empty()));
    storeKeywords(inbox, uids(3), Mode.ADD, "new");
    var after = before.apply(await(messages().changesSince(inbox, before.modSeq())));
    assertThat(after.keywords()).isEqualTo(load(inbox).keywords());
    assertThat(after.keywords().unpack(after.flags(0)).keywords())
        .hasSize(Keywords.MAX - 1)
        .doesNotContain("k1", "new");
    assertThat(after.keywords().unpack(after.flags(1)).keywords()).containsExactly("new");
    assertThat(after.keywords().unpack(after.flagsInUse()).keywords())
        .hasSize(Keywords.MAX)
        .contains("new");
  }

  @Test
  void aChangeWithoutEffectReassignsNoBit() {
    fill(inbox, 1);
    storeKeywords(inbox, uids(1), Mode.ADD, ALL);
    storeKeywords(inbox, uids(1), Mode.REMOVE, ALL);
    var before = load(inbox);
    assertNothingChanged(storeKeywords(inbox, uids(7), Mode.ADD, "new"));
    assertNothingChanged(storeKeywords(inbox, uids(1), Mode.REMOVE, "new"));
    assertThat(load(inbox).keywords()).isEqualTo(before.keywords());
  }

  private void assertLimited(MailboxKey mailbox, String keyword) {
    var more = new FlagsUpdate(Mode.ADD, Flags.of(List.of(), List.of(keyword)));
    assertThat(failureOf(messages().storeFlags(mailbox, uids(1), more)))
        .isEqualTo(new LimitReached("keywords", Keywords.MAX));
  }
}
