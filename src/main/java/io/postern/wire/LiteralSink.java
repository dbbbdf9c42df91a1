package io.postern.wire;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Takes bytes as they come: a spooled literal, or message data. */
public interface LiteralSink {
  /**
   * Takes the next bytes. No further call is made, and the socket is not read, until it completes.
   * After a failure the rest is swallowed and the failure is the sink's own to remember: the
   * command is run, and finds it.
   */
  Uni<Void> write(Buffer bytes);

  /** The bytes will not be used: the connection is gone or the command was dropped. */
  void abandon();
}
