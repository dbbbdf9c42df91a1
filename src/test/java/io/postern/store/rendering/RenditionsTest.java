package io.postern.store.rendering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.MailboxName;
import io.postern.model.MimeFormat;
import io.postern.model.message.Flags;
import io.postern.render.RenderOptions;
import io.postern.render.RenderedMessages;
import io.postern.store.Blobs;
import io.postern.store.Destination;
import io.postern.store.IndexReader.ShownSize;
import io.postern.store.Messages;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.NewMessage;
import io.postern.store.SampleMessages;
import io.postern.store.Staging;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class RenditionsTest {
  private static final RenderOptions TEXT =
      new RenderOptions(MimeFormat.TEXT_ONLY, Optional.empty(), false);
  private static final Columns BYTES = new Columns(true, Blobs.CHUNK);

  private final MemoryStore store = new MemoryStore();
  private final Messages messages = new MemoryMessages(store);
  private final Blobs blobs = new MemoryBlobs(store);
  private final AccountId account =
      await(
          new MemoryAccounts(store).create("ada@example.test", Verifiers.of(new Secret("$none$"))));
  private final Renditions renditions = renditions(Runnable::run);

  private Renditions renditions(Executor worker) {
    return new Renditions(messages, blobs, worker, 1 << 20);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(10));
  }

  private ContentId append(String message) {
    return append(RenderedMessages.octets(message));
  }

  private ContentId append(Buffer message) {
    var staging = new Staging(blobs);
    await(staging.write(message));
    var staged = await(staging.finish());
    var to = new Destination.Named(account, MailboxName.INBOX, Optional.empty());
    var added = new NewMessage(staged, Flags.of(), SampleMessages.CAME);
    return new ContentId(
        await(messages.append(to, List.of(added))).change().changed().contents()[0]);
  }

  private Messages.Content read(Messages from, ContentId id, Columns columns) {
    var found = await(from.contents(account, List.of(id), columns));
    return Optional.ofNullable(found.get(id)).orElseThrow();
  }

  @Test
  void storedMessagesAreNotDecorated() {
    assertThat(renditions.of(RenderOptions.STORED)).isSameAs(messages);
    assertThat(messages.renders()).isFalse();
    assertThat(renditions.of(TEXT).renders()).isTrue();
  }

  @Test
  void aRenditionIsMadeOnceAndRemembered() {
    var id = append(RenderedMessages.HTML);
    var shown = renditions.of(TEXT);
    var first = read(shown, id, BYTES);
    var again = read(shown, id, Columns.FACTS);
    assertThat(renditions.made()).isEqualTo(1);
    assertThat(again.facts()).isEqualTo(first.facts());
    assertThat(first.bytes().orElseThrow().length()).isEqualTo(first.facts().size());
    assertThat(renditions.octets()).isPositive();
    renditions.drop(account);
    read(shown, id, BYTES);
    assertThat(renditions.made()).isEqualTo(2);
  }

  @Test
  void sizesAreRememberedWithoutTheRenditions() {
    var html = append(RenderedMessages.HTML);
    var plain = append(RenderedMessages.PLAIN);
    var shown = renditions.of(TEXT);
    var facts = read(shown, html, Columns.FACTS).facts();
    var size = new ShownSize(facts.size(), facts.octets().crlfSize().orElseThrow());
    assertThat(await(shown.shownSizes(account, List.of(html, plain, new ContentId(999)))))
        .isEqualTo(Map.of(html, size));
    assertThat(renditions.made()).isEqualTo(2);
    assertThat(await(shown.shownSizes(account, List.of(html, plain)))).hasSize(1);
    assertThat(renditions.made()).isEqualTo(2);
  }

  /** As {@code Messages.contents} has it: in order, up to the limit, the first in any case. */
  @Test
  void readsWithinALimit() {
    var ids = new ArrayList<ContentId>();
    for (int i = 0; i < 5; i++) {
      ids.add(append(RenderedMessages.HTML.replace("bold", "bold" + i)));
    }
    var shown = renditions.of(TEXT);
    long held = read(shown, ids.getFirst(), BYTES).held();
    for (int fits = 1; fits <= 5; fits++) {
      var contents = await(shown.contents(account, ids, BYTES, fits * held + held / 2));
      assertThat(contents.found().keySet())
          .containsExactlyInAnyOrderElementsOf(ids.subList(0, fits));
      assertThat(contents.left()).containsExactlyInAnyOrderElementsOf(ids.subList(fits, 5));
    }
    assertThat(await(shown.contents(account, ids, BYTES, 0)).found()).hasSize(1);
  }

  @Test
  void aRangeIsTheSameWhereverItsOctetsAre() {
    var large = RenderedMessages.MIXED.replace("stays", "x".repeat(400_000));
    var id = append(large);
    var content = read(renditions.of(TEXT), id, BYTES);
    assertThat(content.bytes()).isEmpty();
    int size = content.facts().size();
    var all = octets(content, 0, size);
    assertThat(all.length()).isEqualTo(size);
    for (int from : new int[] {0, 1, 300, size / 2, size - 1, size}) {
      for (int length : new int[] {1, 100, 200_000, size}) {
        assertThat(octets(content, from, length))
            .isEqualTo(all.slice(from, Math.min(size, from + length)));
      }
    }
  }

  private Buffer octets(Messages.Content content, int from, int length) {
    return await(
        content
            .read(blobs, from, length, () -> 70_000)
            .invoke(piece -> assertThat(piece.length()).isBetween(1, 70_000))
            .collect()
            .in(Buffer::buffer, Buffer::appendBuffer));
  }

  @Test
  void whenTooManyWaitTheStoreIsUnavailable() {
    var id = append(RenderedMessages.HTML);
    Executor full =
        _ -> {
          throw new RejectedExecutionException();
        };
    assertThatThrownBy(() -> read(renditions(full).of(TEXT), id, BYTES))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.failure()).isInstanceOf(StoreFailure.Unavailable.class));
  }

  @Test
  void nothingIsRenderedForASubscriberThatHasGone() {
    var id = append(RenderedMessages.HTML);
    var tasks = new ArrayList<Runnable>();
    var later = renditions(tasks::add);
    var reading = later.of(TEXT).contents(account, List.of(id), BYTES).subscribe().with(_ -> {});
    assertThat(tasks).hasSize(1);
    reading.cancel();
    tasks.removeFirst().run();
    assertThat(tasks).isEmpty();
    assertThat(later.made()).isZero();
  }

  @Test
  void aFailureOfTheRendererFailsTheRead() {
    var id = append(RenderedMessages.MIXED.replace("stays", "x".repeat(400_000)));
    var whole = read(messages, id, BYTES);
    await(blobs.drop(whole.blob()));
    assertThatThrownBy(() -> read(renditions.of(TEXT), id, BYTES))
        .isInstanceOf(IllegalStateException.class);
  }
}
