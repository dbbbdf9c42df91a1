package io.postern.wire.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.postern.admission.AdmissionControl;
import io.postern.admission.AdmissionControl.Rejected;
import io.postern.admission.ProxyHeader;
import io.postern.admission.ProxyHeader.Endpoints;
import io.postern.tls.ReloadableCertificates;
import io.postern.tls.TlsConfig;
import io.postern.tls.TlsSource;
import io.postern.wire.CloseReason;
import io.postern.wire.Protocol;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.timer.TimerWheel;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import io.vertx.core.shareddata.LocalMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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

  private static final Logger LOG = System.getLogger(Listener.class.getName());
  private static final int BACKLOG = 1024;

  /** The most octets read at once. */
  private static final int READ = 16 * 1024;

  // Vert.x keeps up to 16 reads back when a socket is paused: small reads bound what a connection
  // holds, and an idle one costs less.
  private static final AdaptiveRecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(512, 2048, READ);

  /** The time that a load balancer has to send the PROXY header. */
  private static final Duration HEADER = Duration.ofSeconds(5);

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
   */
  public record Binding(String host, int port, Tls tls, boolean proxied) {
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
  private final Supplier<WireLimits> limits;
  private final SessionRegistry sessions;
  private final AdmissionControl admissionControl;
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
    this.vertx = vertx;
    this.wheels = List.copyOf(wheels);
    this.binding = binding;
    this.certificate = certificate;
    this.protocol = protocol;
    this.limits = limits;
    this.sessions = sessions;
    this.admissionControl = admissionControl;
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
    return protocol.name() + " on " + binding.host() + ":" + binding.port();
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
                  .connectHandler(socket -> accept(socket, wheel))
                  .exceptionHandler(this::refused)
                  .listen(port, binding.host())
                  .<Void>mapEmpty()
                  .onComplete(listening);
            });
    return listening.future();
  }

  private void accept(NetSocket socket, TimerWheel wheel) {
    ((NetSocketInternal) socket)
        .channelHandlerContext()
        .channel()
        .config()
        .setRecvByteBufAllocator(READS);
    if (binding.proxied()) {
      hear(socket, wheel);
    } else {
      enter(socket, wheel, ends(socket), Buffer.buffer());
    }
  }

  private static Endpoints ends(NetSocket socket) {
    return new Endpoints(socket.remoteAddress(), socket.localAddress());
  }

  /** Reads the PROXY header. Nothing is sent before it, and TLS begins behind it. */
  private void hear(NetSocket socket, TimerWheel wheel) {
    var peer = Objects.requireNonNullElse(socket.remoteAddress().hostAddress(), "");
    if (!admissionControl.believes(peer)) {
      turnAway(socket, Rejected.UNTRUSTED, peer);
      return;
    }
    var deadline = wheel.after(HEADER, () -> turnAway(socket, Rejected.LATE, peer));
    socket.closeHandler(closed -> deadline.cancel());
    var heard = Buffer.buffer();
    socket.handler(
        bytes -> {
          switch (ProxyHeader.read(heard.appendBuffer(bytes))) {
            case ProxyHeader.Result.More() -> {}
            case ProxyHeader.Result.Malformed(var why) -> {
              deadline.cancel();
              turnAway(socket, Rejected.MALFORMED, peer + ": " + why);
            }
            case ProxyHeader.Result.Complete(var said, int octets) -> {
              deadline.cancel();
              socket.handler(heard::appendBuffer);
              var ends = said.orElseGet(() -> ends(socket));
              // Outside of the read handler, where output is sent at once.
              wheel.context().runOnContext(_ -> begin(socket, wheel, ends, heard, octets));
            }
          }
        });
  }

  private void begin(NetSocket socket, TimerWheel wheel, Endpoints ends, Buffer heard, int header) {
    var ahead = heard.slice(header, heard.length()).copy();
    if (binding.tls() != Tls.IMPLICIT) {
      enter(socket, wheel, ends, ahead);
      return;
    }
    var clear = Buffer.buffer();
    socket.handler(clear::appendBuffer);
    socket
        .upgradeToSsl()
        .onSuccess(secure -> enter(socket, wheel, ends, clear))
        .onFailure(
            broken -> {
              refused(broken);
              socket.close();
            });
    // The beginning of the client's TLS handshake may have come with the header.
    var pipeline = ((NetSocketInternal) socket).channelHandlerContext().pipeline();
    pipeline.fireChannelRead(Unpooled.wrappedBuffer(ahead.getBytes())).fireChannelReadComplete();
  }

  private void turnAway(NetSocket socket, Rejected why, String peer) {
    LOG.log(Level.DEBUG, () -> this + " turns away " + peer + ": " + why);
    admissionControl.turnedAway(protocol.name(), why);
    sessions.log().rejected(protocol.name(), SessionRegistry.Rejection.PROXY);
    socket.handler(bytes -> {});
    socket.close();
  }

  private void enter(NetSocket socket, TimerWheel wheel, Endpoints ends, Buffer sentAhead) {
    var tls = binding.tls() == Tls.STARTTLS && certified;
    var around = new ListenerContext(this, protocol, tls, limits, sessions, admissionControl);
    try {
      var connection = new SocketConnection(socket, ends, wheel, around);
      if (accepting) {
        connection.open(sentAhead);
      } else {
        sessions.log().rejected(protocol.name(), SessionRegistry.Rejection.DRAINING);
        connection.turnAway();
      }
    } catch (RuntimeException fault) {
      LOG.log(Level.ERROR, this + " cannot open a session", fault);
      socket.close();
    }
  }

  private void refused(Throwable handshake) {
    sessions.log().rejected(protocol.name(), SessionRegistry.Rejection.TLS);
    LOG.log(Level.DEBUG, () -> this + ": no connection came about: " + handshake);
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
