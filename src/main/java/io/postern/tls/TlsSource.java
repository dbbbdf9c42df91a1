package io.postern.tls;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.SSLOptions;
import java.util.Optional;

/** The source of a listener's TLS configuration. */
@FunctionalInterface
public interface TlsSource {
  /**
   * Read at the start and at each renewal: certificate and key, trusted issuers, and cipher suites
   * if not all are wanted. Without a certificate there is no TLS. Protocol versions are not taken
   * from it: TLS 1.2 and 1.3 are offered, or as {@link #onlyTls13} says.
   */
  SSLOptions options();

  /** Whether clients are asked for a certificate; read at each handshake. */
  default ClientAuth clientAuth() {
    return ClientAuth.NONE;
  }

  /**
   * The engine that performs the handshake; read at each handshake. OpenSSL only where {@link
   * TlsEngine#openSslProblem} is empty and all cipher suites are wanted: its TLS 1.3 suites cannot
   * be selected.
   */
  default TlsEngine engine() {
    return TlsEngine.JDK;
  }

  /**
   * The secret that replicas share, so that a session is resumed by any of them with OpenSSL's
   * engine; read at each handshake. While it is empty, sessions are resumed by this process alone.
   */
  default Optional<TicketSecret> ticketSecret() {
    return Optional.empty();
  }

  /** Whether TLS 1.2 is refused; read at each handshake. */
  default boolean onlyTls13() {
    return false;
  }

  /**
   * Whether a client that names a host (RFC 6066 §3) is shown the certificate of that host; read at
   * the start.
   */
  default boolean sni() {
    return false;
  }

  /** A source without a certificate. */
  static TlsSource none() {
    return SSLOptions::new;
  }
}
