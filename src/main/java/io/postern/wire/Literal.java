package io.postern.wire;

import io.vertx.core.buffer.Buffer;

/** A literal that came whole. */
public sealed interface Literal {
  /** Octets of it. */
  long size();

  /** In memory. */
  record Held(Buffer bytes) implements Literal {
    @Override
    public long size() {
      return bytes.length();
    }
  }

  /** Streamed into the sink that the session gave for it. */
  record Spooled(LiteralSink sink, long size) implements Literal {}
}
