package io.postern.store.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
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
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Concurrent readers see everything that was committed before their call. */
class FreshnessTest {
  private static final int EACH = 200;
  private final MemoryStore store = new MemoryStore();
  private final MemoryMailboxes mailboxes = new MemoryMailboxes(store);
  private final Messages plain = new MemoryMessages(store);

  @Test
  void readersSeeAllEarlierCommits() throws Exception {
    // The smaller memory evicts at every put, the larger never.
    for (long octets : new long[] {1 << 30, 1}) {
      var indexes = new MailboxIndexes(plain, octets);
      var applying = new NotifyingMessages(plain, indexes::apply);
      run(indexes, Stream.of(plain, applying, plain, applying).toList());
      assertThat(indexes.octets()).isLessThanOrEqualTo(octets);
    }
  }

  private void run(MailboxIndexes indexes, List<Messages> writers) throws Exception {
    var name = "u" + System.nanoTime() + "@example.test";
    var account = await(new MemoryAccounts(store).create(name, Verifiers.of(new Secret("$none$"))));
    var inbox = await(mailboxes.find(account, MailboxName.INBOX)).orElseThrow().key();
    var committed = new AtomicInteger();
    Callable<Integer> reader =
        () -> {
          for (int i = 0; i < EACH; i++) {
            int least = committed.get();
            var index = await(indexes.current(inbox));
            assertThat(index.size()).isGreaterThanOrEqualTo(least);
            assertThat(index.size()).isEqualTo(index.state().exists());
            assertThat(index.uid(index.size() - 1)).isEqualTo(index.uidNext() - 1);
          }
          return EACH;
        };
    await(plain.append(inbox, List.of(SampleMessages.message("first"))));
    committed.set(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var written = writers.stream().map(w -> writer(w, inbox, committed));
      var read = IntStream.range(0, 4).mapToObj(i -> reader);
      for (var done : threads.invokeAll(Stream.concat(written, read).toList())) {
        assertThat(done.get()).isEqualTo(EACH);
      }
    }
    assertThat(await(indexes.current(inbox)).size()).isEqualTo(1 + writers.size() * EACH);
  }

  private static Callable<Integer> writer(
      Messages through, MailboxKey inbox, AtomicInteger committed) {
    return () -> {
      for (int i = 0; i < EACH; i++) {
        await(through.append(inbox, List.of(SampleMessages.message("n " + i))));
        committed.incrementAndGet();
      }
      return EACH;
    };
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(30));
  }
}
