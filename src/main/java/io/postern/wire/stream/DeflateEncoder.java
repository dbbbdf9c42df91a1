package io.postern.wire.stream;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Compresses the output of one connection (RFC 1951). Each call yields octets from which the peer
 * restores all that was encoded so far (RFC 4978 §4).
 *
 * <p>A compressor takes some 270 KB, so all connections of a thread share one: it is reset for each
 * call and primed with the last {@link #HISTORY} octets of the connection, which the peer still has
 * in its window. What it writes begins and ends at a full octet, so each call's blocks can follow
 * those of the last. On the connection's context.
 */
public final class DeflateEncoder {
  /** Octets of earlier output that later output refers to; most of the memory per connection. */
  public static final int HISTORY = 4 * 1024;

  private static final ThreadLocal<Shared> SHARED = ThreadLocal.withInitial(Shared::new);

  /** An empty last block with fixed codes (RFC 1951 §3.2.3), at an octet boundary. */
  private static final byte[] END = {3, 0};

  private byte[] history = new byte[0];

  private static final class Shared {
    // The least effort: RFC 4978 §4 finds that it suffices for responses.
    final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    final byte[] out = new byte[16 * 1024];
  }

  /** The compressed form of the next octets, with a flush behind them. */
  public Buffer encode(Buffer plain) {
    var shared = SHARED.get();
    var deflater = shared.deflater;
    byte[] octets = plain.getBytes();
    deflater.reset();
    if (history.length > 0) {
      deflater.setDictionary(history);
    }
    deflater.setInput(octets);
    var encoded = Buffer.buffer(octets.length / 2 + 16);
    int count;
    do {
      count = deflater.deflate(shared.out, 0, shared.out.length, Deflater.SYNC_FLUSH);
      encoded.appendBytes(shared.out, 0, count);
    } while (count == shared.out.length);
    remember(octets);
    return encoded;
  }

  private void remember(byte[] octets) {
    if (octets.length >= HISTORY) {
      history = Arrays.copyOfRange(octets, octets.length - HISTORY, octets.length);
      return;
    }
    int kept = Math.min(history.length, HISTORY - octets.length);
    byte[] next = Arrays.copyOf(octets, kept + octets.length);
    System.arraycopy(history, history.length - kept, next, 0, kept);
    System.arraycopy(octets, 0, next, kept, octets.length);
    history = next;
  }

  /** The octets that end the compressed stream. */
  public Buffer end() {
    return Buffer.buffer(END);
  }
}
