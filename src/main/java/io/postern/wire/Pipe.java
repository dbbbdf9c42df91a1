package io.postern.wire;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/**
 * A client's connection with another server, from the end of its login on.
 *
 * @param server the paused connection to that server
 * @param answer what is sent to the client first: the response to its login, and what came behind
 * @param user the login name of the account whose mailboxes are opened
 * @param site the name of the other server's site
 * @param silence after which the client is closed with {@link CloseReason#IDLE_TIMEOUT}; octets in
 *     either direction count
 * @param spread the longest time after which the client is closed when the server has failed
 * @param observer is notified of its begin and its end
 */
public record Pipe(
    ServerStream server,
    Buffer answer,
    String user,
    String site,
    Duration silence,
    Duration spread,
    Observer observer) {
  /** Is notified of a pipe's begin and end, on the connection's context. */
  public interface Observer {
    /** It has begun. */
    void began();

    /** It has ended, after it had begun. */
    void ended(ServerStream.End how);
  }

  /** The same pipe with other octets to be sent to the client first. */
  public Pipe withAnswer(Buffer first) {
    return new Pipe(server, first, user, site, silence, spread, observer);
  }
}
