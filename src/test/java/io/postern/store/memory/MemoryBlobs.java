package io.postern.store.memory;

import io.postern.model.Ids.BlobId;
import io.postern.store.Blobs;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The bytes of a {@link MemoryStore}. */
public final class MemoryBlobs implements Blobs {
  private final MemoryStore store;

  public MemoryBlobs(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Uni<Void> write(BlobId blob, int number, Buffer bytes) {
    return store.run(
        () -> {
          var chunks = store.blobs.computeIfAbsent(blob, b -> new ArrayList<>());
          boolean previousIsFull = number == 0 || chunks.getLast().length() == CHUNK;
          if (number != chunks.size() || !previousIsFull) {
            throw new IllegalArgumentException("chunk " + number + " is out of order");
          }
          if (bytes.length() < 1 || bytes.length() > CHUNK) {
            throw new IllegalArgumentException("a chunk has 1 to " + CHUNK + " octets");
          }
          chunks.add(bytes.copy());
        });
  }

  @Override
  public Multi<Buffer> read(BlobId blob, long from, long length) {
    if (length <= 0) {
      return Multi.createFrom().empty();
    }
    long last = from + length - 1;
    return Multi.createFrom()
        .items(() -> LongStream.rangeClosed(from / CHUNK, last / CHUNK).boxed())
        .onItem()
        .transformToUniAndConcatenate(chunk -> piece(blob, chunk, from, from + length))
        .select()
        .first(piece -> piece.length() > 0);
  }

  private Uni<Buffer> piece(BlobId blob, long chunk, long from, long to) {
    return store.call(
        () -> {
          var chunks = store.blobs.getOrDefault(blob, List.of());
          if (chunk >= chunks.size()) {
            return Buffer.buffer();
          }
          var bytes = chunks.get((int) chunk);
          long start = chunk * CHUNK;
          int first = Math.clamp(from - start, 0, bytes.length());
          int end = Math.clamp(to - start, first, bytes.length());
          return bytes.slice(first, end);
        });
  }

  @Override
  public Uni<Void> drop(BlobId blob) {
    return store.run(() -> store.blobs.remove(blob));
  }
}
