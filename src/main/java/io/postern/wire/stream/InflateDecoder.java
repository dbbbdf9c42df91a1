package io.postern.wire.stream;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses the input of one connection (RFC 1951), at most {@link #PIECE} octets at a time: a
 * few compressed octets may stand for very many. Keeps the window of 32 KiB that the peer refers
 * to, so it takes some 40 KB outside the heap until it is closed. On the connection's context.
 */
public final class InflateDecoder {
  /** Most octets of a piece. */
  public static final int PIECE = 16 * 1024;

  private final Inflater inflater = new Inflater(true);
  private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();

  /** The octets that the inflater has, of which it may not have used all. */
  private Buffer last = Buffer.buffer();

  /** Whether the last piece was full, so that there may be more without further input. */
  private boolean full;

  /** Takes compressed octets. */
  public void feed(Buffer compressed) {
    waiting.add(compressed);
  }

  /**
   * Whether {@link #next} may have more octets. After the end of the compressed stream it has not,
   * whatever follows.
   */
  public boolean pending() {
    return !inflater.finished() && holdsInput();
  }

  /** Whether there are octets that are not decompressed, or were and are not taken. */
  public boolean holdsInput() {
    return full || !inflater.needsInput() || !waiting.isEmpty();
  }

  /**
   * The next octets; none when more input is needed.
   *
   * @throws DataFormatException when the input is no compressed stream
   */
  public Buffer next() throws DataFormatException {
    byte[] out = new byte[PIECE];
    int count = 0;
    boolean more = true;
    while (count < PIECE && more) {
      if (inflater.needsInput() && !waiting.isEmpty()) {
        last = waiting.remove();
        inflater.setInput(last.getBytes());
      }
      int one = inflater.inflate(out, count, PIECE - count);
      count += one;
      if (inflater.needsDictionary()) {
        throw new DataFormatException("a dictionary is needed");
      }
      more = !inflater.finished() && (one > 0 || !waiting.isEmpty());
    }
    full = count == PIECE && !inflater.finished();
    return Buffer.buffer(count).appendBytes(out, 0, count);
  }

  /** Whether the client has ended the compressed stream. */
  public boolean finished() {
    return inflater.finished();
  }

  /** Takes back the octets that were not decompressed. */
  public Buffer rest() {
    var rest = Buffer.buffer();
    int remaining = inflater.getRemaining();
    if (remaining > 0) {
      rest.appendBuffer(last.slice(last.length() - remaining, last.length()));
    }
    waiting.forEach(rest::appendBuffer);
    waiting.clear();
    last = Buffer.buffer();
    inflater.setInput(new byte[0]);
    return rest;
  }

  /** Frees its memory; it can't be used any more. */
  public void close() {
    inflater.end();
    waiting.clear();
  }
}
