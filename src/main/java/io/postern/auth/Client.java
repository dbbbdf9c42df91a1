package io.postern.auth;

import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * Who asks to be let in: what is known of a connection before anybody has said a name. Made anew
 * for each attempt, because TLS may begin in between.
 *
 * @param session names the connection in logs
 * @param service what it speaks
 * @param address the client's numeric address; the real one, also behind a load balancer
 * @param secure whether nobody on the way can read along: TLS ends here or right before us
 * @param tls the TLS session that ends in this process, with the client's certificate if it showed
 *     one; empty without TLS, or when TLS ended before us
 */
public record Client(
    String session, Service service, String address, boolean secure, Optional<SSLSession> tls) {
  /** What is spoken. */
  public enum Service {
    IMAP,
    POP3
  }
}
