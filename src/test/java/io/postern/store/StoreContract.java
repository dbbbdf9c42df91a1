package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageFacts;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.Messages.HeaderColumns;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Messages.StoredHeader;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every store must do: a subclass gives the ports and runs it all. Here: changes since a
 * mod-sequence, contents, bytes, and where results come.
 */
public abstract class StoreContract extends MaildropContract {
  /** All facts, of a content whose blob is read. */
  private static final Columns WITH_BLOB = new Columns(true, Columns.STREAMED);

  private static final int CHUNK = Blobs.CHUNK;

  @Test
  void changesSinceNowAreEmpty() {
    fill(inbox, 2);
    var now = state(inbox);
    var since = await(messages().changesSince(inbox, now.highestModSeq()));
    assertThat(since.state()).isEqualTo(now);
    assertThat(since.changed().size()).isZero();
    assertThat(since.gone()).isEqualTo(NumberSet.EMPTY);
  }

  @Test
  void aMessageChangedTwiceIsReturnedOnce() {
    fill(inbox, 3);
    var before = state(inbox).highestModSeq();
    store(inbox, uids(2, 3), Mode.ADD, SystemFlag.SEEN);
    storeKeywords(inbox, uids(2), Mode.ADD, "Work");
    var since = await(messages().changesSince(inbox, before));
    assertThat(uidsOf(since.changed())).containsExactly(2L, 3L);
    assertThat(since.keywords().unpack(since.changed().flags()[0]).keywords()).contains("work");
    assertThat(since.changed().modSeqs()[0]).isEqualTo(since.state().highestModSeq().value());
    assertThat(since.gone()).isEqualTo(NumberSet.EMPTY);
  }

  @Test
  void aMessageAddedAndRemovedIsNotAmongTheChanges() {
    fill(inbox, 1);
    var before = state(inbox).highestModSeq();
    append(
        inbox,
        SampleMessages.message("short life", SystemFlag.DELETED),
        SampleMessages.message("stays"));
    await(messages().expunge(inbox, Optional.empty()));
    var since = await(messages().changesSince(inbox, before));
    assertThat(uidsOf(since.changed())).containsExactly(3L);
    assertThat(since.gone().minus(uids(2))).isEqualTo(NumberSet.EMPTY);
    assertThat(since.state()).isEqualTo(state(inbox));
  }

