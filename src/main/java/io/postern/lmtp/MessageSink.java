package io.postern.lmtp;

import io.postern.mime.header.HeaderSubset;
import io.postern.store.Blobs;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.wire.LiteralSink;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Streams the data of one message to the store, preceded by its trace fields. */
final class MessageSink implements LiteralSink {
  private final Staging staging;

  /** Removes from the header the trace fields that are replaced. */
  private final HeaderSubset header;

  /** Octets to write before the next ones. */
  private Buffer before;

  MessageSink(Blobs blobs, TraceFields trace) {
    this.staging = new Staging(blobs);
    // RFC 5321 §4.4: final delivery may remove Return-Path before it adds its own
    var replaced = trace.replacesReturnPath() ? List.of("Return-Path") : List.<String>of();
    this.header = new HeaderSubset(replaced, false);
    this.before = trace.common();
  }

  @Override
  public Uni<Void> write(Buffer bytes) {
    return header.over() ? staging.write(bytes) : writeBegin(header.feed(bytes));
  }

  private Uni<Void> writeBegin(Buffer bytes) {
    var begin = before.appendBuffer(bytes);
    before = Buffer.buffer();
    return staging.write(begin);
  }

  /**
   * Completes with the message when all of it is stored. Fails with the first failure on the way;
   * the stored octets are discarded then.
   */
  Uni<Staged> whole() {
    return writeBegin(header.finish()).chain(staging::finish).onFailure().invoke(this::abandon);
  }

  @Override
  public void abandon() {
    staging.discard();
  }
}
