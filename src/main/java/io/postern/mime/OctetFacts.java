package io.postern.mime;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Facts about a message's octets: what mail protocols must change in them on the way to a client.
 *
 * @param ended whether the last line, if there is one, is ended by CRLF
 * @param crlfSize octets when every line is ended by CRLF, the last one too: the size of the
 *     message as POP3 sends it (RFC 1939 §11); empty when it is not known
 * @param nul whether there may be NUL among them
 */
public record OctetFacts(boolean ended, OptionalLong crlfSize, boolean nul) {
  /** The octet that a client is shown for NUL. */
  private static final byte SHOWN = (byte) 0x80;

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  /**
   * Converts some of the octets for a client that reads them outside a literal8: 0x80 for each NUL,
   * since CHAR8 has none (RFC 3501 §4.3.1, §9). Their number stays the same. Without NUL, returns
   * the buffer itself.
   */
  public Buffer shown(Buffer octets) {
    if (!nul) {
      return octets;
    }
    var bytes = octets.getBytes();
    return replaceNul(bytes) ? Buffer.buffer(bytes) : octets;
  }

  /** The facts of the same octets with so many more before them, in lines that CRLF ends. */
  OctetFacts behind(int more) {
    var size = crlfSize.isPresent() ? OptionalLong.of(crlfSize.getAsLong() + more) : crlfSize;
    return new OctetFacts(ended, size, nul);
  }

  /** Replaces each NUL with 0x80; returns whether there was one. */
  static boolean replaceNul(byte[] bytes) {
    int first = firstNul(bytes);
    for (int at = first; at < bytes.length; at++) {
      if (bytes[at] == 0) {
        bytes[at] = SHOWN;
      }
    }
    return first < bytes.length;
  }

  /** Whether NUL is among the octets. */
  public static boolean hasNul(byte[] octets) {
    return firstNul(octets) < octets.length;
  }

  /** Index of the first NUL, reading eight octets at a time; the length when there is none. */
  private static int firstNul(byte[] bytes) {
    var longs = ByteBuffer.wrap(bytes);
    int at = 0;
    while (at <= bytes.length - Long.BYTES && !hasZero(longs.getLong(at))) {
      at += Long.BYTES;
    }
    while (at < bytes.length && bytes[at] != 0) {
      at++;
    }
    return at;
  }

  /** Whether one of the eight octets is zero: only that borrows into a high bit that was clear. */
  private static boolean hasZero(long octets) {
    return ((octets - ONES) & ~octets & HIGH_BITS) != 0;
  }
}
