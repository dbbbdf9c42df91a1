package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.MaildropLocks.LockResult;
import io.postern.store.Messages.Changed;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMaildropLocks;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NotifyingMessagesTest {
  private final MemoryStore store = new MemoryStore();
  private final MemoryMailboxes mailboxes = new MemoryMailboxes(store);
  private final List<MailboxKey> changed = new ArrayList<>();
  private final Messages messages = notifying((mailbox, _) -> changed.add(mailbox));
  private final MailboxKey inbox;
  private final MailboxKey sent;

  NotifyingMessagesTest() {
    var account =
        await(
            new MemoryAccounts(store).create("a@example.test", Verifiers.of(new Secret("$none$"))));
    inbox = await(mailboxes.find(account, MailboxName.INBOX)).orElseThrow().key();
    sent = await(mailboxes.find(account, new MailboxName("Sent"))).orElseThrow().key();
  }

  private Messages notifying(ChangeListener... listeners) {
    return new NotifyingMessages(
        new MemoryMessages(store), ChangeListener.inOrder(List.of(listeners)));
  }

  @Test
  void eachCallThatWritesNotifiesOfTheMailboxesItChanged() {
    await(
        messages.append(inbox, List.of(SampleMessages.message("1"), SampleMessages.message("2"))));
    assertThat(changed()).containsExactly(inbox);
    await(messages.storeFlags(inbox, NumberSet.of(1), new FlagsUpdate(Mode.ADD, deleted())));
    assertThat(changed()).containsExactly(inbox);
    await(messages.copy(inbox, NumberSet.of(2), sent));
    assertThat(changed()).containsExactly(sent);
    await(messages.move(inbox, NumberSet.of(2), sent));
    assertThat(changed()).containsExactly(sent, inbox);
    await(messages.expunge(inbox, Optional.empty()));
    assertThat(changed()).containsExactly(inbox);
    var locks = new MemoryMaildropLocks(store);
    var lock =
        await(
            locks.acquire(
                sent.account(), new MailboxName("Sent"), Duration.ofHours(1), Duration.ZERO));
    await(messages.update(((LockResult.Held) lock).lock(), NumberSet.of(1)));
    assertThat(changed()).containsExactly(sent);
  }

  @Test
  void readsDoNotNotify() {
    await(messages.load(inbox));
    await(messages.crlfSizes(inbox.account()));
    assertThat(changed).isEmpty();
  }

  @Test
  void aListenerThatFailsStopsNeitherTheCallNorTheNextListener() {
    var seen = new ArrayList<Changed>();
    var failing =
        notifying(
            (_, _) -> {
              throw new IllegalStateException("a fault of the test's own");
            },
            (_, change) -> seen.add(change));
    var change = await(failing.append(inbox, List.of(SampleMessages.message("1"))));
    assertThat(seen).containsExactly(change);
  }

  private List<MailboxKey> changed() {
    var all = List.copyOf(changed);
    changed.clear();
    return all;
  }

  private static Flags deleted() {
    return Flags.of(SystemFlag.DELETED);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(10));
  }
}
