package io.postern.tls;

import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;

/**
 * The TLS engine options of a listener, with the engine, client authentication and the refusal of
 * TLS 1.2 decided at each handshake. Vert.x fixes them when a port is bound; to change them there,
 * all connections of that port would have to close. A client performs one handshake per connection.
 */
final class HandshakePolicy extends JdkSSLEngineOptions {
  private final TlsSource source;
  private final ReloadableCertificates keys;

  /**
   * @param source read at each handshake
   * @param keys the certificates that are shown
   */
  HandshakePolicy(TlsSource source, ReloadableCertificates keys) {
    this.source = source;
    this.keys = keys;
  }

  @Override
  public HandshakePolicy copy() {
    return this;
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new ContextRecipe(source, keys);
  }
}