  @Test
  void removalsAreReturnedSinceEveryEarlierModSeq() {
    fill(inbox, 4);
    var first = state(inbox).highestModSeq();
    store(inbox, uids(1, 4), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.empty()));
    var second = state(inbox).highestModSeq();
    store(inbox, uids(2), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.empty()));
    assertThat(await(messages().changesSince(inbox, first)).gone()).isEqualTo(uids(1, 2, 4));
    assertThat(await(messages().changesSince(inbox, second)).gone()).isEqualTo(uids(2));
    assertThat(await(messages().changesSince(inbox, state(inbox).highestModSeq())).gone())
        .isEqualTo(NumberSet.EMPTY);
  }

  @Test
  void contentsHaveFactsAndBlobAndAreSharedByCopies() {
    append(inbox, SampleMessages.message("one"), SampleMessages.message("two"));
    await(messages().copy(inbox, uids(1, 2), key("Archive")));
    var ids = contentIds();
    assertThat(load(key("Archive")).messages().contents())
        .containsExactly(load(inbox).messages().contents());
    var unknown = new ContentId(Long.MAX_VALUE);
    var contents =
        await(
            messages()
                .contents(
                    account, List.of(ids.get(0), ids.get(1), ids.get(0), unknown), WITH_BLOB));
    assertThat(contents).containsOnlyKeys(ids);
    var one = content(contents, ids.get(0));
    assertThat(one.id()).isEqualTo(ids.get(0));
    assertThat(one.facts()).isEqualTo(SampleMessages.facts(SampleMessages.text("one")));
    assertThat(bytes(blobs().read(one.blob(), 0, one.facts().size())))
        .isEqualTo(SampleMessages.text("one"));
    var other = await(accounts().create(freshName(), Verifiers.of(new Secret("$none$"))));
    assertThat(await(messages().contents(other, ids, Columns.FACTS))).isEmpty();
    assertThat(await(messages().contents(account, List.of(), Columns.FACTS))).isEmpty();
  }

  @Test
  void contentsAreReturnedInOrderUpToALimit() {
    append(
        inbox,
        SampleMessages.message("one"),
        SampleMessages.message("two"),
        SampleMessages.message("three"));
    var ids = contentIds();
    for (var wanted : List.of(Columns.FACTS, new Columns(false, Blobs.CHUNK))) {
      comeUpToABound(ids, wanted);
      comeUpToABound(List.of(ids.get(2), ids.get(0), ids.get(1)), wanted);
    }
    var unknown = new ContentId(Long.MAX_VALUE);
    var gone = await(messages().contents(account, List.of(unknown), Columns.FACTS, 0));
    assertThat(gone.found()).isEmpty();
    assertThat(gone.left()).isEmpty();
  }

  private void comeUpToABound(List<ContentId> asked, Columns wanted) {
    var all = await(messages().contents(account, asked, wanted, Long.MAX_VALUE));
    assertThat(all.found()).containsOnlyKeys(asked);
    assertThat(all.left()).isEmpty();
    // The first is always returned.
    var least = await(messages().contents(account, asked, wanted, 0));
    assertThat(least.found()).containsOnlyKeys(asked.get(0));
    assertThat(least.left()).containsExactlyInAnyOrder(asked.get(1), asked.get(2));
    var alone = await(messages().contents(account, asked.subList(0, 1), wanted, 0));
    assertThat(alone).isEqualTo(new Contents(least.found(), Set.of()));
    long two =
        content(all.found(), asked.get(0)).held() + content(all.found(), asked.get(1)).held();
    var both = await(messages().contents(account, asked, wanted, two));
    assertThat(both.found()).containsOnlyKeys(asked.get(0), asked.get(1));
    var one = await(messages().contents(account, asked, wanted, two - 1));
    assertThat(one.found()).containsOnlyKeys(asked.get(0));
    assertThat(one.left()).containsExactlyInAnyOrder(asked.get(1), asked.get(2));
  }

  @Test
  void aHeaderThatIsNotRequestedIsNotReturned() {
    append(inbox, SampleMessages.message("one"));
    var id = contentIds().get(0);
    var wanted = new Columns(true, /* header= */ false, 0);
    var facts = content(await(messages().contents(account, List.of(id), wanted)), id).facts();
    assertThat(facts.header().length()).isZero();
    assertThat(facts.headerIsWhole()).isFalse();
    assertThat(facts.envelope())
        .isEqualTo(SampleMessages.facts(SampleMessages.text("one")).envelope());
  }

  @Test
  void headersComeWholeOrNotAtAll() {
    append(inbox, SampleMessages.message("small"), large(MessageFacts.MAX_HEADER - 1));
    append(inbox, large(MessageFacts.MAX_HEADER));
    var ids = contentIds();
    var asked = List.of(ids.get(1), ids.get(0), ids.get(2), new ContentId(Long.MAX_VALUE));
    var headers = await(messages().headers(account, asked, HeaderColumns.HEADERS));
    var sent = SampleMessages.facts(SampleMessages.text("")).sent();
    var header = SampleMessages.facts(SampleMessages.text("")).header();
    assertThat(headers).containsOnlyKeys(ids);
    assertThat(headers)
        .containsEntry(ids.get(0), new StoredHeader(sent, Optional.empty(), Optional.of(header)));
    assertThat(headers)
        .hasEntrySatisfying(
            ids.get(1),
            it ->
                assertThat(it.header().map(Buffer::length)).hasValue(MessageFacts.MAX_HEADER - 1));
    assertThat(headers)
        .containsEntry(ids.get(2), new StoredHeader(sent, Optional.empty(), Optional.empty()));
    assertThat(await(messages().headers(account, ids, HeaderColumns.DATES)).values())
        .hasSize(3)
        .containsOnly(new StoredHeader(sent, Optional.empty(), Optional.empty()));
    var other = await(accounts().create(freshName(), Verifiers.of(new Secret("$none$"))));
    assertThat(await(messages().headers(other, ids, HeaderColumns.HEADERS))).isEmpty();
  }

  private static NewMessage large(int header) {
    var text = Buffer.buffer("X: " + "x".repeat(header - "X: \r\n\r\n".length()) + "\r\n\r\n");
    var staged = new Staged(new Staged.Bytes.Inline(text), SampleMessages.facts(text));
    return new NewMessage(staged, Flags.NONE, SampleMessages.CAME);
  }

  @Test
  void copiesLargerThanOneStatementAreComplete() {
    for (int i = 0; i < 9; i++) {
      fill(inbox, 1_000);
    }
    await(messages().copy(inbox, NumberSet.range(1, 9_000), key("Archive")));
    assertThat(load(key("Archive")).messages().contents())
        .containsExactly(load(inbox).messages().contents());
  }

  @Test
  void aMovedMessageKeepsItsBytes() {
    append(inbox, SampleMessages.message("moved"));
    var id = contentIds().get(0);
    await(messages().move(inbox, uids(1), key("Trash")));
    var content = content(await(messages().contents(account, List.of(id), WITH_BLOB)), id);
    assertThat(bytes(blobs().read(content.blob(), 0, 10_000)))
        .isEqualTo(SampleMessages.text("moved"));
  }

  @Test
  void linesBeforeSharedBytesAreReadWithThem() {
    var text = SampleMessages.text("shared");
    for (var body : List.of(text, text.copy().appendBuffer(noise(CHUNK)))) {
      var blob = written(body);
      var staged = new Staged(new Staged.Bytes.Stored(blob), SampleMessages.facts(body));
      for (var line : List.of("X: 1\r\n", "X: twelve\r\n")) {
        var one = staged.withPrefix(Buffer.buffer("Y: 0\r\n")).withPrefix(Buffer.buffer(line));
        append(inbox, new NewMessage(one, Flags.NONE, SampleMessages.CAME));
        var whole = Buffer.buffer(line + "Y: 0\r\n").appendBuffer(body);
        for (int along : new int[] {0, CHUNK}) {
          readsAs(whole, contentIds().getLast(), new Messages.Columns(true, along));
        }
      }
    }
  }

  private void readsAs(Buffer whole, ContentId id, Messages.Columns wanted) {
    var content = content(await(messages().contents(account, List.of(id), wanted)), id);
    int size = content.facts().size();
    assertThat(size).isEqualTo(whole.length());
    assertThat(content.facts().header()).isEqualTo(SampleMessages.facts(whole).header());
    assertThat(content.facts().parts()).isEqualTo(SampleMessages.facts(whole).parts());
    for (int from : new int[] {0, 1, 11, 12, 13, 20, size - 1}) {
      for (int length : new int[] {1, 2, 12, size - from}) {
        var range = whole.getBuffer(from, Math.min(size, from + length));
        assertThat(bytes(content.read(blobs(), from, length))).isEqualTo(range);
      }
    }
  }

  @Test
  void aThousandContentsAreReturned() {
    fill(inbox, 1_000);
    assertThat(await(messages().contents(account, contentIds(), Columns.FACTS))).hasSize(1_000);
  }

  @Test
  void rangesMayCrossChunks() {
    var all = noise(2 * CHUNK + 1_000);
    var blob = written(all);
    for (var range :
        List.of(
            new int[] {0, all.length()},
            new int[] {0, 1},
            new int[] {CHUNK - 1, 2},
            new int[] {CHUNK, CHUNK},
            new int[] {CHUNK - 3, CHUNK + 6},
            new int[] {2 * CHUNK, 1_000},
            new int[] {all.length() - 1, 1})) {
      int from = range[0];
      var wanted = all.getBuffer(from, from + range[1]);
      assertThat(bytes(blobs().read(blob, from, range[1]))).isEqualTo(wanted);
    }
  }

  @Test
  void octetsBehindTheEndAreOmitted() {
    var all = noise(CHUNK + 10);
    var blob = written(all);
    assertThat(bytes(blobs().read(blob, CHUNK + 5, 1_000_000)))
        .isEqualTo(all.getBuffer(CHUNK + 5, CHUNK + 10));
    assertThat(bytes(blobs().read(blob, CHUNK + 10, 5)).length()).isZero();
    assertThat(bytes(blobs().read(blob, 10L * CHUNK, 5)).length()).isZero();
    assertThat(bytes(blobs().read(blob, 3, 0)).length()).isZero();
    assertThat(bytes(blobs().read(blob, 0, Long.MAX_VALUE / 2))).isEqualTo(all);
    assertThat(bytes(blobs().read(BlobId.random(), 0, 5)).length()).isZero();
  }

  @Test
  void aDroppedBlobIsDeleted() {
    var blob = written(noise(CHUNK + 1));
    await(blobs().drop(blob));
    await(blobs().drop(blob));
    assertThat(bytes(blobs().read(blob, 0, CHUNK)).length()).isZero();
  }

  @Test
  void aLargeMessageIsStreamedInPieces() throws Exception {
    int length = 35 * 1024 * 1024;
    var digest = MessageDigest.getInstance("SHA-256");
    var blob = BlobId.random();
    var random = new SplittableRandom(35);
    var piece = new byte[CHUNK];
    for (int i = 0; i < length / CHUNK; i++) {
      random.nextBytes(piece);
      digest.update(piece);
      await(blobs().write(blob, i, Buffer.buffer(piece)));
    }
    var wanted = HexFormat.of().formatHex(digest.digest());
    var bytes = new Staged.Bytes.Stored(blob);
    var staged = new Staged(bytes, SampleMessages.facts(SampleMessages.text("large")));
    append(inbox, new NewMessage(staged, Flags.NONE, SampleMessages.CAME));
    var id = contentIds().get(0);
    var content = content(await(messages().contents(account, List.of(id), Columns.FACTS)), id);
    assertThat(content.blob()).isEqualTo(blob);
    blobs()
        .read(blob, 0, length)
        .subscribe()
        .asStream()
        .forEach(
            b -> {
              assertThat(b.length()).isLessThanOrEqualTo(CHUNK);
              digest.update(b.getBytes());
            });
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(wanted);
  }

  @Test
  void resultsAreDeliveredOnTheCallersContext() throws Exception {
    var vertx = Vertx.vertx();
    try {
      var context = vertx.getOrCreateContext();
      for (var call : List.<Uni<?>>of(mailboxes().list(account), messages().load(inbox))) {
        assertThat(contextOf(context, call).get(30, TimeUnit.SECONDS)).isSameAs(context);
      }
      var blob = written(noise(10));
      var read = blobs().read(blob, 0, 10).collect().asList();
      assertThat(contextOf(context, read).get(30, TimeUnit.SECONDS)).isSameAs(context);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private static CompletableFuture<Context> contextOf(Context context, Uni<?> call) {
    var seen = new CompletableFuture<Context>();
    context.runOnContext(
        v ->
            call.subscribe()
                .with(x -> seen.complete(Vertx.currentContext()), seen::completeExceptionally));
    return seen;
  }

  final List<ContentId> contentIds() {
    var columns = load(inbox).messages();
    return IntStream.range(0, columns.size()).mapToObj(i -> columns.info(i).content()).toList();
  }

  private static Content content(Map<ContentId, Content> contents, ContentId id) {
    return Optional.ofNullable(contents.get(id)).orElseThrow();
  }

  private BlobId written(Buffer all) {
    var blob = BlobId.random();
    for (int i = 0; i * CHUNK < all.length(); i++) {
      var chunk = all.getBuffer(i * CHUNK, Math.min(all.length(), (i + 1) * CHUNK));
      await(blobs().write(blob, i, chunk));
    }
    return blob;
  }

  private Buffer bytes(Multi<Buffer> pieces) {
    return await(pieces.collect().in(Buffer::buffer, Buffer::appendBuffer));
  }

  private static Buffer noise(int length) {
    var bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return Buffer.buffer(bytes);
  }
}
