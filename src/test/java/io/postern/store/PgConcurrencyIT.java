package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Since;
import io.postern.store.account.Accounts;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.maintenance.StoreVerification;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMessages;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Concurrent writers on several nodes lose no change; concurrent readers miss none and never see
 * half of one.
 */
@QuarkusTest
class PgConcurrencyIT extends StorePorts {
  private static final int WRITERS = 8;
  private static final int STEPS = 40;

  @Inject PgPorts pg;

  @Override
  protected Accounts accounts() {
    return pg.accounts;
  }

  @Override
  protected Mailboxes mailboxes() {
    return pg.mailboxes;
  }

  /** Of the node that this thread writes on. */
  private final ThreadLocal<Messages> node = ThreadLocal.withInitial(() -> pg.messages);

  @Override
  protected Messages messages() {
    return node.get();
  }

  /** A node of its own: what the others write it learns from the database. */
  private Messages otherNode() {
    var indexes = new MailboxIndexes(new PgIndexReader(pg.tx), 1 << 26);
    return new PgMessages(pg.tx, InstantSource.system(), indexes);
  }

  @Override
  protected Blobs blobs() {
    return pg.blobs;
  }

  /** A reader that only reads changes. */
  private static final class Replay {
    private final TreeMap<Long, Long> flags = new TreeMap<>();
    private ModSeq bound = ModSeq.FIRST;

    void apply(Since since) {
      assertThat(since.state().highestModSeq().value()).isGreaterThanOrEqualTo(bound.value());
      var changed = since.changed();
      for (int i = 0; i < changed.size(); i++) {
        assertThat(changed.modSeqs()[i])
            .isBetween(bound.value() + 1, since.state().highestModSeq().value());
        flags.put(changed.uid(i), changed.flags()[i]);
      }
      since.gone().stream().forEach(flags::remove);
      bound = since.state().highestModSeq();
      assertMatches(since.state());
    }

    private void assertMatches(MailboxState state) {
      assertThat(flags).hasSize(state.exists());
      assertThat(flags.values().stream().filter(f -> (f & SystemFlag.SEEN.bit()) == 0))
          .hasSize(state.unseen());
    }
  }

