package io.postern.imap.command;

import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.wire.LiteralSink;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Takes the bytes of a message that a command brings, as they come. */
final class AppendSink implements LiteralSink {
  private static final System.Logger LOG = System.getLogger(AppendSink.class.getName());

  private final Staging staging;

  AppendSink(Staging staging) {
    this.staging = staging;
  }

  @Override
  public Uni<Void> write(Buffer bytes) {
    return staging.write(bytes);
  }

  /** The message, whole; fails with what went wrong while it came. */
  Uni<Staged> finish() {
    // From here on the bytes may belong to a message even if its APPEND seems to have failed.
    return staging.finish().onFailure().invoke(this::abandon);
  }

  @Override
  public void abandon() {
    staging
        .abandon()
        .subscribe()
        // What stays behind is swept like all that nobody refers to.
        .with(
            _ -> {},
            failure -> LOG.log(System.Logger.Level.DEBUG, "staged bytes stay behind", failure));
  }
}
