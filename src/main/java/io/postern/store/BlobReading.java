package io.postern.store;

import io.postern.model.Ids.BlobId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.function.IntSupplier;

/** Reads one range of a blob in pieces whose size may change during the read. */
final class BlobReading {
  private final Blobs blobs;
  private final BlobId blob;
  private final IntSupplier most;
  private final long end;
  private long at;

  BlobReading(Blobs blobs, BlobId blob, long from, long length, IntSupplier most) {
    this.blobs = blobs;
    this.blob = blob;
    this.most = most;
    this.at = from;
    this.end = from > Long.MAX_VALUE - length ? Long.MAX_VALUE : from + length;
  }

  /** The pieces, none empty; ends early where the blob ends. */
  Multi<Buffer> pieces() {
    return Multi.createBy()
        .repeating()
        .uni(this::piece)
        .whilst(piece -> piece.length() > 0 && at < end)
        .select()
        .where(piece -> piece.length() > 0);
  }

  /** The next piece, within one chunk; empty behind the end of the blob. */
  private Uni<Buffer> piece() {
    long chunkEnd = (at / Blobs.CHUNK + 1) * Blobs.CHUNK;
    long length = Math.min(Math.min(end, chunkEnd) - at, Math.max(1, most.getAsInt()));
    return blobs
        .read(blob, at, length)
        .collect()
        .first()
        .onItem()
        .ifNull()
        .continueWith(Buffer::buffer)
        .invoke(piece -> at += piece.length());
  }
}
