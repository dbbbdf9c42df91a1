package io.postern.store.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageFacts;
import io.postern.mime.MessageScanner;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.message.Flags;
import io.postern.store.Blobs;
import io.postern.store.Messages;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.HeaderColumns;
import io.postern.store.Messages.NewMessage;
import io.postern.store.SampleMessages;
import io.postern.store.Staged;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is read from the store, and what from memory. */
class CachingMessagesTest {
  private static final Columns BODY = new Columns(false, false, Blobs.CHUNK);
  private static final Columns ALL = new Columns(true, Blobs.CHUNK);

  private final AtomicLong limit = new AtomicLong(16 << 20);
  private final MemoryStore memory = new MemoryStore();
  private final AccountId account =
      await(
          new MemoryAccounts(memory).create("u@example.test", Verifiers.of(new Secret("$none$"))));
  private final MailboxKey inbox =
      await(new MemoryMailboxes(memory).find(account, MailboxName.INBOX)).orElseThrow().key();
  private final CountingStore store =
      new CountingStore(new MemoryMessages(memory), new MemoryBlobs(memory));
  private final ContentCache cache = new ContentCache(limit::get);
  private final Messages messages = new CachingMessages(store.messages(), cache, (_, _) -> {});
  private final Blobs blobs = new CachingBlobs(store.blobs(), cache);

  /** Another node: its cache is empty. */
  private final ContentCache coldCache = new ContentCache(limit::get);

