package io.postern.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * One complete command: pieces of text with a literal between each two. Line ends and the literals'
 * announcements {@code {n}} are not part of the text.
 *
 * @param texts one more than the literals
 * @param literals in the order they came
 */
public record Request(List<Buffer> texts, List<Literal> literals) {
  /**
   * A command up to the announcement of a literal.
   *
   * @param texts the pieces so far, the last one up to the announcement
   * @param literals those received before
   * @param size octets announced, 0 to 2^63 - 1
   * @param synchronizing whether the client waits for {@code +}
   * @param binary whether it was announced as {@code ~{n}} (RFC 3516)
   */
  public record Head(
      List<Buffer> texts,
      List<Literal> literals,
      long size,
      boolean synchronizing,
      boolean binary) {}
}
