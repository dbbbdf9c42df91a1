package io.postern.pop3;

import io.vertx.core.buffer.Buffer;

/** Makes a message's octets a multi-line response (RFC 1939 §3), in any cuts. */
final class Stuffing {
  private boolean lineStart = true;
  private byte last = '\n';
  private byte before = '\r';

  /** The next octets, with a dot before each that begins a line. */
  Buffer piece(Buffer piece) {
    var octets = piece.getBytes();
    var out = Buffer.buffer(octets.length + 16);
    int from = 0;
    for (int at = 0; at < octets.length; at++) {
      byte octet = octets[at];
      if (lineStart && octet == '.') {
        out.appendBytes(octets, from, at - from).appendByte((byte) '.');
        from = at;
      }
      lineStart = octet == '\n';
      before = last;
      last = octet;
    }
    return out.appendBytes(octets, from, octets.length - from);
  }

  /** What ends it: of its last line what is missing, and the line with the dot. */
  String end() {
    return last == '\n' && before == '\r' ? ".\r\n" : "\r\n.\r\n";
  }
}
