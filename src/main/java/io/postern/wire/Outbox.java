package io.postern.wire;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CancellationException;

/** Ordered, gathered output of one connection. */
public interface Outbox {
  /** Adds the bytes. Sent when 16 KiB have gathered, at the end of the turn, or at a flush. */
  Outbox write(Buffer bytes);

  /** Adds the text, each char one octet (ISO 8859-1). */
  Outbox write(String latin1);

  /** Sends what has gathered. */
  void flush();

  /**
   * Completes, at once where possible, when the client has taken enough that more may be written.
   * Awaited between pieces by all who write more than a few lines. Fails with {@link
   * CancellationException} when the connection has ended.
   */
  Uni<Void> room();

  /** Whether {@link #room()} would have to wait. */
  boolean full();
}
