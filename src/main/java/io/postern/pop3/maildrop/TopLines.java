package io.postern.pop3.maildrop;

import io.vertx.core.buffer.Buffer;

/** Passes a message's header and so many lines of its body (RFC 1939 §7), cut anywhere. */
final class TopLines {
  private final long bodyStart;
  private final long lines;
  private long at;
  private long passed;

  /**
   * @param bodyStart the first octet behind the header and its empty line
   * @param lines of the body
   */
  TopLines(long bodyStart, long lines) {
    this.bodyStart = bodyStart;
    this.lines = lines;
  }

  /** Whether no further octets will pass. */
  boolean over() {
    return at >= bodyStart && passed >= lines;
  }

  /** Octets that passed so far. */
  long passedOctets() {
    return at;
  }

  /** Returns those of the next octets that pass. */
  Buffer cut(Buffer piece) {
    int to = 0;
    while (to < piece.length() && !over()) {
      boolean lineFeed = piece.getByte(to) == '\n';
      passed += lineFeed && at >= bodyStart ? 1 : 0;
      at++;
      to++;
    }
    return piece.slice(0, to);
  }
}
