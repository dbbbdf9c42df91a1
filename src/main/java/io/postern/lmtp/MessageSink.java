package io.postern.lmtp;

import io.postern.mime.header.HeaderSubset;
import io.postern.store.Blobs;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.wire.LiteralSink;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/** The data of one message on its way from the wire to the store, behind its trace fields. */
final class MessageSink implements LiteralSink {
  private static final Logger LOG = System.getLogger(MessageSink.class.getName());

  private final Staging staging;

  /** Takes out of the header what comes along of trace fields that are replaced. */
  private final HeaderSubset header;

  /** What goes before the next octets. */
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
   * The message, when all of it was written. Fails with what went wrong on the way; what was
   * written is given up then.
   */
  Uni<Staged> whole() {
    return writeBegin(header.finish()).chain(staging::finish).onFailure().invoke(this::abandon);
  }

  @Override
  public void abandon() {
    staging
        .abandon()
        .subscribe()
        .with(
            _ -> {},
            // Nobody owns the chunks: they are swept later.
            failure -> LOG.log(Level.DEBUG, "what was taken in is not dropped yet", failure));
  }
}
