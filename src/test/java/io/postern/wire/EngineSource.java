package io.postern.wire;

import io.postern.tls.TicketSecret;
import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.SSLOptions;
import java.util.Optional;

/** A TLS configuration whose handshakes are performed by this engine. */
public record EngineSource(TlsEngine engine, TlsSource source) implements TlsSource {
  @Override
  public SSLOptions options() {
    return source.options();
  }

  @Override
  public ClientAuth clientAuth() {
    return source.clientAuth();
  }

  @Override
  public Optional<TicketSecret> ticketSecret() {
    return source.ticketSecret();
  }

  @Override
  public boolean onlyTls13() {
    return source.onlyTls13();
  }

  @Override
  public boolean sni() {
    return source.sni();
  }
}
