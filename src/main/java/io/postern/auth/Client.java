package io.postern.auth;

import io.postern.model.MailProtocol;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * An unauthenticated connection, as a login attempt sees it. Created for each attempt, because TLS
 * may begin in between.
 *
 * @param session the connection's id in logs
 * @param protocol one with a login: IMAP or POP3
 * @param address the client's numeric address; its real one, also behind a load balancer
 * @param secure whether the connection is encrypted: TLS ends here or at a proxy right before this
 *     server
 * @param tls the TLS session that ends in this process, with the client's certificate if it showed
 *     one; empty without TLS, or when TLS ended at a proxy
 * @param front the front end of another site that passes the connection on; empty for a client's
 *     own connection
 */
public record Client(
    String session,
    MailProtocol protocol,
    String address,
    boolean secure,
    Optional<SSLSession> tls,
    Optional<Front> front) {
  /** A client's own connection. */
  public Client(
      String session,
      MailProtocol protocol,
      String address,
      boolean secure,
      Optional<SSLSession> tls) {
    this(session, protocol, address, secure, tls, Optional.empty());
  }

  /**
   * The front end of another site, which its certificate has proved.
   *
   * @param site its name
   * @param handOver what it has sent about the client; empty before that
   */
  public record Front(String site, Optional<HandOver> handOver) {}

  /**
   * What a front end sends about a client.
   *
   * @param user the authenticated user, when not the one whose mailboxes are opened
   * @param epoch of the home by which the front end has chosen this site; 0 when it does not say
   */
  public record HandOver(Optional<String> user, long epoch) {}
}
