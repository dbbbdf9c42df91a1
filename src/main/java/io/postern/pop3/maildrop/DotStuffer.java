package io.postern.pop3.maildrop;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;

/**
 * Converts a message's octets, cut anywhere, to a multi-line response (RFC 1939 §3): every line
 * ends with CRLF, and a dot that begins a line is doubled. A bare carriage return ends no line and
 * passes unchanged (RFC 5321 §2.3.8).
 */
final class DotStuffer {
  private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;
  private static final long DOTS = 0x2E2E2E2E2E2E2E2EL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final boolean crlf;
  private byte last = '\n';
  private long octets;

  /**
   * @param crlf whether all line feeds of the message are known to follow CR: most pieces then pass
   *     as they are
   */
  DotStuffer(boolean crlf) {
    this.crlf = crlf;
  }

  /**
   * Returns the next octets, with CR before each bare LF and leading dots doubled; the same buffer
   * when it is known that they need neither.
   */
  Buffer piece(Buffer piece) {
    var octets = piece.getBytes();
    if (octets.length == 0) {
      return piece;
    }
    boolean passes = crlf && !(last == '\n' && octets[0] == '.') && !hasDottedLine(octets);
    var out = passes ? piece : changed(octets);
    last = octets[octets.length - 1];
    this.octets += out.length();
    return out;
  }

  private Buffer changed(byte[] octets) {
    var out = Buffer.buffer(octets.length + 16);
    int from = 0;
    byte before = last;
    for (int at = 0; at < octets.length; at++) {
      byte octet = octets[at];
      boolean bare = octet == '\n' && before != '\r';
      if (bare || (octet == '.' && before == '\n')) {
        out.appendBytes(octets, from, at - from).appendByte((byte) (bare ? '\r' : '.'));
        from = at;
        this.octets -= bare ? 0 : 1;
      }
      before = octet;
    }
    return out.appendBytes(octets, from, octets.length - from);
  }

  /** Whether there is a line feed with a dot behind it; looks at eight octets at a time. */
  private static boolean hasDottedLine(byte[] octets) {
    var longs = ByteBuffer.wrap(octets);
    int at = 0;
    for (; at < octets.length - Long.BYTES; at += Long.BYTES) {
      // An octet of this is zero where a line feed is followed by a dot.
      long pairs = (longs.getLong(at) ^ LINE_FEEDS) | (longs.getLong(at + 1) ^ DOTS);
      if (((pairs - ONES) & ~pairs & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; at < octets.length - 1; at++) {
      if (octets[at] == '\n' && octets[at + 1] == '.') {
        return true;
      }
    }
    return false;
  }

  /** Octets of all pieces as they are sent, doubled dots counted once (RFC 1939 §11). */
  long octets() {
    return octets;
  }

  /** Ends the response: the line end that the last line may lack, and the line with the dot. */
  String end() {
    return last == '\n' ? ".\r\n" : "\r\n.\r\n";
  }
}
