package io.postern.wire;

import io.vertx.core.buffer.Buffer;

/** What is done with a literal, decided before its first byte. */
public sealed interface LiteralPlan {
  /** Keep it in memory, as {@link Literal.Held}. */
  record Hold() implements LiteralPlan {}

  /** Stream it, as {@link Literal.Spooled}. */
  record Spool(LiteralSink sink) implements LiteralPlan {}

  /**
   * Don't take it. For a synchronizing literal the answer goes out now and the command is dropped;
   * else its bytes, and the rest of the command, are swallowed first, or, when they are more than
   * {@code WireLimits.skippedLiterals}, the answer goes out and the connection is closed.
   *
   * @param answer the tagged line, with its line end
   * @param close whether to close after it instead of swallowing
   */
  record Refuse(Buffer answer, boolean close) implements LiteralPlan {}

  /** The connection has ended before the literal: a sink that was made for it is given back. */
  default void abandon() {
    if (this instanceof Spool(var sink)) {
      sink.abandon();
    }
  }
}
