package io.postern.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import javax.net.ssl.SSLException;

/**
 * OpenSSL as the engine of a client that connects to few servers, again and again. A server gives
 * more session tickets than are used, and Netty would keep 20,480 sessions of some kilobytes each.
 */
public final class OpenSslClientOptions extends OpenSSLEngineOptions {
  /** Sessions that are kept to be resumed, of all servers: those unused for longest are dropped. */
  static final int SESSIONS = 64;

  @Override
  public OpenSslClientOptions copy() {
    return this;
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Bounded();
  }

  private static final class Bounded extends DefaultSslContextFactory {
    Bounded() {
      super(SslProvider.OPENSSL, true);
    }

    @Override
    public SslContext create() throws SSLException {
      var context = super.create();
      context.sessionContext().setSessionCacheSize(SESSIONS);
      return context;
    }
  }
}