  @Test
  void aReaderMissesNoChangeOfWritersOnThreeNodes() throws Exception {
    var archive = key("Archive");
    Queue<Changed> inboxChanges = new ConcurrentLinkedQueue<>();
    Queue<Changed> archiveChanges = new ConcurrentLinkedQueue<>();
    var replay = new Replay();
    var nodes = List.of(pg.messages, otherNode(), otherNode());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = new ArrayList<Future<?>>();
      for (int i = 0; i < WRITERS; i++) {
        var random = new SplittableRandom(i);
        var mine = nodes.get(i % nodes.size());
        writers.add(
            threads.submit(
                (Callable<?>)
                    () -> {
                      node.set(mine);
                      for (int step = 0; step < STEPS; step++) {
                        step(random, archive, inboxChanges, archiveChanges);
                      }
                      return "done";
                    }));
      }
      while (!writers.stream().allMatch(Future::isDone)) {
        replay.apply(await(messages().changesSince(inbox, replay.bound)));
      }
      for (var writer : writers) {
        assertThat(writer.get(1, TimeUnit.MINUTES)).isEqualTo("done");
      }
    }
    replay.apply(await(messages().changesSince(inbox, replay.bound)));
    assertThat(replay.flags).isEqualTo(flagsByUid(load(inbox).messages()));
    assertGapless(inboxChanges, state(inbox));
    assertGapless(archiveChanges, state(archive));
    assertVerified();
  }

  private void assertVerified() {
    assertThat(
            await(
                    new PgStoreVerification(pg.tx)
                        .verify(Optional.empty(), StoreVerification.MAX_MAILBOXES))
                .findings())
        .noneMatch(finding -> finding.mailbox().account().equals(account));
  }

  private void step(
      SplittableRandom random,
      MailboxKey archive,
      Queue<Changed> inInbox,
      Queue<Changed> inArchive) {
    var some = NumberSet.range(random.nextLong(1, 400), random.nextLong(1, 400));
    switch (random.nextInt(6)) {
      case 0, 1 -> inInbox.add(append(inbox, SampleMessages.message("new")));
      case 2 -> inInbox.add(storeKeywords(inbox, some, Mode.ADD, "k" + random.nextInt(5)));
      case 3 -> {
        var mode = random.nextBoolean() ? Mode.ADD : Mode.REMOVE;
        var update = new FlagsUpdate(mode, Flags.of(SystemFlag.SEEN, SystemFlag.DELETED));
        inInbox.add(await(messages().storeFlags(inbox, some, update)));
      }
      case 4 -> inInbox.add(await(messages().expunge(inbox, Optional.of(some))));
      default -> {
        boolean there = random.nextBoolean();
        var few = uids(random.nextLong(1, 100), random.nextLong(1, 100));
        var moved = await(messages().move(there ? inbox : archive, few, there ? archive : inbox));
        moved.target().ifPresent(there ? inArchive::add : inInbox::add);
        moved.source().ifPresent(there ? inInbox::add : inArchive::add);
      }
    }
  }

  private static Map<Long, Long> flagsByUid(MessageColumns rows) {
    var flags = new TreeMap<Long, Long>();
    for (int i = 0; i < rows.size(); i++) {
      flags.put(rows.uid(i), rows.flags()[i]);
    }
    return flags;
  }

  /** Each change names its predecessor: in order, they form one chain. */
  private static void assertGapless(Queue<Changed> changes, MailboxState last) {
    var chain =
        changes.stream()
            .filter(change -> !change.modSeq().equals(change.previous()))
            .sorted(Comparator.comparing(Changed::modSeq))
            .toList();
    var at = ModSeq.FIRST;
    for (var change : chain) {
      assertThat(change.previous()).isEqualTo(at);
      at = change.modSeq();
    }
    assertThat(at).isEqualTo(last.highestModSeq());
  }

  @Test
  void batchedAppendsGetDistinctUids() throws Exception {
    var changes = new ArrayList<Changed>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Changed>>();
      for (int i = 0; i < 100; i++) {
        var messages =
            List.of(SampleMessages.message("n" + i), SampleMessages.tagged("m" + i, "k" + i % 3));
        running.add(threads.submit(() -> await(messages().append(inbox, messages))));
      }
      for (var one : running) {
        changes.add(one.get(1, TimeUnit.MINUTES));
      }
    }
    assertThat(changes.stream().flatMap(change -> uidsOf(change.changed()).stream()))
        .doesNotHaveDuplicates()
        .hasSize(200);
    assertThat(changes)
        .allSatisfy(c -> assertThat(c.changed().uid(1)).isEqualTo(c.changed().uid(0) + 1));
    assertGapless(new ConcurrentLinkedQueue<>(changes), state(inbox));
    assertThat(state(inbox).exists()).isEqualTo(200);
  }

  @Test
  void oneFailingAppendDoesNotFailTheOthers() throws Exception {
    fill(inbox, 1);
    var all = IntStream.range(0, 58).mapToObj(i -> "k" + i).toArray(String[]::new);
    storeKeywords(inbox, uids(1), Mode.ADD, all);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var good = new ArrayList<Future<Changed>>();
      var bad = new ArrayList<Future<StoreFailure>>();
      for (int i = 0; i < 20; i++) {
        good.add(threads.submit(() -> append(inbox, SampleMessages.message("good"))));
        var tagged = List.of(SampleMessages.tagged("bad", "one-more"));
        bad.add(threads.submit(() -> failureOf(messages().append(inbox, tagged))));
      }
      for (int i = 0; i < 20; i++) {
        good.get(i).get(1, TimeUnit.MINUTES);
        assertThat(bad.get(i).get(1, TimeUnit.MINUTES))
            .isInstanceOf(StoreFailure.LimitReached.class);
      }
    }
    assertThat(state(inbox).exists()).isEqualTo(21);
  }

  @Test
  void concurrentDeletesOnSeveralEventLoopsDoNotMixResults() throws Exception {
    var name = new MailboxName("made and deleted");
    try (var pool = Executors.newFixedThreadPool(WRITERS)) {
      var running = new ArrayList<Future<Boolean>>();
      for (int writer = 0; writer < WRITERS; writer++) {
        var account =
            await(
                accounts()
                    .create("deleter" + writer + "@example.test", Verifiers.of(new Secret("x"))));
        running.add(pool.submit(() -> makesAndDeletes(account, name)));
      }
      for (var each : running) {
        assertThat(each.get(2, TimeUnit.MINUTES)).isTrue();
      }
    }
  }

  private boolean makesAndDeletes(AccountId account, MailboxName name) {
    for (int i = 0; i < STEPS; i++) {
      await(mailboxes().create(account, name, Optional.empty()));
      await(mailboxes().delete(account, name));
      assertThat(await(mailboxes().find(account, name))).isEmpty();
    }
    return true;
  }
}
