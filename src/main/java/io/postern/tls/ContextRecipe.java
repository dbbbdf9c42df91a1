package io.postern.tls;

import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.SimpleTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Records how to build a context, to build one for each engine and kind of client authentication.
 */
final class ContextRecipe implements SslContextFactory {
  /** The algorithms of keys for which Netty asks the key manager on behalf of OpenSSL. */
  private static final Set<String> OPENSSL_ALGORITHMS = Set.of("EC", "RSA");

  private final TlsSource source;
  private final ReloadableCertificates keys;
  private final List<Consumer<SslContextFactory>> steps = new ArrayList<>();
  @Nullable private KeyManagerFactory keyManagers;

  ContextRecipe(TlsSource source, ReloadableCertificates keys) {
    this.source = source;
    this.keys = keys;
  }

  private ContextRecipe with(Consumer<SslContextFactory> step) {
    steps.add(step);
    return this;
  }

  @Override
  public SslContextFactory useAlpn(boolean use) {
    return with(it -> it.useAlpn(use));
  }

  @Override
  public SslContextFactory forClient(boolean client) {
    return with(it -> it.forClient(client));
  }

  @Override
  public SslContextFactory keyMananagerFactory(KeyManagerFactory managers) {
    keyManagers = managers;
    return this;
  }

  @Override
  public SslContextFactory trustManagerFactory(TrustManagerFactory trusted) {
    return with(it -> it.trustManagerFactory(trusted));
  }

  @Override
  public SslContextFactory enabledCipherSuites(Set<String> suites) {
    return with(it -> it.enabledCipherSuites(suites));
  }

  @Override
  public SslContextFactory applicationProtocols(List<String> protocols) {
    return with(it -> it.applicationProtocols(protocols));
  }

  @Override
  public SslContextFactory serverName(String name) {
    return with(it -> it.serverName(name));
  }

  @Override
  public SslContext create() throws SSLException {
    var context = new PolicyContext(source, keys, this, jdk(ClientAuth.NONE));
    // Vert.x calls this on a worker: the first handshake need not wait for the library.
    context.prepare();
    return context;
  }

  /** A context of the JDK's engine. */
  SslContext jdk(ClientAuth wish) throws SSLException {
    var factory = new JdkSSLEngineOptions().sslContextFactory();
    steps.forEach(step -> step.accept(factory));
    return made(factory, keyManagers, wish);
  }

  /**
   * A context of OpenSSL's engine. It keeps the certificates in OpenSSL's form, and its sessions
   * are in tickets alone.
   *
   * @throws SSLException when OpenSSL cannot use one of the certificates
   */
  SslContext openSsl(ClientAuth wish) throws SSLException {
    if (!keys.areAllOf(OPENSSL_ALGORITHMS)) {
      throw new SSLException("one of the certificates has a key that is neither EC nor RSA");
    }
    keys.forEach(
        (key, chain) ->
            ReferenceCountUtil.release(
                SslContextBuilder.forServer(key, chain).sslProvider(SslProvider.OPENSSL).build()));
    var managers =
        keyManagers == null ? null : new OpenSslCachingX509KeyManagerFactory(keyManagers);
    var factory = new DefaultSslContextFactory(SslProvider.OPENSSL, false);
    steps.forEach(step -> step.accept(factory));
    if (wish == ClientAuth.NONE) {
      // Otherwise each context would have a copy of all public issuers.
      factory.trustManagerFactory(new TrustsNobody());
    }
    return made(factory, managers, wish);
  }

  private SslContext made(
      SslContextFactory factory, @Nullable KeyManagerFactory managers, ClientAuth wish)
      throws SSLException {
    if (managers != null) {
      factory.keyMananagerFactory(managers);
    }
    return factory.clientAuth(netty(wish)).create();
  }

  private static io.netty.handler.ssl.ClientAuth netty(ClientAuth wish) {
    return switch (wish) {
      case NONE -> io.netty.handler.ssl.ClientAuth.NONE;
      case REQUEST -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
      case REQUIRED -> io.netty.handler.ssl.ClientAuth.REQUIRE;
    };
  }

  private static final class TrustsNobody extends SimpleTrustManagerFactory {
    @Override
    protected void engineInit(@Nullable KeyStore store) {}

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {}

    @Override
    protected TrustManager[] engineGetTrustManagers() {
      return new TrustManager[] {
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type)
              throws CertificateException {
            throw new CertificateException("no certificate was requested");
          }

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type)
              throws CertificateException {
            throw new CertificateException("this is a server");
          }

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        }
      };
    }
  }
}
