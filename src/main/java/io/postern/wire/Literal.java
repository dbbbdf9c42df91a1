package io.postern.wire;

import io.vertx.core.buffer.Buffer;

/** A literal that was received completely. */
public sealed interface Literal {
  /** Its size in octets. */
  long size();

  /** A literal in memory. */
  record Held(Buffer bytes) implements Literal {
    @Override
    public long size() {
      return bytes.length();
    }
  }

  /** A literal that was streamed into the sink that the session chose for it. */
  record Spooled(LiteralSink sink, long size) implements Literal {}
}
