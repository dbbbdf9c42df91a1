package io.postern.store;

import io.postern.model.Ids.BlobId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.function.IntSupplier;

/**
 * Stores blobs: runs of bytes, written in chunks, each durable by itself. A blob has no owner until
 * a message refers to it; the sweeper removes a blob without references after a grace time.
 */
public interface Blobs {
  /** How many octets one chunk holds, the last one aside. */
  int CHUNK = 128 * 1024;

  /**
   * Makes the next chunk durable. Chunks of a blob are written in order, one at a time.
   *
   * @param number of the chunk, from 0
   * @param bytes {@link #CHUNK} octets, the last chunk 1 to that many
   */
  Uni<Void> write(BlobId blob, int number, Buffer bytes);

  /**
   * The octets of a range, in order, in pieces of at most {@link #CHUNK}. Each piece is read on
   * demand, by a short call of its own.
   *
   * @param from the first octet, from 0
   * @param length how many; what lies behind the end is left out
   */
  Multi<Buffer> read(BlobId blob, long from, long length);

  /**
   * The octets of a range, in order, each piece read on demand.
   *
   * @param most octets of the next piece, 1 or more, asked before each; no piece is larger than
   *     {@link #CHUNK}
   */
  default Multi<Buffer> read(BlobId blob, long from, long length, IntSupplier most) {
    return length <= 0
        ? Multi.createFrom().empty()
        : Multi.createFrom()
            .deferred(() -> new BlobReading(this, blob, from, length, most).pieces());
  }

  /** Removes the chunks of a blob that no message will refer to. */
  Uni<Void> drop(BlobId blob);

  /** The octets of a content that are not those of one blob. */
  interface Octets {
    /** A range, in pieces that are not empty; as {@link Blobs#read} has it. */
    Multi<Buffer> read(Blobs blobs, long from, long length, IntSupplier most);

    /** How many are held in memory. */
    long held();
  }
}
