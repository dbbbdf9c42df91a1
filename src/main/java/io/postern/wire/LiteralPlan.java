package io.postern.wire;

import io.vertx.core.buffer.Buffer;

/** The session's decision about a literal, made before its first octet. */
public sealed interface LiteralPlan {
  /** Keep it in memory, as {@link Literal.Held}. */
  record Hold() implements LiteralPlan {}

  /** Stream it, as {@link Literal.Spooled}. */
  record Spool(LiteralSink sink) implements LiteralPlan {}

  /**
   * Refuse it. For a synchronizing literal the answer is sent now and the command is dropped.
   * Otherwise its bytes and the rest of the command are read and discarded first; if they are more
   * than {@code WireLimits.skippedLiterals}, the answer is sent and the connection is closed.
   *
   * @param answer the tagged line, with its line end
   * @param close whether to close the connection after the answer instead of reading on
   */
  record Refuse(Buffer answer, boolean close) implements LiteralPlan {}

  /** Releases the plan's sink when the connection has ended before the literal. */
  default void abandon() {
    if (this instanceof Spool(var sink)) {
      sink.abandon();
    }
  }
}
