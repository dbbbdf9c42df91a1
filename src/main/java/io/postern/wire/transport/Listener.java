package io.postern.wire.transport;

import io.postern.admission.AdmissionControl;
import io.postern.tls.ReloadableCertificates;
import io.postern.tls.TlsConfig;
import io.postern.tls.TlsSource;
import io.postern.wire.CloseReason;
import io.postern.wire.Protocol;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.registry.SessionRegistry;
import io.postern.wire.timer.TimerWheel;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.shareddata.LocalMap;
import java.net.BindException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Listens on one address for one protocol, its connections spread over the event loops. */
public final class Listener {
  /** The longest time between two sessions that are asked to leave. */
  private static final Duration SLOWEST = Duration.ofMillis(100);

  /**
   * How many connections may wait to be accepted; the system may allow fewer. A client whose
   * connection finds no place tries again only after a second.
   */
  private static final int BACKLOG = 4096;

  private static final AtomicInteger ANY_PORT = new AtomicInteger();

  /** When TLS begins. */
  public enum Tls {
    /** TLS is never used. */
    NONE,
    /** On the client's command, if there is a certificate. */
    STARTTLS,
    /** Before the greeting; a certificate is required. */
    IMPLICIT
  }

  /**
   * The address to listen on.
   *
   * @param host a numeric address or a name of this machine
   * @param port 0 for any free one
   * @param proxied whether load balancers connect, each connection with a PROXY header first
   * @param fromSites whether other sites connect, and pass on their clients' connections
   */
  public record Binding(String host, int port, Tls tls, boolean proxied, boolean fromSites) {
    /** An address to which clients or load balancers connect. */
    public Binding(String host, int port, Tls tls, boolean proxied) {
      this(host, port, tls, proxied, false);
    }

    /** An address to which clients connect directly. */
    public Binding(String host, int port, Tls tls) {
      this(host, port, tls, false);
    }
  }

  private final Vertx vertx;
  private final List<TimerWheel> wheels;
  private final Binding binding;
  private final TlsSource certificate;
  private final Protocol protocol;
  private final SessionRegistry sessions;
  private final ConnectionAcceptor acceptor;
  private final List<NetServer> servers = new CopyOnWriteArrayList<>();
  private final ReloadableCertificates keys = new ReloadableCertificates();
  private final AtomicInteger drains = new AtomicInteger();
  private volatile boolean accepting;
  private volatile boolean certified;
  @Nullable private volatile TlsConfig shown;

  /**
   * @param wheels one per event loop to be used; {@link TimerWheel#spread}, shared by all listeners
   * @param limits read at each step, so that a change applies to open connections
   */
  public Listener(
      Vertx vertx,
      List<TimerWheel> wheels,
      Binding binding,
      TlsSource certificate,
      Protocol protocol,
      Supplier<WireLimits> limits,
      SessionRegistry sessions,
      AdmissionControl admissionControl) {
    this(
        vertx,
        wheels,
        binding,
        certificate,
        protocol,
        limits,
        sessions,
        admissionControl,
        Optional.empty());
  }

  /**
   * The same for an address to which other sites connect.
   *
   * @param backEnd what it needs for that
   */
  public Listener(
      Vertx vertx,
      List<TimerWheel> wheels,
      Binding binding,
      TlsSource certificate,
      Protocol protocol,
      Supplier<WireLimits> limits,
      SessionRegistry sessions,
      AdmissionControl admissionControl,
      Optional<BackEnd> backEnd) {
    this.vertx = vertx;
    this.wheels = List.copyOf(wheels);
    this.binding = binding;
    this.certificate = certificate;
    this.protocol = protocol;
    this.sessions = sessions;
    this.acceptor =
        new ConnectionAcceptor(
            new ListenerContext(
                this,
                protocol,
                () -> binding.tls() == Tls.STARTTLS && certified,
                () -> accepting,
                limits,
                sessions,
                admissionControl,
                backEnd,
                new HangupProbe()),
            binding.proxied(),
            binding.tls() == Tls.IMPLICIT);
  }

  /**
   * Binds the address, again if the system reports that it is in use. Fails with {@link
   * BindException} or the system's error when it cannot be bound, and when TLS is implicit and
   * there is no certificate.
   */
  public Uni<Void> start() {
    return uni(this::bind);
  }

  /** Stops accepting, closes open connections with a farewell, and releases the address. */
  public Uni<Void> stop() {
    accepting = false;
    return sessions.closeAll(this, CloseReason.SHUTDOWN).chain(() -> uni(this::unbind));
  }

  /**
   * Refuses new connections and asks the open ones to leave. The address stays bound until {@link
   * #stop}, so that a new client is sent elsewhere by a farewell.
   *
   * @param spread the sessions leave {@link #evenly} over it
   * @param lastCommand the longest time that a running command may take
   * @return completes when those that were open are gone
   */
  public Uni<Void> drain(Duration spread, Duration lastCommand) {
    accepting = false;
    int drain = drains.incrementAndGet();
    return sessions.drain(
        this, many -> evenly(many, spread), lastCommand, () -> drains.get() == drain);
  }

