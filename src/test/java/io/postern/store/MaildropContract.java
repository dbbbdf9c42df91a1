package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.OctetFacts;
import io.postern.model.Ids.ContentId;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.MaildropLocks.LockResult;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.NewMessage;
import io.postern.store.maintenance.Recoverable;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What locks on maildrops, their UPDATE and the keeping of removed messages must do. */
abstract class MaildropContract extends KeywordsContract {
  private static final Duration LONG = Duration.ofMinutes(1);

  private LockResult ask(MailboxName mailbox, Duration lease) {
    return await(locks().acquire(account, mailbox, lease, Duration.ZERO));
  }

  private MaildropLock taken(Duration lease) {
    return ((LockResult.Held) ask(MailboxName.INBOX, lease)).lock();
  }

  @Test
  void aLockIsHeldByOneAtATime() {
    var first = taken(LONG);
    assertThat(first.mailbox()).isEqualTo(inbox);
    assertThat(ask(MailboxName.INBOX, LONG)).isEqualTo(new LockResult.InUse());
    assertThat(ask(name("Archive"), LONG)).isInstanceOf(LockResult.Held.class);
    assertThat(await(locks().renew(first, LONG))).isTrue();
    await(locks().release(first));
    assertThat(await(locks().renew(first, LONG))).isFalse();
    var second = taken(LONG);
    assertThat(second.token()).isGreaterThan(first.token());
    await(locks().release(first));
    assertThat(ask(MailboxName.INBOX, LONG)).isEqualTo(new LockResult.InUse());
  }

  @Test
  void aLockExpiresWithoutRenewal() {
    var dead = taken(Duration.ZERO);
    assertThat(await(locks().renew(dead, LONG))).isFalse();
    var next = taken(LONG);
    assertThat(next.token()).isGreaterThan(dead.token());
    assertThat(await(locks().renew(dead, LONG))).isFalse();
    assertThat(await(locks().renew(next, LONG))).isTrue();
  }

  @Test
  void aLockCannotBeTakenAgainWithinTheDelay() {
    await(locks().release(taken(LONG)));
    assertThat(await(locks().acquire(account, MailboxName.INBOX, LONG, Duration.ofHours(1))))
        .isInstanceOfSatisfying(
            LockResult.TooSoon.class,
            soon -> assertThat(soon.left()).isBetween(LONG, Duration.ofHours(1)));
    taken(LONG);
    assertThat(await(locks().acquire(account, MailboxName.INBOX, LONG, Duration.ofHours(1))))
        .isEqualTo(new LockResult.InUse());
  }

  @Test
  void aMissingMailboxHasNoLock() {
    assertThat(failureOf(locks().acquire(account, name("Missing"), LONG, Duration.ZERO)))
        .isEqualTo(new StoreFailure.MailboxGone());
  }

  @Test
  void anUpdateRemovesExistingMessagesAndReleasesTheLock() {
    fill(inbox, 4);
    store(inbox, uids(2), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.empty()));
    var before = state(inbox);
    var lock = taken(LONG);
    var change = await(messages().update(lock, uids(1, 2, 4, 99))).orElseThrow();
    assertThat(change.gone()).isEqualTo(uids(1, 4));
    assertThat(change.previous()).isEqualTo(before.highestModSeq());
    assertThat(uidsOf(load(inbox).messages())).containsExactly(3L);
    assertThat(state(inbox).exists()).isEqualTo(1);
    assertThat(await(messages().changesSince(inbox, before.highestModSeq())).gone())
        .isEqualTo(uids(1, 4));
    taken(LONG);
  }

  @Test
  void anEmptyUpdateReleasesTheLock() {
    fill(inbox, 1);
    assertNothingChanged(await(messages().update(taken(LONG), NumberSet.EMPTY)).orElseThrow());
    taken(LONG);
  }

  @Test
  void anUpdateWithALostLockRemovesNothing() {
    fill(inbox, 2);
    var dead = taken(Duration.ZERO);
    assertThat(await(messages().update(dead, uids(1)))).isEmpty();
    var next = taken(LONG);
    assertThat(await(messages().update(dead, uids(1)))).isEmpty();
    assertThat(state(inbox).exists()).isEqualTo(2);
    assertThat(await(messages().update(next, uids(1)))).isPresent();
    assertThat(await(messages().update(next, uids(2)))).isEmpty();
    assertThat(state(inbox).exists()).isEqualTo(1);
  }

  @Test
  void contentsThatGrowByLineEndsAreListedWithTheirSize() {
    append(inbox, SampleMessages.message("ended"));
    put("Subject: x\r\n\r\nno end");
    put("Subject: y\r\n\r\nbare\nfeeds\0\n");
    var messages = load(inbox).messages();
    var second = messages.info(1).content();
    var third = messages.info(2).content();
    assertThat(await(messages().crlfSizes(account))).isEqualTo(Map.of(second, 22L, third, 28L));
    var found = await(messages().contents(account, List.of(second, third), Columns.FACTS));
    assertThat(octets(found, second)).isEqualTo(new OctetFacts(false, OptionalLong.of(22), false));
    assertThat(octets(found, third)).isEqualTo(new OctetFacts(false, OptionalLong.of(28), true));
  }

  private void put(String text) {
    var bytes = Buffer.buffer(text);
    var staged = new Staged(new Staged.Bytes.Inline(bytes), SampleMessages.facts(bytes));
    append(inbox, new NewMessage(staged, Flags.NONE, SampleMessages.CAME));
  }

  private static OctetFacts octets(Map<ContentId, Content> found, ContentId id) {
    return Optional.ofNullable(found.get(id)).orElseThrow().facts().octets();
  }

  @Test
  void expungedMessagesCanBeRestored() {
    append(
        inbox,
        SampleMessages.message("one", SystemFlag.FLAGGED, SystemFlag.DELETED),
        SampleMessages.message("two"),
        SampleMessages.message("three", SystemFlag.SEEN));
    var contents = load(inbox).messages();
    await(messages().expunge(inbox, Optional.empty()));
    await(messages().update(taken(LONG), uids(3)));
    var kept = await(recoverable().list(account, 0, 10));
    assertThat(kept).extracting(item -> item.uid().value()).containsExactly(1L, 3L);
    assertThat(kept.get(0).mailbox()).isEqualTo(inbox.mailbox());
    assertThat(kept.get(0).internalDate()).isEqualTo(SampleMessages.CAME);
    assertThat(kept.get(0).size()).isEqualTo(SampleMessages.text("one").length());
    assertThat(kept.get(1).flags()).isEqualTo(Flags.of(SystemFlag.SEEN));
    assertThat(await(recoverable().list(account, kept.get(0).id(), 1)))
        .containsExactly(kept.get(1));
    var ids = kept.stream().map(Recoverable.Item::id).toList();
    var before = state(inbox);
    var change = await(recoverable().restore(ids, inbox));
    assertFollows(before, change);
    assertThat(uidsOf(change.changed())).containsExactly(4L, 5L);
    assertThat(flags(inbox, 4)).isEqualTo(Flags.of(SystemFlag.FLAGGED));
    assertThat(load(inbox).messages().info(1).content()).isEqualTo(contents.info(0).content());
    assertThat(await(recoverable().list(account, 0, 10))).isEmpty();
    assertNothingChanged(await(recoverable().restore(ids, inbox)));
  }

  @Test
  void movedMessagesAreNotRecoverable() {
    fill(inbox, 1);
    await(messages().move(inbox, uids(1), key("Archive")));
    assertThat(await(recoverable().list(account, 0, 10))).isEmpty();
  }
}
