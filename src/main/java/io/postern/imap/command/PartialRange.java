package io.postern.imap.command;

import io.postern.imap.grammar.Section.Partial;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** The octets that a partial selects from a section; cuts the section's pieces in order. */
public final class PartialRange {
  private final long skip;
  private final long length;

  /** Octets of the section that {@link #cut} has processed. */
  private long seen;

  private PartialRange(long skip, long length) {
    this.skip = skip;
    this.length = length;
  }

  /** The range within so many octets; empty if it begins behind them (RFC 3501 §6.4.5). */
  public static PartialRange of(Optional<Partial> partial, long octets) {
    if (partial.isEmpty()) {
      return new PartialRange(0, octets);
    }
    long skip = Math.min(partial.get().offset(), octets);
    return new PartialRange(skip, Math.min(partial.get().count(), octets - skip));
  }

  /** Octets before the range. */
  public long skip() {
    return skip;
  }

  /** Octets in the range. */
  public long length() {
    return length;
  }

  /** Returns the octets of the next piece that lie in the range. */
  public Buffer cut(Buffer piece) {
    long from = Math.clamp(skip - seen, 0, piece.length());
    long to = Math.clamp(skip + length - seen, from, piece.length());
    seen += piece.length();
    return piece.slice((int) from, (int) to);
  }
}