  /**
   * The delay after which each of so many sessions leaves: spread over four fifths of the time, so
   * that the last clients have reconnected elsewhere by its end; but at least ten a second.
   */
  public static Stream<Duration> evenly(int many, Duration spread) {
    return IntStream.range(0, many)
        .mapToObj(
            i -> {
              var even = spread.multipliedBy(4L * i).dividedBy(5L * many);
              return Collections.min(List.of(even, SLOWEST.multipliedBy(i)));
            });
  }

  /** Accepts connections again; sessions that were not asked to leave yet stay. */
  public void resume() {
    drains.incrementAndGet();
    accepting = true;
  }

  /** The bound port, also when any free one was requested. Fails before the start. */
  public int port() {
    if (servers.isEmpty()) {
      throw new IllegalStateException(this + " is not bound");
    }
    return servers.getFirst().actualPort();
  }

  /** The requested address. */
  public Binding binding() {
    return binding;
  }

  /**
   * Takes a renewed certificate from the source: new connections are shown it, open ones go on, and
   * a handshake meanwhile gets the old or the new one. Only when something else of TLS has changed,
   * trusted issuers or revoked certificates, a connection is dropped that arrives in the
   * milliseconds that Vert.x 4.5 needs to apply it, and no earlier TLS session can be resumed.
   */
  public Uni<Void> renewCertificate() {
    return uni(() -> vertx.executeBlocking(this::taken).compose(this::renewed));
  }

  /** Reads the new TLS configuration; its certificate is shown from now on. */
  private TlsConfig taken() {
    var config = TlsConfig.of(vertx, certificate);
    config.show(keys);
    return config;
  }

  private Future<Void> renewed(TlsConfig config) {
    var before = shown;
    shown = config;
    if (before != null && config.differInKeysOnly(before)) {
      return Future.succeededFuture();
    }
    return servers
        .getFirst()
        .updateSSLOptions(config.options(keys), true)
        .onSuccess(updated -> certified = config.certified())
        .mapEmpty();
  }

  @Override
  public String toString() {
    return protocol.kind() + " on " + binding.host() + ":" + binding.port();
  }

  private Future<Void> bind() {
    var tls = taken();
    shown = tls;
    certified = tls.certified();
    if (binding.tls() == Tls.IMPLICIT && !certified) {
      return Future.failedFuture(new IllegalStateException(this + " needs a certificate"));
    }
    if (!claim()) {
      return Future.failedFuture(new BindException(this + ": the address is in use"));
    }
    // Vert.x servers share a port by its number; a negative one stands for the same free port.
    int port = binding.port() == 0 ? ANY_PORT.decrementAndGet() : binding.port();
    accepting = true;
    return BindRetry.bound(
            vertx, wheels.getFirst().context(), () -> listen(options(tls), port), this::close)
        .recover(failure -> unbind().transform(closed -> Future.failedFuture(failure)));
  }

  private Future<Void> listen(NetServerOptions options, int port) {
    return Future.join(wheels.stream().map(wheel -> listen(wheel, options, port)).toList())
        .mapEmpty();
  }

  private Future<Void> listen(TimerWheel wheel, NetServerOptions options, int port) {
    Promise<Void> listening = Promise.promise();
    wheel
        .context()
        .runOnContext(
            there -> {
              var server = vertx.createNetServer(options);
              servers.add(server);
              server
                  .connectHandler(socket -> acceptor.accept(socket, wheel))
                  .exceptionHandler(acceptor::handshakeFailed)
                  .listen(port, binding.host())
                  .<Void>mapEmpty()
                  .onComplete(listening);
            });
    return listening.future();
  }

  private Future<Void> unbind() {
    accepting = false;
    return close().onComplete(done -> claims().remove(claimed()));
  }

  private Future<Void> close() {
    return Future.join(servers.stream().map(NetServer::close).toList())
        .onComplete(done -> servers.clear())
        .mapEmpty();
  }

  /** Vert.x would let two listeners share a port and distribute their connections at random. */
  private boolean claim() {
    return binding.port() == 0 || claims().putIfAbsent(claimed(), this.toString()) == null;
  }

  private LocalMap<String, String> claims() {
    return vertx.sharedData().getLocalMap(Listener.class.getName());
  }

  private String claimed() {
    return binding.host() + ":" + binding.port();
  }

  private NetServerOptions options(TlsConfig tls) {
    var options =
        new NetServerOptions()
            .setAcceptBacklog(BACKLOG)
            .setTcpKeepAlive(true)
            .setTcpNoDelay(true)
            .setSsl(binding.tls() == Tls.IMPLICIT && !binding.proxied());
    return binding.tls() == Tls.NONE ? options : tls.configure(options, keys);
  }

  private static Uni<Void> uni(Supplier<Future<Void>> step) {
    return Uni.createFrom().completionStage(() -> step.get().toCompletionStage());
  }
}
