package io.postern.pop3;

import io.vertx.core.buffer.Buffer;

/**
 * Converts a message's octets, cut anywhere, to a multi-line response (RFC 1939 §3): every line
 * ends with CRLF, and a dot that begins a line is doubled. A bare carriage return ends no line and
 * passes unchanged (RFC 5321 §2.3.8).
 */
final class DotStuffer {
  private byte last = '\n';
  private long octets;

  /** Returns the next octets, with CR before each bare LF and leading dots doubled. */
  Buffer piece(Buffer piece) {
    var octets = piece.getBytes();
    var out = Buffer.buffer(octets.length + 16);
    int from = 0;
    int dots = 0;
    for (int at = 0; at < octets.length; at++) {
      byte octet = octets[at];
      boolean bare = octet == '\n' && last != '\r';
      if (bare || (octet == '.' && last == '\n')) {
        out.appendBytes(octets, from, at - from).appendByte((byte) (bare ? '\r' : '.'));
        from = at;
        dots += bare ? 0 : 1;
      }
      last = octet;
    }
    out.appendBytes(octets, from, octets.length - from);
    this.octets += out.length() - dots;
    return out;
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
