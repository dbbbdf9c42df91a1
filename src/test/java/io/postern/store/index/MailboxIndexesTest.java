package io.postern.store.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.Messages.Changed;
import io.postern.store.NotifyingMessages;
import io.postern.store.SampleMessages;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure.MailboxGone;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MailboxIndexesTest {
  private final MemoryStore store = new MemoryStore();
  private final Mailboxes mailboxes = new MemoryMailboxes(store);
  private final Messages messages = new MemoryMessages(store);
  private final CallLatch gate = new CallLatch();
  private final MailboxIndexes indexes = indexes(1L << 30);
  private final AccountId account =
      await(new MemoryAccounts(store).create("a@example.test", Verifiers.of(new Secret("$none$"))));
  private final MailboxKey inbox = mailbox("INBOX");

  private MailboxIndexes indexes(long maxOctets) {
    return new MailboxIndexes(gate.before(Messages.class, messages), maxOctets);
  }

  private MailboxKey mailbox(String name) {
    return await(mailboxes.find(account, new MailboxName(name))).orElseThrow().key();
  }

  @Test
  void anUnchangedMailboxCostsOneRead() {
    append(inbox, 3);
    var first = await(indexes.current(inbox));
    assertThat(gate.calls).containsExactly("load");
    assertThat(await(indexes.current(inbox))).isSameAs(first);
    assertThat(indexes.peek(inbox)).containsSame(first);
    assertThat(gate.calls).containsExactly("load", "changesSince");
  }

  @Test
  void changesOfOtherNodesAreReadAsChanges() {
    append(inbox, 3);
    await(indexes.current(inbox));
    append(inbox, 2);
    assertThat(await(indexes.current(inbox)).size()).isEqualTo(5);
    assertThat(gate.calls).containsExactly("load", "changesSince");
  }

  @Test
  void countersThatChangeWithoutAModSeqAreUpdated() {
    append(inbox, 3);
    await(indexes.current(inbox));
    await(mailboxes.claimRecent(inbox));
    assertThat(await(indexes.current(inbox)).state().firstRecent()).isEqualTo(4);
  }

  @Test
  void concurrentCallersShareOneRead() {
    append(inbox, 3);
    gate.close();
    var seen = new ArrayList<MailboxIndex>();
    for (int i = 0; i < 5; i++) {
      indexes.current(inbox).subscribe().with(seen::add);
    }
    assertThat(gate.calls).containsExactly("load");
    gate.open();
    // The first had left already; the four others share the second.
    assertThat(gate.calls).containsExactly("load", "changesSince");
    assertThat(seen).hasSize(5).containsOnly(seen.getFirst());
  }

  @Test
  void aLaterCallerSeesChangesMadeMeanwhile() {
    append(inbox, 3);
    gate.close();
    var early = new ArrayList<MailboxIndex>();
    var late = new ArrayList<MailboxIndex>();
    indexes.current(inbox).subscribe().with(early::add);
    // The load has ended and is not delivered yet: later changes are not in it.
    append(inbox, 1);
    indexes.current(inbox).subscribe().with(late::add);
    gate.letOneThrough();
    assertThat(early).singleElement().satisfies(i -> assertThat(i.size()).isEqualTo(3));
    assertThat(late).isEmpty();
    gate.open();
    assertThat(late).singleElement().satisfies(i -> assertThat(i.size()).isEqualTo(4));
  }

  @Test
  void aCancelledCallerDoesNotCancelTheOthers() {
    gate.close();
    var seen = new ArrayList<MailboxIndex>();
    var first = indexes.current(inbox).subscribe().with(seen::add);
    indexes.current(inbox).subscribe().with(seen::add);
    var third = indexes.current(inbox).subscribe().with(seen::add);
    first.cancel();
    third.cancel();
    gate.open();
    assertThat(seen).hasSize(1);
  }

  @Test
  void aDeletedMailboxIsRemovedFromTheCache() {
    var gone = await(mailboxes.create(account, new MailboxName("x"), Optional.empty())).key();
    await(indexes.current(gone));
    await(mailboxes.delete(account, new MailboxName("x")));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> await(indexes.current(gone)))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.failure()).isEqualTo(new MailboxGone()));
      assertThat(indexes.peek(gone)).isEmpty();
    }
    assertThat(indexes.octets()).isZero();
  }

  @Test
  void ownChangesNeedNoRead() {
    var own = new NotifyingMessages(messages, indexes::apply);
    append(inbox, 3);
    await(indexes.current(inbox));
    gate.calls.clear();
    await(own.append(inbox, List.of(SampleMessages.tagged("four", "Work"))));
    await(own.storeFlags(inbox, NumberSet.range(1, 2), marking()));
    await(own.move(inbox, NumberSet.of(4), inbox));
    await(own.copy(inbox, NumberSet.of(3), inbox));
    await(own.expunge(inbox, Optional.empty()));
    var index = indexes.peek(inbox).orElseThrow();
    assertThat(gate.calls).isEmpty();
    assertThat(index.present(NumberSet.range(1, 9)))
        .isEqualTo(NumberSet.of(3).union(NumberSet.range(5, 6)));
    assertThat(index.keywords().unpack(index.flags(1)).keywords()).contains("Work");
    assertThat(index.state()).isEqualTo(await(mailboxes.state(inbox)));
    assertThat(await(indexes.current(inbox))).isSameAs(index);
  }

  @Test
  void aChangeAfterAGapIsReadByTheNextCall() {
    append(inbox, 3);
    var before = await(indexes.current(inbox));
    append(inbox, 1);
    var change = append(inbox, 1);
    indexes.apply(inbox, change);
    assertThat(indexes.peek(inbox)).containsSame(before);
    indexes.apply(mailbox("Sent"), change);
    assertThat(indexes.peek(mailbox("Sent"))).isEmpty();
    assertThat(await(indexes.current(inbox)).size()).isEqualTo(5);
    indexes.apply(inbox, change);
    assertThat(indexes.peek(inbox).orElseThrow().size()).isEqualTo(5);
  }

  @Test
  void anOwnChangeDuringAReadIsNotLost() {
    append(inbox, 3);
    await(indexes.current(inbox));
    gate.close();
    var seen = new ArrayList<MailboxIndex>();
    indexes.current(inbox).subscribe().with(seen::add);
    await(
        new NotifyingMessages(messages, indexes::apply)
            .append(inbox, List.of(SampleMessages.message("own"))));
    gate.open();
    assertThat(seen.getFirst().size()).isEqualTo(4);
    assertThat(indexes.peek(inbox)).containsSame(seen.getFirst());
  }

  @Test
  void removalsAreReadFromMemoryElseFromTheStore() {
    append(inbox, 5);
    var start = await(indexes.current(inbox)).modSeq();
    remove(inbox, 2);
    remove(inbox, 4);
    var end = await(indexes.current(inbox)).modSeq();
    gate.calls.clear();
    assertThat(await(indexes.goneSince(inbox, start)))
        .isEqualTo(NumberSet.of(2).union(NumberSet.of(4)));
    assertThat(await(indexes.goneSince(inbox, end))).isEqualTo(NumberSet.EMPTY);
    assertThat(gate.calls).isEmpty();
    // Both were taken in at once, so what lies between only the store knows.
    var between = new ModSeq(start.value() + 2);
    assertThat(await(indexes.goneSince(inbox, between))).isEqualTo(NumberSet.of(4));
    assertThat(gate.calls).containsExactly("changesSince");
  }

  @Test
  void theLeastRecentlyUsedIsEvicted() {
    var names = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
    for (var name : names) {
      var key = await(mailboxes.create(account, new MailboxName(name), Optional.empty())).key();
      append(key, 100);
    }
    long one = await(indexes.current(mailbox("m0"))).octets();
    var small = indexes(10 * one);
    for (var name : names) {
      await(small.current(mailbox(name)));
      assertThat(small.peek(mailbox("m0"))).isPresent();
      assertThat(small.octets()).isLessThanOrEqualTo(10 * one).isEqualTo(small.count() * one);
    }
    assertThat(small.count()).isBetween(8, 10);
    assertThat(small.peek(mailbox("m19"))).isPresent();
    assertThat(small.peek(mailbox("m1"))).isEmpty();
    assertThat(await(small.current(mailbox("m1"))).size()).isEqualTo(100);
  }

  @Test
  void anIndexLargerThanTheCacheIsReturned() {
    append(inbox, 100);
    var tiny = indexes(1_000);
    assertThat(await(tiny.current(inbox)).size()).isEqualTo(100);
    assertThat(tiny.count()).isZero();
    assertThat(tiny.octets()).isZero();
    assertThat(await(tiny.current(inbox)).size()).isEqualTo(100);
  }

  @Test
  void resultsAreDeliveredOnTheCallersContext() throws Exception {
    var vertx = Vertx.vertx();
    try {
      gate.close();
      var wanted = IntStream.range(0, 4).mapToObj(i -> vertx.getOrCreateContext()).toList();
      var seen = new ArrayList<CompletableFuture<Context>>();
      for (var context : wanted) {
        var called = new CompletableFuture<Void>();
        var result = new CompletableFuture<Context>();
        seen.add(result);
        context.runOnContext(
            _ -> {
              indexes.current(inbox).subscribe().with(i -> result.complete(Vertx.currentContext()));
              called.complete(null);
            });
        called.get(10, TimeUnit.SECONDS);
      }
      gate.open();
      for (int i = 0; i < wanted.size(); i++) {
        assertThat(seen.get(i).get(10, TimeUnit.SECONDS)).isSameAs(wanted.get(i));
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private Changed append(MailboxKey to, int count) {
    return await(
        messages.append(
            to,
            IntStream.range(0, count).mapToObj(i -> SampleMessages.message("n " + i)).toList()));
  }

  private void remove(MailboxKey from, long uid) {
    await(messages.storeFlags(from, NumberSet.of(uid), marking()));
    await(messages.expunge(from, Optional.empty()));
  }

  private static FlagsUpdate marking() {
    return new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.DELETED));
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(10));
  }
}
