package io.postern.wire.transport;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.postern.admission.AdmissionControl.ProxyRejection;
import io.postern.admission.ProxyHeader;
import io.postern.admission.ProxyHeader.Endpoints;
import io.postern.wire.registry.Rejection;
import io.postern.wire.stream.TlsInsertion;
import io.postern.wire.timer.TimerWheel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes the sockets that a listener accepts up to the beginning of their session: reads the PROXY
 * header where load balancers connect, and performs implicit TLS behind it. On the context of the
 * socket.
 */
final class ConnectionAcceptor {
  private static final Logger LOG = System.getLogger(ConnectionAcceptor.class.getName());

  /** The most octets read at once. */
  private static final int READ = 16 * 1024;

  // Vert.x keeps up to 16 reads back when a socket is paused: small reads bound what a connection
  // holds, and an idle one costs less.
  private static final AdaptiveRecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(512, 2048, READ);

  /** The time that a load balancer has to send the PROXY header. */
  private static final Duration HEADER = Duration.ofSeconds(5);

  private final ListenerContext listener;
  private final boolean proxied;
  private final boolean implicitTls;

  /**
   * @param proxied whether load balancers connect, each connection with a PROXY header first
   * @param implicitTls whether TLS begins before the greeting
   */
  ConnectionAcceptor(ListenerContext listener, boolean proxied, boolean implicitTls) {
    this.listener = listener;
    this.proxied = proxied;
    this.implicitTls = implicitTls;
  }

  /** Takes an accepted socket; where TLS is implicit and there is no header, TLS is active. */
  void accept(NetSocket socket, TimerWheel wheel) {
    ((NetSocketInternal) socket)
        .channelHandlerContext()
        .channel()
        .config()
        .setRecvByteBufAllocator(READS);
    if (proxied) {
      readHeader(socket, wheel);
    } else if (listener.backEnd().isPresent()) {
      acceptSite(socket, wheel, listener.backEnd().get());
    } else {
      open(socket, wheel, ends(socket), Buffer.buffer(), Optional.empty());
    }
  }

  private void acceptSite(NetSocket socket, TimerWheel wheel, BackEnd backEnd) {
    backEnd
        .front(socket.sslSession())
        .ifPresentOrElse(
            site -> open(socket, wheel, ends(socket), Buffer.buffer(), Optional.of(site)),
            () -> {
              rejected(Rejection.TLS);
              socket.close();
            });
  }

  /** A TLS handshake failed: there is no connection. */
  void handshakeFailed(Throwable failure) {
    rejected(Rejection.TLS);
    listener.backEnd().ifPresent(it -> it.handshakeFailed(listener.protocol().kind(), failure));
    LOG.log(Level.DEBUG, () -> listener.listener() + ": the TLS handshake failed: " + failure);
  }

  private static Endpoints ends(NetSocket socket) {
    return new Endpoints(socket.remoteAddress(), socket.localAddress());
  }

  /** Reads the PROXY header. Nothing is sent before it, and TLS begins behind it. */
  private void readHeader(NetSocket socket, TimerWheel wheel) {
    var peer = Objects.requireNonNullElse(socket.remoteAddress().hostAddress(), "");
    if (!listener.admissionControl().trustsProxy(peer)) {
      reject(socket, ProxyRejection.UNTRUSTED, peer);
      return;
    }
    var deadline = wheel.after(HEADER, () -> reject(socket, ProxyRejection.LATE, peer));
    socket.closeHandler(_ -> deadline.cancel());
    var received = Buffer.buffer();
    socket.handler(
        bytes -> {
          switch (ProxyHeader.read(received.appendBuffer(bytes))) {
            case ProxyHeader.Result.More() -> {}
            case ProxyHeader.Result.Malformed(var why) -> {
              deadline.cancel();
              reject(socket, ProxyRejection.MALFORMED, peer + ": " + why);
            }
            case ProxyHeader.Result.Complete(var stated, int octets) -> {
              deadline.cancel();
              socket.handler(received::appendBuffer);
              var ends = stated.orElseGet(() -> ends(socket));
              // Outside of the read handler, where output is sent at once.
              wheel.context().runOnContext(_ -> begin(socket, wheel, ends, received, octets));
            }
          }
        });
  }

  private void begin(
      NetSocket socket, TimerWheel wheel, Endpoints ends, Buffer received, int header) {
    var ahead = received.slice(header, received.length()).copy();
    if (!implicitTls) {
      open(socket, wheel, ends, ahead, Optional.empty());
      return;
    }
    var decrypted = Buffer.buffer();
    socket.handler(decrypted::appendBuffer);
    // The beginning of the client's TLS handshake may have come with the header.
    new TlsInsertion(socket)
        .insert(ahead)
        .onSuccess(_ -> open(socket, wheel, ends, decrypted, Optional.empty()))
        .onFailure(
            failure -> {
              handshakeFailed(failure);
              socket.close();
            });
  }

  private void open(
      NetSocket socket,
      TimerWheel wheel,
      Endpoints ends,
      Buffer sentAhead,
      Optional<String> front) {
    try {
      var connection = new SocketConnection(socket, ends, wheel, listener, front);
      if (listener.accepting().getAsBoolean()) {
        connection.open(sentAhead);
      } else {
        rejected(Rejection.DRAINING);
        connection.turnAway();
      }
    } catch (RuntimeException fault) {
      LOG.log(Level.ERROR, listener.listener() + " cannot open a session", fault);
      socket.close();
    }
  }

  private void reject(NetSocket socket, ProxyRejection why, String peer) {
    LOG.log(Level.DEBUG, () -> listener.listener() + " rejects " + peer + ": " + why);
    listener.admissionControl().proxyRejected(listener.protocol().kind(), why);
    rejected(Rejection.PROXY);
    socket.handler(_ -> {});
    socket.close();
  }

  private void rejected(Rejection why) {
    listener.sessions().observer().rejected(listener.protocol().kind(), why);
  }
}
