package io.postern.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The JDK's TLS engine, with client authentication and the refusal of TLS 1.2 decided at each
 * handshake. Vert.x fixes them when a port is bound; to change them there, all connections of that
 * port would have to close. A client performs one handshake per connection.
 */
public final class ClientAuthPolicy extends JdkSSLEngineOptions {
  private final Supplier<ClientAuth> wanted;
  private final BooleanSupplier onlyTls13;

  /**
   * @param wanted read at each handshake
   * @param onlyTls13 whether TLS 1.2 is refused; read at each handshake
   */
  public ClientAuthPolicy(Supplier<ClientAuth> wanted, BooleanSupplier onlyTls13) {
    this.wanted = wanted;
    this.onlyTls13 = onlyTls13;
  }

  @Override
  public ClientAuthPolicy copy() {
    return this;
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Recipe(super::sslContextFactory, wanted, onlyTls13);
  }

  private static io.netty.handler.ssl.ClientAuth netty(ClientAuth wish) {
    return switch (wish) {
      case NONE -> io.netty.handler.ssl.ClientAuth.NONE;
      case REQUEST -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
      case REQUIRED -> io.netty.handler.ssl.ClientAuth.REQUIRE;
    };
  }

  /** Records how to build a context, to build one for each kind of client authentication. */
  private static final class Recipe implements SslContextFactory {
    private final Supplier<SslContextFactory> platform;
    private final Supplier<ClientAuth> wanted;
    private final BooleanSupplier onlyTls13;
    private final List<Consumer<SslContextFactory>> steps = new ArrayList<>();

    Recipe(
        Supplier<SslContextFactory> platform,
        Supplier<ClientAuth> wanted,
        BooleanSupplier onlyTls13) {
      this.platform = platform;
      this.wanted = wanted;
      this.onlyTls13 = onlyTls13;
    }

    private Recipe with(Consumer<SslContextFactory> step) {
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
    public SslContextFactory keyMananagerFactory(KeyManagerFactory keys) {
      return with(it -> it.keyMananagerFactory(keys));
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
      return new ByWish(this, made(ClientAuth.NONE));
    }

    private SslContext made(ClientAuth wish) throws SSLException {
      var factory = platform.get();
      steps.forEach(step -> step.accept(factory));
      return factory.clientAuth(netty(wish)).create();
    }
  }

  /**
   * One context for each kind of client authentication: a client that was not asked for a
   * certificate cannot resume that session without being asked (RFC 8446 §2.2).
   */
  private static final class ByWish extends SslContext {
    private final Recipe recipe;
    private final SslContext plain;
    private final Map<ClientAuth, SslContext> all = new ConcurrentHashMap<>();

    ByWish(Recipe recipe, SslContext plain) {
      this.recipe = recipe;
      this.plain = plain;
      all.put(ClientAuth.NONE, plain);
    }

    private SslContext now() {
      return all.computeIfAbsent(recipe.wanted.get(), this::made);
    }

    private SslContext made(ClientAuth wish) {
      try {
        return recipe.made(wish);
      } catch (SSLException e) {
        throw new IllegalStateException("client certificates cannot be requested", e);
      }
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
      return narrowed(now().newEngine(allocator));
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
      return narrowed(now().newEngine(allocator, host, port));
    }

    /** By cipher suites: Vert.x sets the engine's versions after this. */
    private SSLEngine narrowed(SSLEngine engine) {
      if (recipe.onlyTls13.getAsBoolean()) {
        engine.setEnabledCipherSuites(AeadSuites.ofTls13(engine.getEnabledCipherSuites()));
      }
      return new OneHandshake(engine);
    }

    @Override
    public boolean isClient() {
      return plain.isClient();
    }

    @Override
    public List<String> cipherSuites() {
      return plain.cipherSuites();
    }

    @Override
    // Netty's own contexts must implement this, too.
    @SuppressWarnings("deprecation")
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
      return plain.applicationProtocolNegotiator();
    }

    @Override
    public SSLSessionContext sessionContext() {
      return plain.sessionContext();
    }
  }
}
