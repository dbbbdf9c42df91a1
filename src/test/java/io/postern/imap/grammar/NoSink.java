package io.postern.imap.grammar;

import io.postern.wire.LiteralSink;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Stands for bytes that were spooled. */
record NoSink() implements LiteralSink {
  @Override
  public Uni<Void> write(Buffer bytes) {
    return Uni.createFrom().voidItem();
  }

  @Override
  public void abandon() {
    // Nothing was kept.
  }
}
