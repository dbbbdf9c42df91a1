package io.postern.wire;

import io.postern.admission.AdmissionControl;
import io.postern.tls.TlsSource;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionRegistry;
import io.postern.wire.timer.TimerWheel;
import io.postern.wire.transport.Listener;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Listeners on loopback for one test. */
final class Loopback implements AutoCloseable {
  static final int LINE = 1000;

  final Vertx vertx = Vertx.vertx();
  final List<TimerWheel> wheels = TimerWheel.spread(vertx, 2);
  final SessionRegistry sessions;

  /** Octets of refused literals that are read. */
  static final int LITERALS = 120_000_000;

  volatile WireLimits limits = limits(Duration.ofMinutes(5), Duration.ofMillis(200));

  static WireLimits limits(Duration stalled, Duration farewell) {
    return new WireLimits(
        LINE, WireLimits.SKIPPED_LINES * LINE, LITERALS, stalled, farewell, Optional.empty());
  }

  Loopback() {
    this(SessionObserver.NONE);
  }

  /** Connections with a session listener. */
  Loopback(SessionObserver log) {
    this(new SessionRegistry(log));
  }

  /** Connections of a register. */
  Loopback(SessionRegistry sessions) {
    this.sessions = sessions;
  }

  /** Starts one and gives its port. */
  Listener listen(Protocol protocol, Listener.Tls tls, TlsSource certificate) {
    var binding = new Listener.Binding("127.0.0.1", 0, tls);
    return listen(binding, protocol, certificate, AdmissionControl.OPEN);
  }

  /** The same with an admission control. */
  Listener listen(
      Listener.Binding binding,
      Protocol protocol,
      TlsSource certificate,
      AdmissionControl admissionControl) {
    return started(
        new Listener(
            vertx,
            wheels,
            binding,
            certificate,
            protocol,
            () -> limits,
            sessions,
            admissionControl));
  }

  Listener listen(Protocol protocol) {
    return listen(protocol, Listener.Tls.NONE, TlsSource.none());
  }

  static Listener started(Listener listener) {
    listener.start().await().atMost(Duration.ofSeconds(20));
    return listener;
  }

  @Override
  public void close() {
    var closed = Uni.createFrom().completionStage(() -> vertx.close().toCompletionStage());
    closed.await().atMost(Duration.ofSeconds(20));
  }
}
