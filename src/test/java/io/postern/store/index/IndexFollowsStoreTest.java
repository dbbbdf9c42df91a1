package io.postern.store.index;

import static io.postern.store.index.TestIndexes.infos;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages;
import io.postern.store.NotifyingMessages;
import io.postern.store.SampleMessages;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes: an index that follows them is the same as one freshly loaded. */
class IndexFollowsStoreTest {
  private final MemoryStore store = new MemoryStore();
  private final MemoryMailboxes mailboxes = new MemoryMailboxes(store);
  private final Messages plain = new MemoryMessages(store);
  private final MailboxIndexes indexes = new MailboxIndexes(plain, 1L << 30);
  private final Messages applying = new NotifyingMessages(plain, indexes::apply);
  private MailboxKey one = mailbox();
  private MailboxKey other = one;

  private MailboxKey mailbox() {
    var name = "u" + store.hashCode() + System.nanoTime() + "@example.test";
    var account = await(new MemoryAccounts(store).create(name, Verifiers.of(new Secret("$none$"))));
    return await(mailboxes.find(account, MailboxName.INBOX)).orElseThrow().key();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anIndexThatFollowsIsLikeOneThatIsLoaded(long seed) {
    var random = new SplittableRandom(seed);
    var name = new MailboxName("Archive");
    other = await(mailboxes.find(one.account(), name)).orElseThrow().key();
    var start = await(indexes.current(one));
    var seen = start.modSeq();
    for (int step = 0; step < 150; step++) {
      // Every third change comes from another node: the index is notified later.
      change(random, random.nextInt(3) == 0 ? plain : applying);
      if (random.nextInt(4) == 0) {
        compare(one);
        compare(other);
      }
      if (random.nextInt(20) == 0) {
        seen = compareGone(seen, random);
      }
    }
    compare(one);
    compare(other);
  }

  private void compare(MailboxKey mailbox) {
    var index = await(indexes.current(mailbox));
    var loaded = await(plain.load(mailbox));
    assertThat(infos(index)).isEqualTo(infos(loaded.messages()));
    assertThat(index.state()).isEqualTo(loaded.state());
    assertThat(index.keywords()).isEqualTo(loaded.keywords());
    assertThat(index.size()).isEqualTo(loaded.state().exists());
    for (int at = 0; at < index.size(); at += 17) {
      assertThat(index.countBelow(loaded.messages().uid(at))).isEqualTo(at);
      assertThat(index.info(at)).isEqualTo(loaded.messages().info(at));
    }
  }

  private ModSeq compareGone(ModSeq seen, SplittableRandom random) {
    var index = await(indexes.current(one));
    var from = new ModSeq(random.nextLong(seen.value(), index.modSeq().value() + 1));
    var since = await(plain.changesSince(one, from));
    assertThat(await(indexes.goneSince(one, from))).isEqualTo(since.gone());
    index.goneSince(from).ifPresent(gone -> assertThat(gone).isEqualTo(since.gone()));
    assertThat(index.changedSince(from).mapToObj(index::uid))
        .isEqualTo(
            IntStream.range(0, since.changed().size()).mapToObj(since.changed()::uid).toList());
    return from;
  }

  private void change(SplittableRandom random, Messages through) {
    var from = random.nextBoolean() ? one : other;
    var to = random.nextBoolean() ? one : other;
    var uids = uids(random, from);
    switch (random.nextInt(7)) {
      case 0, 1 -> append(random, through, from);
      case 2 -> await(through.copy(from, uids, to));
      case 3 -> await(through.move(from, uids, to));
      case 4 -> {
        flag(through, from, uids, SystemFlag.DELETED);
        await(through.expunge(from, random.nextBoolean() ? Optional.empty() : Optional.of(uids)));
      }
      default -> flag(through, from, uids, SystemFlag.values()[random.nextInt(5)]);
    }
  }

  private static void append(SplittableRandom random, Messages through, MailboxKey to) {
    int many = random.nextInt(5) == 0 ? random.nextInt(700) : random.nextInt(4);
    var keyword = random.nextInt(3) == 0 ? "k" + random.nextInt(40) : "Work";
    var messages =
        IntStream.range(0, many).mapToObj(i -> SampleMessages.tagged("n " + i, keyword)).toList();
    await(through.append(to, messages));
  }

  private static void flag(Messages through, MailboxKey in, NumberSet uids, SystemFlag flag) {
    var flags = Flags.of(List.of(flag), List.of("Work"));
    await(through.storeFlags(in, uids, new FlagsUpdate(Mode.values()[flag.ordinal() % 3], flags)));
  }

  private NumberSet uids(SplittableRandom random, MailboxKey in) {
    long next = await(mailboxes.state(in)).uidNext();
    long first = random.nextLong(1, next + 1);
    return random.nextInt(5) == 0
        ? NumberSet.of(random.longs(200, 1, next + 1))
        : NumberSet.range(first, first + random.nextLong(1, 60));
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(10));
  }
}
