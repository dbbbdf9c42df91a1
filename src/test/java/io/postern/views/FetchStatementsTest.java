package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageScanner;
import io.postern.model.Ids.BlobId;
import io.postern.model.message.Flags;
import io.postern.push.LocalHints;
import io.postern.store.Blobs;
import io.postern.store.Messages.NewMessage;
import io.postern.store.SampleMessages;
import io.postern.store.Staged;
import io.postern.store.content.CachingBlobs;
import io.postern.store.content.CachingMessages;
import io.postern.store.content.ContentCache;
import io.postern.store.content.CountingStore;
import io.postern.store.memory.MemoryBlobs;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** How many statements a FETCH awaits: one for what is not in memory, none for the rest. */
class FetchStatementsTest {
  private static final int CACHE = 64 << 20;

  private final RandomScheduler scheduler = new RandomScheduler(1);
  private final TestNodes setup = new TestNodes();
  private final CountingStore store =
      new CountingStore(setup.messages, new MemoryBlobs(setup.store));

  /** A client of a node with a cache, that has selected so many messages of this size. */
  private ModelClient selected(int messages, int octets) {
    var text = Buffer.buffer("Subject: s\r\n\r\n" + "a line of text\r\n".repeat(octets / 16 + 1));
    text = text.slice(0, octets);
    var scanner = new MessageScanner();
    scanner.feed(text);
    var staged = new Staged(bytes(text), scanner.finish());
    var message = new NewMessage(staged, Flags.NONE, SampleMessages.CAME);
    TestNodes.await(
        setup.messages.append(setup.mailbox("INBOX"), Collections.nCopies(messages, message)));
    var cache = new ContentCache(() -> CACHE);
    var node =
        setup.node(
            new LocalHints(),
            setup.mailboxes,
            new CachingMessages(store.messages(), cache, (_, _) -> {}),
            new CachingBlobs(store.blobs(), cache),
            1 << 20);
    var player = new ModelClient(scheduler, node.protocol());
    player.select("INBOX");
    scheduler.settle();
    return player;
  }

  /** As they are staged: in memory up to one chunk. */
  private Staged.Bytes bytes(Buffer text) {
    if (text.length() <= Blobs.CHUNK) {
      return new Staged.Bytes.Inline(text);
    }
    var blob = BlobId.random();
    for (int n = 0; n * Blobs.CHUNK < text.length(); n++) {
      int to = Math.min(text.length(), (n + 1) * Blobs.CHUNK);
      TestNodes.await(new MemoryBlobs(setup.store).write(blob, n, text.slice(n * Blobs.CHUNK, to)));
    }
    return new Staged.Bytes.Stored(blob);
  }

  private int statements(ModelClient player, String command) {
    store.reset();
    player.say(command);
    scheduler.settle();
    assertThat(player.busy()).isFalse();
    assertThat(player.news()).anyMatch(line -> line.startsWith("t OK FETCH"));
    assertThat(player.allowances()).isZero();
    return store.calls();
  }

  @Test
  void aBodyUpToOneChunkIsOneColdAndNoneWarm() {
    var player = selected(1, Blobs.CHUNK);
    assertThat(statements(player, "FETCH 1 BODY.PEEK[]")).isEqualTo(1);
    assertThat(statements(player, "FETCH 1 BODY.PEEK[]")).isZero();
    assertThat(statements(player, "FETCH 1 (BODY.PEEK[HEADER] BODY.PEEK[TEXT])")).isZero();
  }

  @Test
  void anEnvelopeIsOneColdAndNoneWarm() {
    var player = selected(100, 4_000);
    assertThat(statements(player, "FETCH 1:* (FLAGS ENVELOPE)")).isEqualTo(1);
    assertThat(statements(player, "FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE)")).isZero();
  }

  @Test
  void headerAndTextAreOneRead() {
    var player = selected(1, 4_000);
    assertThat(statements(player, "FETCH 1 (ENVELOPE BODY.PEEK[HEADER] BODY.PEEK[TEXT])"))
        .isEqualTo(1);
  }

  @Test
  void manyBodiesAreReadInFewStatements() {
    var player = selected(256, 4_000);
    assertThat(statements(player, "FETCH 1:* BODY.PEEK[]")).isEqualTo(2);
    assertThat(statements(player, "FETCH 1:* BODY.PEEK[]")).isZero();
    var large = selected(32, 30_000);
    assertThat(statements(large, "FETCH 257:* BODY.PEEK[]")).isEqualTo(2);
  }

  @Test
  void aLargeBodyIsOneMoreForEachChunk() {
    var player = selected(1, 3 * Blobs.CHUNK);
    assertThat(statements(player, "FETCH 1 BODY.PEEK[]")).isEqualTo(1 + 3);
    assertThat(statements(player, "FETCH 1 BODY.PEEK[]")).isZero();
  }
}
