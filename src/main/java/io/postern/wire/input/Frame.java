package io.postern.wire.input;

import io.vertx.core.buffer.Buffer;

/** A unit that the {@link Framer} finds in the bytes. */
public sealed interface Frame {
  /** The line that completes a command, without its line end. */
  record Line(Buffer text) implements Frame {}

  /**
   * A line that ends in the announcement of a literal; the text is the part before it.
   *
   * @param size octets announced; {@link Long#MAX_VALUE} also for what is greater
   * @param synchronizing whether the client waits for {@code +}
   * @param binary whether it was announced as {@code ~{n}}
   */
  record Head(Buffer text, long size, boolean synchronizing, boolean binary) implements Frame {}

  /** The next octets of a literal or of message data; the last frame may be empty. */
  record Part(Buffer bytes, boolean last) implements Frame {}

  /**
   * A command whose text is longer than allowed; all of it was skipped.
   *
   * @param limit octets that are allowed
   * @param start its first octets of text, or those behind its last literal
   */
  record TooLong(int limit, Buffer start) implements Frame {}

  /**
   * A command of which more would have to be skipped than the limits allow; its end is not known.
   *
   * @param limit as of {@link TooLong}
   * @param start as of {@link TooLong}
   */
  record Endless(int limit, Buffer start) implements Frame {}

  /** The end of a command that was skipped. */
  record Skipped() implements Frame {}

  /** More bytes are needed. */
  record More() implements Frame {}
}
