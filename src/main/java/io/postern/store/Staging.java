package io.postern.store;

import io.postern.mime.MessageScanner;
import io.postern.model.Ids.BlobId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Receives the bytes of a message, computes its facts as they arrive and makes its full chunks
 * durable; holds one chunk at most. Used on one event-loop context, one call at a time, except
 * {@link #abandon} and {@link #discard}, which may be called at any moment. The caller limits the
 * size.
 */
public final class Staging {
  private static final Logger LOG = System.getLogger(Staging.class.getName());

  private final Blobs blobs;
  private final MessageScanner scanner = new MessageScanner();
  private Buffer held = Buffer.buffer();
  private Optional<BlobId> blob = Optional.empty();
  private int chunks;
  private Optional<Throwable> failure = Optional.empty();

  public Staging(Blobs blobs) {
    this.blobs = blobs;
  }

  /**
   * Accepts the next bytes; completes when more can be accepted. After the first failure every call
   * fails with it and accepts nothing.
   */
  public Uni<Void> write(Buffer bytes) {
    if (failure.isPresent()) {
      return Uni.createFrom().failure(failure.get());
    }
    return Uni.createFrom().deferred(() -> scanned(bytes)).onFailure().invoke(this::fail);
  }

  private Uni<Void> scanned(Buffer bytes) {
    scanner.feed(bytes);
    return take(bytes, 0);
  }

  /** A chunk is written only when more follows it: a message of one chunk stays in memory. */
  private Uni<Void> take(Buffer bytes, int from) {
    int to = Math.min(bytes.length(), from + Blobs.CHUNK - held.length());
    held.appendBuffer(bytes.slice(from, to));
    return to == bytes.length()
        ? Uni.createFrom().voidItem()
        : writeHeld().chain(() -> take(bytes, to));
  }

  private Uni<Void> writeHeld() {
    var target = blob.orElseGet(BlobId::random);
    blob = Optional.of(target);
    var chunk = held;
    held = Buffer.buffer();
    return blobs.write(target, chunks++, chunk).chain(() -> dropAfterAbandon(target));
  }

  private Uni<Void> dropAfterAbandon(BlobId target) {
    return failure.isEmpty()
        ? Uni.createFrom().voidItem()
        : blobs.drop(target).chain(() -> Uni.createFrom().failure(failure.get()));
  }

  private void fail(Throwable cause) {
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
    }
  }

  /**
   * Completes the message. Fails with the first failure; the caller then has to call {@link
   * #abandon} or {@link #discard}, which drop what was written.
   */
  public Uni<Staged> finish() {
    if (failure.isPresent()) {
      return Uni.createFrom().failure(failure.get());
    }
    if (blob.isEmpty()) {
      return Uni.createFrom()
          .item(() -> new Staged(new Staged.Bytes.Inline(held), scanner.finish()));
    }
    var stored = new Staged.Bytes.Stored(blob.get());
    return writeHeld()
        .map(v -> new Staged(stored, scanner.finish()))
        .onFailure()
        .invoke(this::fail);
  }

  /**
   * Drops what was written and accepts nothing more. A chunk that is being written is dropped after
   * its write.
   */
  public Uni<Void> abandon() {
    fail(new CancellationException("the message was given up"));
    held = Buffer.buffer();
    return blob.map(blobs::drop).orElseGet(() -> Uni.createFrom().voidItem());
  }

  /**
   * Abandons it at once, without waiting until what was written is dropped. If that fails, the
   * chunks are swept later: no message refers to them.
   */
  public void discard() {
    abandon()
        .subscribe()
        .with(
            _ -> {},
            failure ->
                LOG.log(Level.DEBUG, "the octets of an aborted message were not deleted", failure));
  }
}
