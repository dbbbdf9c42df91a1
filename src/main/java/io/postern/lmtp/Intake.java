package io.postern.lmtp;

import io.postern.store.Blobs;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.wire.LiteralSink;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The data of one message on its way from the wire to the store. */
final class Intake implements LiteralSink {
  private static final Logger LOG = System.getLogger(Intake.class.getName());

  private final Staging staging;

  Intake(Blobs blobs) {
    this.staging = new Staging(blobs);
  }

  @Override
  public Uni<Void> write(Buffer bytes) {
    return staging.write(bytes);
  }

  /**
   * The message, when all of it was written. Fails with what went wrong on the way; what was
   * written is given up then.
   */
  Uni<Staged> whole() {
    return staging.finish().onFailure().invoke(this::abandon);
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
