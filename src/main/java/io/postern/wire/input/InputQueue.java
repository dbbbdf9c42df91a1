package io.postern.wire.input;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;

/** The octets of a client that are not used yet, in the buffers in which they arrived. */
final class InputQueue {
  // Small: most connections are idle, and hold none.
  private final ArrayDeque<Buffer> pieces = new ArrayDeque<>(1);

  /** How much of the first piece is used up. */
  private int at;

  private long octets;

  /** Appends received octets. */
  void add(Buffer bytes) {
    if (bytes.length() > 0) {
      pieces.add(bytes);
      octets += bytes.length();
    }
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** The number of octets in all pieces. */
  long octets() {
    return octets;
  }

  /** The number of buffers that they are in. */
  int pieces() {
    return pieces.size();
  }

  /** The first piece; its octets before {@link #from} are used up. */
  Buffer first() {
    return pieces.getFirst();
  }

  /** The first unused octet of the first piece. */
  int from() {
    return at;
  }

  /** The position of the first line feed among the unused octets of the first piece, or -1. */
  int lineFeed() {
    var piece = first();
    int length = piece.length();
    for (int i = at; i < length; i++) {
      if (piece.getByte(i) == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Uses up at most so many octets of the first piece and returns them. */
  Buffer take(long most) {
    int size = (int) Math.min(most, first().length() - at);
    var bytes = first().slice(at, at + size);
    consume(size);
    return bytes;
  }

  /** Uses up octets of the first piece. */
  void consume(int count) {
    at += count;
    octets -= count;
    if (at == first().length()) {
      pieces.removeFirst();
      at = 0;
    }
  }

  /** Discards everything. */
  void clear() {
    pieces.clear();
    at = 0;
    octets = 0;
  }
}
