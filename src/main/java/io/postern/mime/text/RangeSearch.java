package io.postern.mime.text;

import io.vertx.core.buffer.Buffer;

/**
 * Searches the stored octets of one range, fed in order and cut anywhere. A call of {@link #feed}
 * does work only for the octets it is given, and for at most one header field; {@link #advance}
 * matches the remaining text piece by piece. So a caller that feeds small pieces can stop after
 * each.
 */
public sealed interface RangeSearch permits HeaderSearch, BodySearch {
  /** Searches the next octets. */
  void feed(Buffer bytes);

  /** Ends the range; called once. Work may still be pending. */
  void finish();

  /** Whether {@link #advance} has work to do; the caller checks it before it feeds more. */
  boolean pending();

  /** Matches the next piece of the pending work. */
  void advance();
}
