package io.postern.wire;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Receives bytes as they arrive: of a spooled literal, or of message data. */
public interface LiteralSink {
  /**
   * Takes the next bytes. Until it completes, it is not called again and the socket is not read.
   * After a failure the remaining bytes are discarded and the command still runs; the sink must
   * keep the failure for the command to find.
   */
  Uni<Void> write(Buffer bytes);

  /** Releases the bytes: the connection is gone or the command was dropped. */
  void abandon();

  /** The command that the bytes were received for has ended, whatever became of it. */
  default void ended() {}
}
