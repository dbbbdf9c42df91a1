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
 */
public record Client(
    String session,
    MailProtocol protocol,
    String address,
    boolean secure,
    Optional<SSLSession> tls) {}
