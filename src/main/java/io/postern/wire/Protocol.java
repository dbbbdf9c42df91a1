package io.postern.wire;

import io.postern.cancellation.CancellationToken;
import io.postern.model.MailProtocol;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CancellationException;

/** The protocol that a listener serves. */
public interface Protocol {
  /** Which of the mail protocols it is. */
  MailProtocol kind();

  /** Whether a line may end in a literal, {@code {n}} or {@code {n+}} (RFC 3501 §4.3, RFC 7888). */
  boolean literals();

  /** Opens the protocol's side of a new connection; called on the connection's context. */
  Session open(Connection connection);

  /**
   * What a client is sent last that is connected with another server, at the start of a line; empty
   * for nothing.
   */
  default Buffer farewell(CloseReason reason) {
    return Buffer.buffer();
  }

  /** The protocol's side of one connection. All calls are made on the connection's context. */
  interface Session {
    /** The connection is open, its TLS handshake done where TLS is implicit: the session greets. */
    void opened();

    /**
     * Decides about a literal. Called when all earlier commands have ended and before any of its
     * bytes is taken. Nothing else happens on the connection until the decision is there.
     */
    Uni<LiteralPlan> literal(Request.Head head);

    /**
     * Runs one complete command. The next one is passed when the {@code Uni} completes; output
     * waiting in the outbox is sent then. A failure is a fault of the program: the connection is
     * closed with {@link CloseReason#FAULT}. When the connection ends first, the command's {@link
     * CancellationToken} is cancelled and the command must end soon; it may then fail with {@link
     * CancellationException}.
     */
    Uni<Void> command(Request request);

    /**
     * Whether a command may have more text than others before login. Called when it has more.
     *
     * @param start its first octets, 1 KiB at most
     */
    default boolean mayBeLong(Buffer start) {
      return false;
    }

    /**
     * The text of a command is longer than allowed. The command was read up to its end, or is not
     * read any further and the connection is closed after this call. Called in the command's turn.
     *
     * @param limit octets
     * @param start the beginning of the command: what came before, and 1 KiB of what is too long
     */
    void lineTooLong(int limit, Request start);

    /**
     * Settings have changed: the session recomputes what it derived from them, such as a time-out.
     * May be called at any moment, also while a command runs.
     */
    default void settingsChanged() {}

    /** The last output before the server closes; empty for none. */
    Buffer farewell(CloseReason reason);

    /**
     * The session has ended, with its connection, or with {@link CloseReason#LOGOUT} because the
     * client is connected with another server from now on. It can send nothing any more. Called
     * exactly once, and last.
     */
    void closed(CloseReason reason);
  }
}
