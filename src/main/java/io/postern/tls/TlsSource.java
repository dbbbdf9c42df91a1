package io.postern.tls;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.SSLOptions;

/** Where a listener takes its certificate from. */
@FunctionalInterface
public interface TlsSource {
  /**
   * Asked at the start and at each renewal. Certificate and key, trusted issuers, cipher suites if
   * fewer than all are wanted. Without a certificate, no TLS. Protocol versions are not taken from
   * it: TLS 1.2 and 1.3 are spoken, or {@link #onlyTls13}.
   */
  SSLOptions options();

  /** Whether clients are asked for a certificate; asked at each handshake. */
  default ClientAuth clientAuth() {
    return ClientAuth.NONE;
  }

  /** Whether TLS 1.2 is refused; asked at each handshake. */
  default boolean onlyTls13() {
    return false;
  }

  /**
   * Whether a client that names a host (RFC 6066 §3) is shown the certificate of that host; asked
   * at the start.
   */
  default boolean sni() {
    return false;
  }

  /** No certificate. */
  static TlsSource none() {
    return SSLOptions::new;
  }
}
