package io.postern.imap.command;

import io.postern.imap.grammar.Section.Partial;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** The octets that a partial leaves of a run of octets; cuts the pieces of that run in order. */
final class PartialRange {
  private final long skip;
  private final long length;

  /** Octets of the run that {@link #cut} has seen. */
  private long seen;

  private PartialRange(long skip, long length) {
    this.skip = skip;
    this.length = length;
  }

  /** What is left of a run of so many octets; nothing where it ends before (RFC 3501 §6.4.5). */
  static PartialRange of(Optional<Partial> partial, long octets) {
    if (partial.isEmpty()) {
      return new PartialRange(0, octets);
    }
    long skip = Math.min(partial.get().offset(), octets);
    return new PartialRange(skip, Math.min(partial.get().count(), octets - skip));
  }

  /** Octets before it. */
  long skip() {
    return skip;
  }

  /** Octets in it. */
  long length() {
    return length;
  }

  /** Those octets of the next piece that are in it. */
  Buffer cut(Buffer piece) {
    long from = Math.clamp(skip - seen, 0, piece.length());
    long to = Math.clamp(skip + length - seen, from, piece.length());
    seen += piece.length();
    return piece.slice((int) from, (int) to);
  }
}