  private final Messages cold = new CachingMessages(store.messages(), coldCache, (_, _) -> {});
  private final Blobs coldBlobs = new CachingBlobs(store.blobs(), coldCache);

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(30));
  }

  private static Buffer text(int octets) {
    var lines = "0123456789 abcdefghijk\r\n".repeat(octets / 24 + 1);
    return Buffer.buffer("From: a@example.test\r\nSubject: s\r\n\r\n" + lines).slice(0, octets);
  }

  private static MessageFacts facts(Buffer text) {
    var scanner = new MessageScanner();
    scanner.feed(text);
    return scanner.finish();
  }

  private List<ContentId> deliver(Staged... staged) {
    var all = new ArrayList<NewMessage>();
    for (var each : staged) {
      all.add(new NewMessage(each, Flags.NONE, SampleMessages.CAME));
    }
    var columns = await(messages.append(inbox, all)).changed();
    return IntStream.range(0, columns.size())
        .mapToObj(i -> new ContentId(columns.contents()[i]))
        .toList();
  }

  private static Staged inline(Buffer text) {
    return new Staged(new Staged.Bytes.Inline(text), facts(text));
  }

  /** A message that was written in chunks. */
  private Staged chunks(Buffer text) {
    var blob = BlobId.random();
    for (int n = 0; n * Blobs.CHUNK < text.length(); n++) {
      int to = Math.min(text.length(), (n + 1) * Blobs.CHUNK);
      await(blobs.write(blob, n, text.slice(n * Blobs.CHUNK, to)));
    }
    return new Staged(new Staged.Bytes.Stored(blob), facts(text));
  }

  private Content content(Messages from, ContentId id, Columns columns) {
    return of(await(from.contents(account, List.of(id), columns)), id);
  }

  private static <T> T of(Map<ContentId, T> found, ContentId id) {
    return Optional.ofNullable(found.get(id)).orElseThrow();
  }

  private static Buffer bytes(Content content, Blobs blobs) {
    var all = Buffer.buffer();
    content
        .read(blobs, 0, content.facts().size())
        .subscribe()
        .asStream()
        .forEach(all::appendBuffer);
    return all;
  }

  @Test
  void whatIsDeliveredHereIsReadFromMemory() {
    var text = text(4_000);
    var id = deliver(inline(text)).getFirst();
    store.reset();
    var content = content(messages, id, ALL);
    assertThat(content.bytes()).contains(text);
    assertThat(content.facts()).isEqualTo(facts(text));
    assertThat(content(messages, id, BODY).facts().envelope().length()).isZero();
    assertThat(content(messages, id, Columns.FACTS).bytes()).isEmpty();
    assertThat(
            of(await(messages.headers(account, List.of(id), HeaderColumns.HEADERS)), id).header())
        .contains(facts(text).header());
    assertThat(store.calls()).isZero();
    assertThat(cache.hits()).isEqualTo(4);
    assertThat(cache.misses()).isZero();
  }

  @Test
  void aBodyIsOneStatementColdAndNoneWarm() {
    var text = text(Blobs.CHUNK);
    var id = deliver(inline(text)).getFirst();
    store.reset();
    assertThat(bytes(content(cold, id, BODY), coldBlobs)).isEqualTo(text);
    assertThat(store.calls()).isEqualTo(1);
    assertThat(bytes(content(cold, id, BODY), coldBlobs)).isEqualTo(text);
    assertThat(store.calls()).isEqualTo(1);
    assertThat(coldCache.misses()).isEqualTo(1);
  }

  @Test
  void anEnvelopeIsOneStatementColdAndNoneWarm() {
    var text = text(4_000);
    var id = deliver(inline(text)).getFirst();
    store.reset();
    var structure = new Columns(true, false, 0);
    content(cold, id, structure);
    assertThat(content(cold, id, structure).facts().envelope()).isEqualTo(facts(text).envelope());
    assertThat(store.calls()).isEqualTo(1);
  }

  @Test
  void columnsReadOneAfterTheOtherAreKeptTogether() {
    var text = text(4_000);
    var id = deliver(inline(text)).getFirst();
    for (var columns : List.of(new Columns(true, false, 0), new Columns(false, true, 0), BODY)) {
      content(cold, id, columns);
    }
    store.reset();
    var content = content(cold, id, ALL);
    assertThat(content.bytes()).contains(text);
    assertThat(content.facts()).isEqualTo(facts(text));
    assertThat(store.calls()).isZero();
    assertThat(coldCache.count()).isEqualTo(1);
  }

  @Test
  void aLargeMessageIsReadFromItsCachedChunks() {
    var text = text(3 * Blobs.CHUNK + 1_000);
    var id = deliver(chunks(text)).getFirst();
    store.reset();
    assertThat(bytes(content(messages, id, BODY), blobs)).isEqualTo(text);
    assertThat(store.calls()).isZero();
    assertThat(bytes(content(cold, id, BODY), coldBlobs)).isEqualTo(text);
    assertThat(store.calls()).isEqualTo(1 + 4);
    assertThat(bytes(content(cold, id, BODY), coldBlobs)).isEqualTo(text);
    assertThat(store.calls()).isEqualTo(1 + 4);
  }

  @Test
  void onlyTheFirstMebibyteOfABlobIsCached() {
    var text = text(9 * Blobs.CHUNK);
    var id = deliver(chunks(text)).getFirst();
    store.reset();
    assertThat(bytes(content(messages, id, BODY), blobs)).isEqualTo(text);
    assertThat(store.calls()).isEqualTo(1);
  }

  @Test
  void recipientsOfOneBlobShareItsOctets() {
    var text = text(50_000);
    var stored = chunks(text);
    var lines = Buffer.buffer("Delivered-To: u@example.test\r\n");
    var ids = deliver(stored, stored.withPrefix(lines));
    store.reset();
    assertThat(content(messages, ids.get(0), BODY).bytes()).contains(text);
    assertThat(content(messages, ids.get(1), BODY).bytes())
        .contains(lines.copy().appendBuffer(text));
    assertThat(store.calls()).isZero();
    assertThat(cache.octets()).isLessThan(60_000);
  }

  @Test
  void bytesThatAreStreamedNeedABlob() {
    var text = text(4_000);
    var id = deliver(inline(text)).getFirst();
    store.reset();
    var streamed = new Columns(false, false, Columns.STREAMED);
    assertThat(bytes(content(messages, id, streamed), blobs)).isEqualTo(text);
    assertThat(store.calls()).isEqualTo(2);
    assertThat(content(messages, id, streamed).blob())
        .isEqualTo(content(store.messages(), id, streamed).blob());
  }

  @Test
  void severalAreReadByOneStatementWithinTheLimit() {
    var ids = deliver(inline(text(4_000)), inline(text(5_000)), inline(text(6_000)));
    content(cold, ids.get(1), BODY);
    store.reset();
    var all = await(cold.contents(account, ids, BODY));
    assertThat(all).containsOnlyKeys(ids);
    assertThat(store.calls()).isEqualTo(1);
    long two = of(all, ids.get(0)).held() + of(all, ids.get(1)).held();
    var some = await(cold.contents(account, ids, BODY, two));
    assertThat(some.found()).containsOnlyKeys(ids.get(0), ids.get(1));
    assertThat(some.left()).containsExactly(ids.get(2));
    assertThat(store.calls()).isEqualTo(1);
  }

  @Test
  void contentsReadAheadAreInMemory() {
    var ids = deliver(inline(text(4_000)), inline(text(5_000)), inline(text(6_000)));
    store.reset();
    await(cold.prefetch(account, ids, BODY, 1 << 20));
    await(cold.prefetch(account, ids, BODY, 1 << 20));
    ids.forEach(id -> assertThat(content(cold, id, BODY).bytes()).isPresent());
    assertThat(store.calls()).isEqualTo(1);
  }

  @Test
  void nothingIsCachedWhenItIsOff() {
    limit.set(0);
    var id = deliver(inline(text(4_000))).getFirst();
    store.reset();
    await(messages.prefetch(account, List.of(id), BODY, 1 << 20));
    assertThat(store.calls()).isZero();
    assertThat(content(messages, id, BODY).bytes()).isPresent();
    assertThat(content(messages, id, BODY).bytes()).isPresent();
    assertThat(store.calls()).isEqualTo(2);
    assertThat(cache.count()).isZero();
  }

  @Test
  void theContentsOfAnAccountCanBeRemoved() {
    var id = deliver(inline(text(4_000))).getFirst();
    cache.drop(new AccountId(account.value() + 1));
    assertThat(cache.count()).isEqualTo(1);
    cache.drop(account);
    assertThat(cache.count()).isZero();
    assertThat(content(messages, id, BODY).bytes()).isPresent();
  }

  @Test
  void aDroppedBlobIsGone() {
    var blob = ((Staged.Bytes.Stored) chunks(text(200_000)).bytes()).blob();
    assertThat(cache.count()).isEqualTo(2);
    await(blobs.drop(blob));
    assertThat(cache.count()).isZero();
    assertThat(await(blobs.read(blob, 0, 10).collect().asList())).isEmpty();
  }

  @Test
  void aContentThatIsGoneIsNotFound() {
    var unknown = new ContentId(Long.MAX_VALUE);
    assertThat(await(messages.contents(account, List.of(unknown), BODY))).isEqualTo(Map.of());
  }
}
