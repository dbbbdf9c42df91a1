package io.postern.wire;

import io.postern.cancellation.CancellationToken;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CancellationException;

/** What is spoken on a listener. */
public interface Protocol {
  /** Its name in lower case: {@code imap}, {@code pop3}, {@code lmtp}. */
  String name();

  /** Whether a line may end in a literal, {@code {n}} or {@code {n+}} (RFC 3501 §4.3, RFC 7888). */
  boolean literals();

  /** The protocol's side of a new connection; called on the connection's context. */
  Session open(Connection connection);

  /** The protocol's side of one connection. All calls come on the connection's context. */
  interface Session {
    /** The connection stands, its TLS handshake done where TLS is implicit: time to greet. */
    void opened();

    /**
     * What to do with a literal; asked when all earlier commands have ended and none of its bytes
     * was taken. Nothing else happens on the connection until the answer is there.
     */
    Uni<LiteralPlan> literal(Request.Head head);

    /**
     * Runs one complete command. The next one is given when the {@code Uni} completes; output
     * waiting in the outbox is then sent. A failure is a fault of the program: the connection is
     * closed with {@link CloseReason#FAULT}. When the connection ends first, the command's {@link
     * CancellationToken} is cancelled and it has to end soon; it may fail with {@link
     * CancellationException} then.
     */
    Uni<Void> command(Request request);

    /**
     * The text of a command is longer than allowed; the command was read up to its end, or is not
     * read any further and the connection is closed after this call. Called in the command's turn.
     *
     * @param limit octets
     * @param start the beginning of the command: what came before, and 1 KiB of what is too long
     */
    void lineTooLong(int limit, Request start);

    /**
     * Settings have changed: what was derived from them, such as a time-out, is derived anew. May
     * come at any moment, also while a command runs.
     */
    default void settingsChanged() {}

    /** The last words before the server closes; empty for none. */
    Buffer farewell(CloseReason reason);

    /** The connection is gone; nothing can be sent any more. Called exactly once. */
    void closed(CloseReason reason);
  }
}
