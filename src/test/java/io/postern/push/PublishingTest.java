package io.postern.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Annotations.Limits;
import io.postern.store.Annotations.Subject;
import io.postern.store.Mailboxes;
import io.postern.store.MaildropLocks;
import io.postern.store.MaildropLocks.LockResult;
import io.postern.store.Messages;
import io.postern.store.NotifyingMessages;
import io.postern.store.SampleMessages;
import io.postern.store.StoreException;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryAnnotations;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMaildropLocks;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishingTest {
  private final MemoryStore store = new MemoryStore();
  private final LocalHints hints = new LocalHints();
  private final Mailboxes mailboxes = new PublishingMailboxes(new MemoryMailboxes(store), hints);
  private final Messages messages =
      new NotifyingMessages(new MemoryMessages(store), new HintPublisher(hints));
  private final MaildropLocks locks = new MemoryMaildropLocks(store);
  private final List<Hint> seen = new ArrayList<>();
  private final AccountId account =
      await(new MemoryAccounts(store).create("a@example.test", Verifiers.of(new Secret("$none$"))));
  private final MailboxKey inbox = key("INBOX");

  @BeforeEach
  void watch() {
    hints.watch(account, seen::add);
  }

  @Test
  void everyChangeOfMessagesIsPublished() {
    await(
        messages.append(inbox, List.of(SampleMessages.message("1"), SampleMessages.message("2"))));
    assertThat(published()).containsExactly(now(inbox));
    await(messages.storeFlags(inbox, NumberSet.of(1), adding(SystemFlag.DELETED)));
    assertThat(published()).containsExactly(now(inbox));
    await(messages.expunge(inbox, Optional.empty()));
    assertThat(published()).containsExactly(now(inbox));
    await(messages.copy(inbox, NumberSet.of(2), key("Sent")));
    assertThat(published()).containsExactly(now(key("Sent")));
    await(messages.move(inbox, NumberSet.of(2), key("Sent")));
    assertThat(published()).containsExactlyInAnyOrder(now(inbox), now(key("Sent")));
    await(messages.append(inbox, List.of(SampleMessages.message("3"))));
    assertThat(published()).containsExactly(now(inbox));
    var lock =
        await(
            locks.acquire(
                inbox.account(), MailboxName.INBOX, Duration.ofMinutes(1), Duration.ZERO));
    await(messages.update(((LockResult.Held) lock).lock(), NumberSet.of(3)));
    assertThat(published()).containsExactly(now(inbox));
  }

  @Test
  void aCallWithoutEffectPublishesNothing() {
    await(messages.append(inbox, List.of(SampleMessages.message("1", SystemFlag.SEEN))));
    seen.clear();
    await(messages.storeFlags(inbox, NumberSet.of(1), adding(SystemFlag.SEEN)));
    await(messages.expunge(inbox, Optional.empty()));
    await(messages.copy(inbox, NumberSet.of(7), key("Sent")));
    await(messages.move(inbox, NumberSet.of(7), key("Sent")));
    await(messages.load(inbox));
    await(messages.changesSince(inbox, ModSeq.FIRST));
    await(mailboxes.claimRecent(inbox));
    assertNothingIsAnnouncedBeforeTheNextChange();
  }

  @Test
  void aFailedCallPublishesNothing() {
    assertThatThrownBy(() -> await(mailboxes.delete(account, new MailboxName("none"))))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> await(mailboxes.delete(account, MailboxName.INBOX)))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(
            () -> await(mailboxes.rename(account, MailboxName.INBOX, new MailboxName("Sent"))))
        .isInstanceOf(StoreException.class);
    assertNothingIsAnnouncedBeforeTheNextChange();
  }

  /** So that silence does not mean a missing subscription. */
  private void assertNothingIsAnnouncedBeforeTheNextChange() {
    await(messages.append(key("Drafts"), List.of(SampleMessages.message("next"))));
    assertThat(published()).containsExactly(now(key("Drafts")));
  }

  @Test
  void changesOfTheTreeArePublished() {
    var made = await(mailboxes.create(account, new MailboxName("x/y"), Optional.empty()));
    assertThat(published()).containsExactly(ofNames());
    await(mailboxes.rename(account, new MailboxName("x"), new MailboxName("z")));
    assertThat(published()).containsExactly(ofNames(), now(key("z")));
    await(mailboxes.delete(account, new MailboxName("z/y")));
    assertThat(published()).containsExactly(new Hint(made.key(), Hint.GONE, 0));
  }

  @Test
  void theFirstMessageOfAMailboxDoesNotHideThatItWasMade() throws Exception {
    var vertx = Vertx.vertx();
    try {
      var received = new CompletableFuture<List<Hint>>();
      vertx.runOnContext(
          _ -> {
            var hinted = new ArrayList<Hint>();
            hints.watch(account, hinted::add);
            // Both are published before the watcher is called.
            var made = await(mailboxes.create(account, new MailboxName("new"), Optional.empty()));
            await(messages.append(made.key(), List.of(SampleMessages.message("first"))));
            vertx.runOnContext(_ -> received.complete(hinted));
          });
      assertThat(received.get(10, TimeUnit.SECONDS))
          .anyMatch(Hint::isAboutNames)
          .anyMatch(hint -> hint.modSeq().isAfter(ModSeq.FIRST));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aRenameOfInboxPublishesBothMailboxes() {
    await(messages.append(inbox, List.of(SampleMessages.message("1"))));
    seen.clear();
    await(mailboxes.rename(account, MailboxName.INBOX, new MailboxName("old")));
    assertThat(published()).containsExactly(ofNames(), now(key("old")), now(inbox));
  }

  @Test
  void aFailedHintDoesNotFailTheRename() {
    var lost = new ArrayList<Hint>();
    var deaf =
        new PublishingMailboxes(
            new MemoryMailboxes(store),
            new Hints() {
              @Override
              public void publish(Hint hint) {
                lost.add(hint);
                throw new IllegalStateException("a fault of the test's own");
              }

              @Override
              public Subscription watch(AccountId watched, Watcher watcher) {
                return () -> {};
              }
            });
    await(deaf.rename(account, new MailboxName("Sent"), new MailboxName("Sent Items")));
    assertThat(lost)
        .extracting(Hint::mailbox)
        .containsExactly(ofNames().mailbox(), key("Sent Items"));
  }

  @Test
  void subscriptionsArePublished() {
    await(mailboxes.subscribe(account, new MailboxName("Drafts")));
    assertThat(published()).containsExactly(ofNames());
    await(mailboxes.unsubscribe(account, new MailboxName("Drafts")));
    assertThat(published()).containsExactly(ofNames());
  }

  @Test
  void changesOfAnnotationsArePublished() {
    var annotations = new PublishingAnnotations(new MemoryAnnotations(store), hints);
    var values = Map.of("/private/comment", Optional.of(Buffer.buffer("x")));
    var limits = new Limits(1, 100);
    for (var mailbox : List.of(Optional.of(inbox.mailbox()), Optional.<MailboxId>empty())) {
      await(annotations.set(new Subject(account, mailbox), account, values, limits));
      assertThat(seen).singleElement().matches(Hint::isAboutAnnotations);
      assertThat(published())
          .noneMatch(Hint::isAboutNames)
          .extracting(it -> HintText.hint(account, HintText.payload(it)).orElseThrow())
          .containsExactly(new Hint(new MailboxKey(account, Hint.ANNOTATIONS), new ModSeq(2), 0));
    }
    var none = new Limits(0, 100);
    var another = Map.of("/private/another", Optional.of(Buffer.buffer("x")));
    var subject = new Subject(account, Optional.empty());
    assertThatThrownBy(() -> await(annotations.set(subject, account, another, none)))
        .isInstanceOf(StoreException.class);
    assertNothingIsAnnouncedBeforeTheNextChange();
  }

  private Hint ofNames() {
    return new Hint(new MailboxKey(account, Hint.NAMES), ModSeq.FIRST, 0);
  }

  private List<Hint> published() {
    var all = seen.stream().map(hint -> new Hint(hint.mailbox(), hint.modSeq(), 0)).toList();
    seen.clear();
    return all;
  }

  private Hint now(MailboxKey mailbox) {
    return new Hint(mailbox, await(mailboxes.state(mailbox)).highestModSeq(), 0);
  }

  private MailboxKey key(String name) {
    return await(mailboxes.find(account, new MailboxName(name))).orElseThrow().key();
  }

  private static FlagsUpdate adding(SystemFlag flag) {
    return new FlagsUpdate(Mode.ADD, Flags.of(flag));
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(10));
  }
}
