package io.postern.wire.door;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.SSLOptions;

/** Where a listener takes its certificate from; asked at the start and at each renewal. */
@FunctionalInterface
public interface TlsSource {
  /** Certificate and key, trusted issuers, protocol versions. Without a certificate, no TLS. */
  SSLOptions options();

  /** Whether clients are asked for a certificate. */
  default ClientAuth clientAuth() {
    return ClientAuth.NONE;
  }

  /** No certificate. */
  static TlsSource none() {
    return SSLOptions::new;
  }
}
