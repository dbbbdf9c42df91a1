package io.postern.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;

/** A connection to another server. All methods are called on the context on which it was opened. */
public interface ServerStream {
  /** How it ended. */
  enum End {
    /** The other side has closed it in order, by the close of TLS (RFC 8446 §6.1). */
    CLOSED,
    /** It broke: the other side, or the way to it, has failed. */
    BROKEN
  }

  /** Its TLS session; empty without TLS. */
  Optional<SSLSession> tls();

  /** Sends the octets. */
  void write(Buffer bytes);

  /** Whether the other side has not taken much of what was sent: no more should be written. */
  boolean full();

  /** Runs the task each time that it is no longer {@link #full}. */
  void onRoom(Runnable task);

  /** Passes received octets to the handler, in place of an earlier one. */
  void onOctets(Consumer<Buffer> handler);

  /** Calls the handler, in place of an earlier one, when it has ended; at once if it has. */
  void onEnd(Consumer<End> handler);

  /** Stops reading until {@link #resume}. */
  void pause();

  /** Reads again. */
  void resume();

  /** Closes it; no handler is called any more. */
  void close();
}
