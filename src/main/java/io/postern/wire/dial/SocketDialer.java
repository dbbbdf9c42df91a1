package io.postern.wire.dial;

import io.postern.wire.Dialer;
import io.postern.wire.OutputBudget;
import io.postern.wire.ServerStream;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.SSLOptions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Connects to other servers with TLS 1.3. Safe for all threads. */
public final class SocketDialer implements Dialer {
  private static final String VERSION = "TLSv1.3";

  /** Longer than any setting: callers give up before. */
  private static final int CONNECT_MILLIS = 60_000;

  private final Vertx vertx;
  private final Supplier<SSLOptions> tls;
  private final Supplier<SSLEngineOptions> engine;
  private final OutputBudget output;
  private final ReentrantLock lock = new ReentrantLock();

  /** Created at the first connection. */
  private volatile Optional<NetClient> client = Optional.empty();

  /**
   * @param tls the certificate of this side and the trusted issuers; read at the first connection,
   *     and at each {@link #renew}
   * @param engine that performs TLS; read at the first connection
   * @param output the budget of the node
   */
  public SocketDialer(
      Vertx vertx,
      Supplier<SSLOptions> tls,
      Supplier<SSLEngineOptions> engine,
      OutputBudget output) {
    this.vertx = vertx;
    this.tls = tls;
    this.engine = engine;
    this.output = output;
  }

  @Override
  public Uni<ServerStream> dial(String host, int port) {
    return Uni.createFrom()
        .completionStage(
            () ->
                client()
                    .connect(port, host)
                    .<ServerStream>map(socket -> new SocketStream(socket, output))
                    .toCompletionStage());
  }

  private NetClient client() {
    var made = client;
    if (made.isPresent()) {
      return made.get();
    }
    lock.lock();
    try {
      client = Optional.of(client.orElseGet(this::create));
      return client.get();
    } finally {
      lock.unlock();
    }
  }

  private NetClient create() {
    var read = tls.get();
    var options =
        new NetClientOptions()
            .setSsl(true)
            .setSslEngineOptions(engine.get())
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setConnectTimeout(CONNECT_MILLIS)
            // The caller checks the name: it is that of a site, not of a host.
            .setHostnameVerificationAlgorithm("")
            .setKeyCertOptions(read.getKeyCertOptions())
            .setTrustOptions(read.getTrustOptions());
    options.setEnabledSecureTransportProtocols(Set.of(VERSION));
    read.getCrlPaths().forEach(options::addCrlPath);
    read.getCrlValues().forEach(options::addCrlValue);
    return vertx.createNetClient(options);
  }

  /** Uses renewed certificates for new connections. */
  public Future<Boolean> renew() {
    var made = client;
    if (made.isEmpty()) {
      return Future.succeededFuture(false);
    }
    var renewed = new SSLOptions(tls.get());
    renewed.setEnabledSecureTransportProtocols(Set.of(VERSION));
    return made.get().updateSSLOptions(renewed, true);
  }
}
