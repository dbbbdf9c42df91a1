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
  /** Names the session in logs: 16 hex digits, never reused while the server runs. */
  String id();

  /** The client. */
  SocketAddress remote();

  /** Where it connected to. */
  SocketAddress local();

  /** Whether TLS is on. */
  boolean secure();

  /** The TLS session that ends in this process; empty without TLS. */
  default Optional<SSLSession> tls() {
    return Optional.empty();
  }

  /** Whether TLS can be started: not on already, and a certificate is configured. */
  boolean canStartTls();

  /** The event-loop context all of the session's work runs on. */
  Context context();

  /** Where output goes. */
  Outbox out();

  /**
   * The next line, for the command that runs (a SASL answer, DONE), without its line end. Output
   * waiting in the outbox is sent first. Fails with {@link LineTooLong} when it is longer than
   * allowed, with {@link CancellationException} when the connection ends.
   */
  Uni<Buffer> nextLine();

  /**
   * Message data up to the line with a single dot (RFC 5321 §4.5.2), unstuffed, into the sink.
   * Fails with {@link CancellationException} when the connection ends.
   *
   * @param limit octets the sink is given at most; what is beyond is swallowed
   * @return how many octets the data had
   */
  Uni<Long> data(LiteralSink sink, long limit);

  /**
   * Starts TLS when the running command has ended: sends the answer, throws away plaintext that
   * came behind the command, shakes hands. {@link Protocol.Session} goes on where it was.
   *
   * @param answer the tagged OK, with its line end: the last plaintext
   */
  void startTls(Buffer answer);

  /**
   * How long the client may be silent, before it is closed for the reason: while no command runs,
   * or while the one that runs waits for {@link #nextLine}. Pieces of a line are silence, too.
   */
  void timeout(Duration silence, CloseReason reason);

  /**
   * Closes the connection with {@link CloseReason#LOGIN_TIMEOUT} unless {@link #user} is called so
   * soon after its beginning, whatever the client sends meanwhile. A command that runs is answered
   * first.
   */
  default void loginWithin(Duration time) {}

  /**
   * Runs the task on the connection's context after the delay, to a tenth of a second or so, unless
   * cancelled or the connection ends first. Costs no timer of its own.
   */
  Cancellation after(Duration delay, Runnable task);

  /** A user has logged in: tells the register of sessions, and the limits of users hold. */
  default void user(String name) {}

  /** Tells the register of sessions what program the client says it is. */
  default void client(String program) {}

  /**
   * Tells how the running command ends, or the one whose literal is refused or line too long.
   *
   * @param command its name, of a closed list; {@code ?} for one that is not in it
   * @param outcome of a closed list, too
   */
  default void ended(String command, String outcome) {}

  /** Sends what waits and the farewell, then closes. Later output is thrown away. */
  void close(CloseReason reason);

  /**
   * Closes because the server goes away, but never within a command: what runs, or is being sent,
   * is answered first.
   *
   * @param lastCommand how long that may take at most
   */
  default void leave(Duration lastCommand) {
    close(CloseReason.SHUTDOWN);
  }

  /** Tells the session that settings have changed. */
  default void settingsChanged() {}

  /** Takes a scheduled task back. */
  interface Cancellation {
    void cancel();
  }

  /** The line that was awaited is longer than allowed. */
  final class LineTooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LineTooLong(int limit) {
      super("a line has at most " + limit + " octets", null, false, false);
    }
  }
}
