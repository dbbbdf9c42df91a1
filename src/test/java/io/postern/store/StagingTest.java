package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.Ids.BlobId;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class StagingTest {
  private static final int CHUNK = Blobs.CHUNK;
  private final Watched blobs = new Watched();
  private final Staging staging = new Staging(blobs);

  @Test
  void oneChunkStaysInMemory() {
    var all = message(CHUNK);
    pour(all, 10_000);
    var staged = await(staging.finish());
    assertThat(staged.bytes()).isEqualTo(new Staged.Bytes.Inline(all));
    assertThat(staged.facts().size()).isEqualTo(CHUNK);
    assertThat(staged.facts().header().toString()).isEqualTo("Subject: x\r\n\r\n");
    assertThat(blobs.sizes).isEmpty();
    await(staging.abandon());
    assertThat(blobs.dropped).isEmpty();
  }

  @Test
  void anEmptyMessageIsAccepted() {
    var staged = await(staging.finish());
    assertThat(staged.bytes()).isEqualTo(new Staged.Bytes.Inline(Buffer.buffer()));
    assertThat(staged.facts().size()).isZero();
  }

  @Test
  void oneOctetMoreIsWrittenInChunks() {
    var all = message(CHUNK + 1);
    pour(all, 7_777);
    assertThat(stored(await(staging.finish()))).isEqualTo(all);
    assertThat(blobs.sizes).containsExactly(CHUNK, 1);
  }

  @Test
  void exactChunksHaveNoEmptyTail() {
    var all = message(2 * CHUNK);
    pour(all, CHUNK);
    assertThat(stored(await(staging.finish()))).isEqualTo(all);
    assertThat(blobs.sizes).containsExactly(CHUNK, CHUNK);
  }

  @Test
  void anySplitOfTheInputGivesTheSameResult() {
    var random = new SplittableRandom(7);
    var all = message(3 * CHUNK + 4_321);
    for (int i = 0; i < 20; i++) {
      var one = new Staging(blobs);
      blobs.sizes.clear();
      int at = 0;
      while (at < all.length()) {
        int to = Math.min(all.length(), at + random.nextInt(1, 3 * CHUNK));
        await(one.write(all.slice(at, to)));
        at = to;
      }
      assertThat(stored(await(one.finish()))).isEqualTo(all);
      assertThat(blobs.sizes).containsExactly(CHUNK, CHUNK, CHUNK, 4_321);
    }
  }

  @Test
  void anExceptionIsReportedAsAFailure() {
    var faulty = new Staging(new Faulty());
    assertThatThrownBy(() -> await(faulty.write(message(CHUNK + 1)))).hasMessage("no memory");
    assertThatThrownBy(() -> await(faulty.finish())).hasMessage("no memory");
  }

  /** A store that throws where it should fail. */
  private static class Faulty implements Blobs {
    @Override
    public Uni<Void> write(BlobId blob, int number, Buffer bytes) {
      throw new IllegalStateException("no memory");
    }

    @Override
    public Multi<Buffer> read(BlobId blob, long from, long length) {
      return Multi.createFrom().empty();
    }

    @Override
    public Uni<Void> drop(BlobId blob) {
      return Uni.createFrom().voidItem();
    }
  }

  @Test
  void theFirstFailureStays() {
    var outage = new StoreException(new StoreFailure.Unavailable("down"));
    await(staging.write(message(CHUNK)));
    blobs.failing = Optional.of(outage);
    assertThatThrownBy(() -> await(staging.write(message(CHUNK)))).isSameAs(outage);
    blobs.failing = Optional.empty();
    assertThatThrownBy(() -> await(staging.write(message(20)))).isSameAs(outage);
    assertThatThrownBy(() -> await(staging.finish())).isSameAs(outage);
    await(staging.abandon());
    assertThat(blobs.dropped).hasSize(1);
    assertThatThrownBy(() -> await(staging.finish())).isSameAs(outage);
  }

  @Test
  void abandonedUploadsAreDropped() {
    await(staging.write(message(2 * CHUNK)));
    await(staging.abandon());
    assertThat(blobs.dropped).hasSize(1);
    assertThatThrownBy(() -> await(staging.write(message(20))))
        .isInstanceOf(CancellationException.class);
  }

  /** Its chunks are swept later. */
  @Test
  void aFailureToDropIsNoFailureOfADiscard() {
    var drops = new ArrayList<BlobId>();
    var outage = new StoreException(new StoreFailure.Unavailable("down"));
    var discarded =
        new Staging(
            new Faulty() {
              @Override
              public Uni<Void> write(BlobId blob, int number, Buffer bytes) {
                return Uni.createFrom().voidItem();
              }

              @Override
              public Uni<Void> drop(BlobId blob) {
                drops.add(blob);
                return Uni.createFrom().failure(outage);
              }
            });
    await(discarded.write(message(2 * CHUNK)));
    discarded.discard();
    assertThat(drops).hasSize(1);
    assertThatThrownBy(() -> await(discarded.write(message(20))))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void aChunkInFlightIsDroppedOnceWritten() {
    blobs.held = true;
    var outcome = new ArrayList<Throwable>();
    staging.write(message(2 * CHUNK)).subscribe().with(v -> {}, outcome::add);
    await(staging.abandon());
    assertThat(blobs.dropped).hasSize(1);
    blobs.onTheirWay.getFirst().complete(null);
    assertThat(blobs.dropped).hasSize(2);
    assertThat(outcome).singleElement().isInstanceOf(CancellationException.class);
    assertThat(blobs.onTheirWay).hasSize(1);
  }

  private void pour(Buffer all, int piece) {
    for (int at = 0; at < all.length(); at += piece) {
      await(staging.write(all.slice(at, Math.min(all.length(), at + piece))));
    }
  }

  private Buffer stored(Staged staged) {
    var bytes = (Staged.Bytes.Stored) staged.bytes();
    var pieces = blobs.read(bytes.blob(), 0, staged.facts().size());
    return await(pieces.collect().in(Buffer::buffer, Buffer::appendBuffer));
  }

  private static Buffer message(int length) {
    var bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return Buffer.buffer(bytes).setString(0, "Subject: x\r\n\r\n");
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(10));
  }

  /** Blobs that record calls, fail, or delay a write. */
  private static final class Watched implements Blobs {
    final MemoryBlobs under = new MemoryBlobs(new MemoryStore());
    final List<Integer> sizes = new ArrayList<>();
    final List<BlobId> dropped = new ArrayList<>();
    final List<UniEmitter<? super Void>> onTheirWay = new ArrayList<>();
    Optional<RuntimeException> failing = Optional.empty();
    boolean held;

    @Override
    public Uni<Void> write(BlobId blob, int number, Buffer bytes) {
      if (held) {
        return Uni.createFrom().emitter(onTheirWay::add);
      }
      sizes.add(bytes.length());
      return failing
          .<Uni<Void>>map(f -> Uni.createFrom().failure(f))
          .orElseGet(() -> under.write(blob, number, bytes));
    }

    @Override
    public Multi<Buffer> read(BlobId blob, long from, long length) {
      return under.read(blob, from, length);
    }

    @Override
    public Uni<Void> drop(BlobId blob) {
      dropped.add(blob);
      return under.drop(blob);
    }
  }
}
