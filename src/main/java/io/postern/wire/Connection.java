package io.postern.wire;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLSession;

/** One socket on one event-loop context. All methods are called on that context. */
public interface Connection {
  /** The session's identifier in logs: 16 hex digits, never reused while the server runs. */
  String id();

  /** The client's address. */
  SocketAddress remote();

  /** The address that the client connected to. */
  SocketAddress local();

  /** Whether TLS is active. */
  boolean secure();

  /** The TLS session that ends in this process; empty without TLS. */
  default Optional<SSLSession> tls() {
    return Optional.empty();
  }

  /** Whether TLS can be started: it is not active yet, and a certificate is configured. */
  boolean canStartTls();

  /** Whether {@link StreamStage#DEFLATE} is active. */
  default boolean compressed() {
    return false;
  }

  /** The event-loop context on which all work of the session runs. */
  Context context();

  /** The output of this connection. */
  Outbox out();

  /**
   * The next line, for the running command (a SASL response, DONE), without its line end. Output
   * waiting in the outbox is sent first. Fails with {@link LineTooLong} when the line is longer
   * than allowed, with {@link CancellationException} when the connection ends.
   */
  Uni<Buffer> nextLine();

  /**
   * Reads message data up to the line with a single dot (RFC 5321 §4.5.2), unstuffed, into the
   * sink. Fails with {@link CancellationException} when the connection ends.
   *
   * @param limit most octets passed to the sink; further ones are read and discarded
   * @return the size of the data in octets
   */
  Uni<Long> data(LiteralSink sink, long limit);

  /**
   * Switches the stream to a further stage when the running command has ended: sends the answer,
   * discards what came behind the command, and inserts the stage. Then the session continues.
   *
   * @param answer the tagged OK, with its line end: the last output that does not pass through the
   *     stage
   */
  void switchStream(StreamStage stage, Buffer answer);

  /** What the connection has to do with other sites. */
  default SiteLink sites() {
    return SiteLink.NONE;
  }

  /**
   * Sets how long the client may be silent before it is closed for the reason: while no command
   * runs, or the running one waits for {@link #nextLine}. Pieces of a line count as silence.
   */
  void timeout(Duration silence, CloseReason reason);

  /**
   * Closes the connection with {@link CloseReason#LOGIN_TIMEOUT} unless {@link #user} is called
   * within the time, counted from the connection's beginning, whatever the client sends meanwhile.
   * A running command is answered first.
   */
  default void loginWithin(Duration time) {}

  /**
   * Runs the task on the connection's context after the delay, accurate to about a tenth of a
   * second, unless it is cancelled or the connection ends first. Needs no timer of its own.
   */
  Cancellation after(Duration delay, Runnable task);

  /**
   * Runs the task on the connection's context when the event loop has polled its sockets and timers
   * and served the other connections that wait for a turn: the next slice of long work, of a few
   * milliseconds. Unlike a plain task, of which the event loop runs dozens in a row.
   */
  void queue(Runnable task);

  /** Records that a user has logged in; from now on the limits of users apply. */
  default void user(String name) {}

  /**
   * Records that the user has left and the connection stays: the limits of unauthenticated
   * connections apply again, {@link #loginWithin} counts from now.
   */
  default void userLeft() {}

  /** Records the name that the client's program gives itself. */
  default void client(String program) {}

  /**
   * Records how the running command ended, or one with a refused literal or too long a line.
   *
   * @param command its name, of a closed list; {@code ?} for one that is not in it
   * @param outcome a word of a closed list, too
   * @param nanos how long it ran
   */
  default void commandEnded(String command, String outcome, long nanos) {}

  /** Sends the waiting output and the farewell, then closes. Later output is discarded. */
  void close(CloseReason reason);

  /**
   * Closes because the server shuts down, but never within a command: one that is running, or being
   * received, is answered first.
   *
   * @param lastCommand the longest time that may take
   */
  default void leave(Duration lastCommand) {
    close(CloseReason.SHUTDOWN);
  }

  /** Notifies the session that settings have changed. */
  default void settingsChanged() {}

  /** Cancels a scheduled task. */
  interface Cancellation {
    void cancel();
  }

  /** The awaited line is longer than allowed. */
  final class LineTooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LineTooLong(int limit) {
      super("a line has at most " + limit + " octets", null, false, false);
    }
  }
}
