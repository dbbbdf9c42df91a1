package io.postern.mime.text;

import io.vertx.core.buffer.Buffer;

/**
 * Looks through the stored octets of one range, fed in order and in any cuts. A call of {@link
 * #feed} does work for the octets it is given only, and for one header field at most; what that
 * leaves to be matched is done by {@link #advance}, piece by piece. So a caller that feeds small
 * pieces can stop after each.
 */
public sealed interface RangeSearch permits HeaderSearch, BodySearch {
  /** Takes the next octets. */
  void feed(Buffer bytes);

  /** The range is over; called once. Work may be pending behind it. */
  void finish();

  /** Whether {@link #advance} has something to do; always asked before more is fed. */
  boolean pending();

  /** Matches the next piece of what is pending. */
  void advance();
}
