package io.postern.sessions;

import io.postern.model.Ids.BlobId;
import io.postern.store.Blobs;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Bytes that can't be read as they should be. */
final class FaultyBlobs implements Blobs {
  /** The kind of read failure. */
  enum Fault {
    NONE,
    /** No piece arrives. */
    AT_ONCE,
    /** The first piece arrives. */
    LATER,
    /** The first piece arrives, and no failure. */
    SHORT
  }

  private final Blobs blobs;
  volatile Fault fault = Fault.NONE;

  FaultyBlobs(Blobs blobs) {
    this.blobs = blobs;
  }

  @Override
  public Uni<Void> write(BlobId blob, int number, Buffer bytes) {
    return blobs.write(blob, number, bytes);
  }

  @Override
  public Multi<Buffer> read(BlobId blob, long from, long length) {
    var pieces = blobs.read(blob, from, length);
    Multi<Buffer> failing =
        Multi.createFrom()
            .failure(() -> new StoreException(new StoreFailure.Unavailable("it is switched off")));
    Multi<Buffer> first = from < CHUNK ? pieces.select().first(1) : Multi.createFrom().empty();
    return switch (fault) {
      case NONE -> pieces;
      case AT_ONCE -> failing;
      case LATER -> Multi.createBy().concatenating().streams(first, failing);
      case SHORT -> first;
    };
  }

  @Override
  public Uni<Void> drop(BlobId blob) {
    return blobs.drop(blob);
  }
}
