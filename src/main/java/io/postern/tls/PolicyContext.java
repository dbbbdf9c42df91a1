package io.postern.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ImmediateExecutor;
import io.vertx.core.http.ClientAuth;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * The context of a listener, which chooses at each handshake among one context for each engine and
 * kind of client authentication: a client that was not asked for a certificate cannot resume that
 * session without being asked (RFC 8446 §2.2).
 */
final class PolicyContext extends SslContext {
  private static final Logger LOG = System.getLogger(PolicyContext.class.getName());

  /** For listeners without a shared secret. */
  private static final TicketSecret OF_PROCESS = TicketSecret.random();

  private static final String[] ONLY_TLS_1_3 = {"TLSv1.3"};

  private record Kind(TlsEngine engine, ClientAuth wish) {}

  /**
   * A context.
   *
   * @param certificates the fingerprint of those that it shows; the JDK's engine shows all
   */
  private record Made(SslContext context, String certificates, Optional<TicketKeys> tickets) {}

  private final TlsSource source;
  private final ReloadableCertificates keys;
  private final ContextRecipe recipe;
  private final SslContext plain;
  private final Map<Kind, Made> all = new ConcurrentHashMap<>();

  /**
   * @param source read at each handshake
   * @param plain of the JDK's engine, without client authentication
   */
  PolicyContext(
      TlsSource source, ReloadableCertificates keys, ContextRecipe recipe, SslContext plain) {
    this.source = source;
    this.keys = keys;
    this.recipe = recipe;
    this.plain = plain;
    all.put(new Kind(TlsEngine.JDK, ClientAuth.NONE), new Made(plain, "", Optional.empty()));
  }

  /** Builds the context of the current settings, which may take long. */
  void prepare() {
    now();
  }

  private SslContext now() {
    var kind = new Kind(source.engine(), source.clientAuth());
    var certificates = kind.engine == TlsEngine.JDK ? "" : keys.fingerprint();
    var made = all.get(kind);
    if (made == null || !made.certificates.equals(certificates)) {
      made =
          all.compute(
              kind,
              (same, before) ->
                  before != null && before.certificates.equals(certificates)
                      ? before
                      : made(same, certificates));
    }
    made.tickets.ifPresent(TicketKeys::rotate);
    return made.context;
  }

  private Made made(Kind kind, String certificates) {
    try {
      return switch (kind.engine) {
        case JDK -> new Made(recipe.jdk(kind.wish), certificates, Optional.empty());
        case OPENSSL -> openSsl(kind.wish, certificates);
      };
    } catch (SSLException e) {
      throw new IllegalStateException("the TLS context cannot be built", e);
    }
  }

  private Made openSsl(ClientAuth wish, String certificates) throws SSLException {
    try {
      var context = recipe.openSsl(wish);
      var sessions = context.sessionContext();
      var tickets =
          new TicketKeys(
              keys -> OpenSslTickets.set(sessions, keys),
              secret(wish),
              certificates,
              InstantSource.system());
      return new Made(context, certificates, Optional.of(tickets));
    } catch (SSLException | IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "OpenSSL cannot use the certificate, so the JDK performs the TLS handshakes: {0}",
          e.getMessage());
      return new Made(recipe.jdk(wish), certificates, Optional.empty());
    }
  }

  /**
   * A session with a client certificate is resumed without the certificate being verified again. It
   * must not outlive a change of the trusted issuers or revoked certificates, after which there is
   * a new context: such sessions are resumed by their own context alone.
   */
  private Supplier<TicketSecret> secret(ClientAuth wish) {
    if (wish == ClientAuth.NONE) {
      return () -> source.ticketSecret().orElse(OF_PROCESS);
    }
    var own = TicketSecret.random();
    return () -> own;
  }

  @Override
  protected SslHandler newHandler(
      ByteBufAllocator allocator, boolean startTls, Executor delegated) {
    var context = now();
    return handler(context, context.newHandler(allocator, delegated).engine(), startTls, delegated);
  }

  @Override
  protected SslHandler newHandler(
      ByteBufAllocator allocator, String host, int port, boolean startTls, Executor delegated) {
    var context = now();
    var engine = context.newHandler(allocator, host, port, delegated).engine();
    return handler(context, engine, startTls, delegated);
  }

  @Override
  protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls) {
    return newHandler(allocator, startTls, ImmediateExecutor.INSTANCE);
  }

  @Override
  protected SslHandler newHandler(
      ByteBufAllocator allocator, String host, int port, boolean startTls) {
    return newHandler(allocator, host, port, startTls, ImmediateExecutor.INSTANCE);
  }

  /** OpenSSL's engine must stay as it is: Netty knows its type, and it refuses other handshakes. */
  private SslHandler handler(
      SslContext context, SSLEngine engine, boolean startTls, Executor delegated) {
    boolean openSsl = context.sessionContext() instanceof OpenSslSessionContext;
    return new Handler(
        openSsl ? engine : new OneHandshake(engine), startTls, delegated, source.onlyTls13());
  }

  private static final class Handler extends SslHandler {
    private final boolean onlyTls13;

    Handler(SSLEngine engine, boolean startTls, Executor delegated, boolean onlyTls13) {
      super(engine, startTls, delegated);
      this.onlyTls13 = onlyTls13;
    }

    /** Vert.x sets the engine's versions before this. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
      if (onlyTls13) {
        engine().setEnabledProtocols(ONLY_TLS_1_3);
      }
      super.handlerAdded(context);
    }
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    throw new UnsupportedOperationException("handlers are made, not engines");
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
    throw new UnsupportedOperationException("handlers are made, not engines");
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
