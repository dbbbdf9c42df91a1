package io.postern.store.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageScanner;
import io.postern.mime.search.IndexedText;
import io.postern.mime.search.TextIndexing;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.message.Flags;
import io.postern.store.Blobs;
import io.postern.store.IndexedTexts;
import io.postern.store.Messages.HeaderColumns;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Messages.StoredHeader;
import io.postern.store.SampleMessages;
import io.postern.store.Staged;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.content.CachingMessages;
import io.postern.store.content.ContentCache;
import io.postern.store.content.CountingStore;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryIndexedTexts;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is delivered or searched for is indexed in the background, and only that. */
class SearchIndexingTest {
  private static final HeaderColumns ALL = new HeaderColumns(true, true, true);

  private final MemoryStore memory = new MemoryStore();
  private final CountingStore store =
      new CountingStore(new MemoryMessages(memory), new MemoryBlobs(memory));
  private final AccountId account =
      await(
          new MemoryAccounts(memory).create("u@example.test", Verifiers.of(new Secret("$none$"))));
  private final MailboxKey inbox =
      await(new MemoryMailboxes(memory).find(account, new MailboxName("INBOX")))
          .orElseThrow()
          .key();
  private final ContentCache cache = new ContentCache(() -> 64 << 20);
  private final IndexingQueue queue = new IndexingQueue();
  private final CachingMessages messages =
      new CachingMessages(store.messages(), cache, queue::offer);

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(30));
  }

  private SearchIndexing indexing(IndexedTexts texts) {
    return new SearchIndexing(
        queue, new SearchIndexing.Ports(messages, store.blobs(), texts, cache), Runnable::run);
  }

  private SearchIndexing indexing() {
    return indexing(new MemoryIndexedTexts(memory));
  }

  private List<ContentId> deliver(Buffer... texts) {
    var change = await(messages.append(inbox, List.of(texts).stream().map(this::message).toList()));
    return LongStream.of(change.changed().contents()).mapToObj(ContentId::new).toList();
  }

  private NewMessage message(Buffer text) {
    var scanner = new MessageScanner();
    scanner.feed(text);
    return new NewMessage(
        new Staged(bytes(text), scanner.finish()), Flags.NONE, SampleMessages.CAME);
  }

  private Staged.Bytes bytes(Buffer text) {
    if (text.length() <= Blobs.CHUNK) {
      return new Staged.Bytes.Inline(text);
    }
    var blob = BlobId.random();
    for (int at = 0; at < text.length(); at += Blobs.CHUNK) {
      int end = Math.min(text.length(), at + Blobs.CHUNK);
      await(store.blobs().write(blob, at / Blobs.CHUNK, text.slice(at, end)));
    }
    return new Staged.Bytes.Stored(blob);
  }

  private static Buffer text(String subject, String body) {
    return Buffer.buffer(
        "Subject: %s\r\nDate: Tue, 14 Nov 2023 23:43:20 +0130\r\n\r\n%s\r\n"
            .formatted(subject, body));
  }

  private Map<ContentId, StoredHeader> headers(List<ContentId> ids, HeaderColumns columns) {
    return await(messages.headers(account, ids, columns));
  }

  private static StoredHeader of(Map<ContentId, StoredHeader> found, ContentId id) {
    return Optional.ofNullable(found.get(id)).orElseThrow();
  }

  private static IndexedText expected(Buffer text) {
    var scanner = new MessageScanner();
    scanner.feed(text);
    var indexing = new TextIndexing();
    for (var range : TextIndexing.ranges(scanner.finish().parts())) {
      var search = indexing.begin(range);
      search.feed(text.slice(range.octets().start(), range.octets().end()));
      search.finish();
      while (search.pending()) {
        search.advance();
      }
    }
    return indexing.finish();
  }

  @Test
  void whatIsDeliveredIsIndexedFromMemoryAndFoundThere() {
    var texts =
        IntStream.range(0, 200)
            .mapToObj(n -> text("number " + n, "body " + n))
            .toArray(Buffer[]::new);
    var ids = deliver(texts);
    assertThat(queue.size()).isEqualTo(200);
    store.reset();
    var indexing = indexing();
    await(indexing.run());
    assertThat(store.calls()).as("read from the store").isZero();
    assertThat(indexing.indexed()).isEqualTo(200);
    assertThat(queue.size()).isZero();
    var found = headers(ids, ALL);
    assertThat(store.calls()).as("a warm search").isZero();
    var sent = SampleMessages.facts(SampleMessages.text("")).sent();
    for (int n = 0; n < ids.size(); n++) {
      var header = new StoredHeader(sent, Optional.of(expected(texts[n])), Optional.empty());
      assertThat(found).containsEntry(ids.get(n), header);
    }
    assertThat(await(store.messages().headers(account, ids, ALL))).isEqualTo(found);
  }

  @Test
  void theFirstSearchHasWhatItMissesIndexed() {
    var ids =
        await(
                store
                    .messages()
                    .append(inbox, List.of(message(text("one", "1")), message(text("two", "2")))))
            .changed()
            .contents();
    var both = LongStream.of(ids).mapToObj(ContentId::new).toList();
    var before = headers(both, ALL);
    assertThat(before.values())
        .allSatisfy(it -> assertThat(it.indexed()).isEmpty())
        .allSatisfy(it -> assertThat(it.header()).isPresent());
    assertThat(queue.size()).isEqualTo(2);
    headers(both, ALL);
    headers(both, HeaderColumns.HEADERS);
    assertThat(queue.size()).as("each once").isEqualTo(2);
    await(indexing().run());
    store.reset();
    assertThat(headers(both, ALL).values()).allSatisfy(it -> assertThat(it.indexed()).isPresent());
    assertThat(store.calls()).isZero();
    assertThat(queue.size()).isZero();
  }

  /** What another node has indexed is read from the store once, with the columns asked for. */
  @Test
  void aColdSearchIsOneCallAndAWarmOneNone() {
    var ids = deliver(text("one", "1"), text("two", "2"));
    await(indexing().run());
    var cold =
        new CachingMessages(
            store.messages(),
            new ContentCache(() -> 64 << 20),
            (_, id) -> queue.offer(account, id));
    store.reset();
    var fields = new HeaderColumns(true, false, true);
    var signatures = new HeaderColumns(false, true, false);
    for (var columns : List.of(fields, fields, signatures, signatures, ALL)) {
      assertThat(await(cold.headers(account, ids, columns)).values())
          .hasSize(2)
          .allSatisfy(
              it -> {
                var text = it.indexed().orElseThrow();
                assertThat(text.fields().isPresent()).isEqualTo(columns.fields());
                assertThat(text.signature().isPresent()).isEqualTo(columns.signature());
                assertThat(it.sent()).isPresent();
              });
    }
    assertThat(store.calls()).isEqualTo(2);
    assertThat(queue.size()).isZero();
  }

  @Test
  void aStoreThatTakesNoWritesIsOfUseAllTheSame() {
    var ids = deliver(text("one", "1"));
    var readOnly =
        indexing((_, _) -> Uni.createFrom().failure(new IllegalStateException("read only")));
    await(readOnly.run());
    assertThat(readOnly.failures()).isEqualTo(1);
    assertThat(readOnly.indexed()).isZero();
    store.reset();
    assertThat(headers(ids, ALL).values()).allSatisfy(it -> assertThat(it.indexed()).isPresent());
    assertThat(store.calls()).isZero();
  }

  @Test
  void textsOfSeveralChunksAreIndexedAndLongerOnesAreUnknown() {
    var large = text("large", "words ".repeat(Blobs.CHUNK / 6) + "needle");
    var huge = text("huge", "x".repeat(SearchIndexing.MAX_OCTETS));
    var ids = deliver(large, huge);
    await(indexing().run());
    var found = headers(ids, ALL);
    assertThat(of(found, ids.getFirst()).indexed()).contains(expected(large));
    assertThat(of(found, ids.getLast()))
        .satisfies(it -> assertThat(it.indexed()).contains(IndexedText.UNKNOWN))
        .satisfies(it -> assertThat(it.header()).as("searched in its place").isPresent());
  }

  /** Otherwise a batch of large messages would be in memory together. */
  @Test
  void aContentIsReadWhenTheOneBeforeIsIndexed() {
    var large = text("large", "words ".repeat(Blobs.CHUNK / 6) + "needle");
    deliver(large, large, large);
    var reads = new ArrayList<Integer>();
    Executor worker =
        task -> {
          reads.add(store.calls());
          task.run();
        };
    var ports =
        new SearchIndexing.Ports(
            messages, store.blobs(), new MemoryIndexedTexts(memory), new ContentCache(() -> 0));
    store.reset();
    await(new SearchIndexing(queue, ports, worker).run());
    assertThat(reads).hasSize(3).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aFullQueueDropsAndBatchesAreOfOneAccount() {
    var other = new AccountId(account.value() + 1);
    for (int n = 1; n < IndexingQueue.MOST; n++) {
      queue.offer(n % 200 == 7 ? other : account, new ContentId(n));
      queue.offer(n % 200 == 7 ? other : account, new ContentId(n));
    }
    queue.offer(other, new ContentId(1));
    assertThat(queue.dropped()).isZero();
    queue.offer(other, new ContentId(2));
    queue.offer(other, new ContentId(1));
    assertThat(queue.dropped()).isEqualTo(1);
    assertThat(queue.size()).isEqualTo(IndexingQueue.MOST);
    var batches = queue.take(199);
    assertThat(batches.stream().map(batch -> batch.contents().size()))
        .containsExactly(IndexingQueue.BATCH, IndexingQueue.BATCH, IndexingQueue.BATCH, 6, 1);
    assertThat(batches.getLast())
        .isEqualTo(new IndexingQueue.Batch(other, List.of(new ContentId(7))));
    assertThat(queue.size()).isEqualTo(IndexingQueue.MOST - 199);
    queue.offer(account, new ContentId(1));
    assertThat(queue.size()).isEqualTo(IndexingQueue.MOST - 198);
    assertThat(queue.take(IndexingQueue.MOST)).hasSizeGreaterThan(300);
    assertThat(queue.take(1)).isEmpty();
  }

  @Test
  void contentsThatAreGoneAreLeftOut() {
    var ids = deliver(text("one", "1"));
    queue.offer(account, new ContentId(Long.MAX_VALUE));
    var indexing = indexing();
    await(indexing.run());
    assertThat(indexing.indexed()).isEqualTo(1);
    assertThat(headers(List.of(ids.getFirst(), new ContentId(Long.MAX_VALUE)), ALL)).hasSize(1);
  }

  @Test
  void aContentThatCannotBeReadDoesNotKeepOthersFromBeingIndexed() {
    var large = text("large", "words ".repeat(Blobs.CHUNK / 6) + "needle");
    var ids = deliver(text("one", "1"), large, text("two", "2"));
    var broken =
        (Blobs)
            Proxy.newProxyInstance(
                Blobs.class.getClassLoader(),
                new Class<?>[] {Blobs.class},
                (_, _, _) -> Multi.createFrom().failure(new IllegalStateException("broken")));
    var ports =
        new SearchIndexing.Ports(
            messages, broken, new MemoryIndexedTexts(memory), new ContentCache(() -> 0));
    var indexing = new SearchIndexing(queue, ports, Runnable::run);
    await(indexing.run());
    assertThat(indexing.failures()).isEqualTo(1);
    assertThat(indexing.indexed()).isEqualTo(2);
    var found = headers(ids, ALL);
    assertThat(of(found, ids.get(1)).indexed()).isEmpty();
    assertThat(of(found, ids.get(2)).indexed()).isPresent();
  }

  @Test
  void aContentWhoseOctetsAreMissingIsLeftToTheSearchThatScansIt() {
    var text = text("large", "words ".repeat(Blobs.CHUNK / 6) + "needle");
    var scanner = new MessageScanner();
    scanner.feed(text);
    var blob = BlobId.random();
    await(store.blobs().write(blob, 0, text.slice(0, Blobs.CHUNK)));
    var message =
        new NewMessage(
            new Staged(new Staged.Bytes.Stored(blob), scanner.finish()),
            Flags.NONE,
            SampleMessages.CAME);
    var id = new ContentId(await(messages.append(inbox, List.of(message))).changed().contents()[0]);
    var indexing = indexing();
    await(indexing.run());
    assertThat(indexing.failures()).isZero();
    assertThat(indexing.indexed()).isZero();
    assertThat(of(headers(List.of(id), ALL), id).indexed()).isEmpty();
  }

  /** A page of the cache has what was added to it in several turns, in any order. */
  @Test
  void pagesGrow() {
    var ids =
        deliver(IntStream.range(0, 130).mapToObj(n -> text("s" + n, "b")).toArray(Buffer[]::new));
    var indexing = indexing();
    await(indexing.run());
    var found = headers(ids, ALL);
    var fresh = new ContentCache(() -> 64 << 20);
    for (int turn = 0; turn < 7; turn++) {
      int of = turn;
      fresh.putIndexed(
          account,
          IntStream.range(0, ids.size())
              .filter(n -> n * 5 % 7 == of)
              .mapToObj(ids::get)
              .collect(Collectors.toMap(id -> id, id -> of(found, id))),
          ALL);
    }
    store.reset();
    var cold = new CachingMessages(store.messages(), fresh, queue::offer);
    assertThat(await(cold.headers(account, ids.reversed(), ALL))).isEqualTo(found);
    assertThat(store.calls()).isZero();
    fresh.drop(account);
    assertThat(fresh.count()).isZero();
    assertThat(await(cold.headers(account, ids, ALL))).isEqualTo(found);
    assertThat(store.calls()).isEqualTo(1);
  }
}
