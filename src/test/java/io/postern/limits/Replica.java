package io.postern.limits;

import io.postern.Eventually;
import io.postern.admission.AdmissionControl.Decision;
import io.postern.admission.AdmissionControl.Peer;
import io.postern.auth.Client;
import io.postern.auth.Failure;
import io.postern.auth.Identity;
import io.postern.auth.LoginAttempt;
import io.postern.auth.LoginName;
import io.postern.auth.Refusal;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.wire.registry.SessionRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.context.spi.ContextManagerProvider;

/** The admission service of one replica, without sockets. */
final class Replica implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  static {
    // Made before there are threads: two that need it first at the same time would both register
    // it.
    ContextManagerProvider.instance();
  }

  final Vertx vertx = Vertx.vertx();
  final SessionRegistry sessions = new SessionRegistry();
  final Live live;
  final ClusterBus bus;
  final AdmissionService admissionService;

  /**
   * @param redis its port; empty for a replica that is alone
   */
  Replica(Optional<Integer> redis, Duration tick, Duration lease, String... settings) {
    this(redis, "", tick, lease, settings);
  }

  /** The same as a user of Redis: {@code name:password@}, or nothing. */
  Replica(Optional<Integer> redis, String user, Duration tick, Duration lease, String... settings) {
    live = new Live(TestSettings.of(settings));
    var endpoints =
        redis
            .map(
                port ->
                    new RedisOptions().setConnectionString("redis://" + user + "127.0.0.1:" + port))
            .map(List::of)
            .orElse(List.of());
    bus = new ClusterBus(vertx, endpoints, tick);
    admissionService =
        new AdmissionService(
            live, bus, sessions, AdmissionMeter.NONE, new SharedCounters(bus, lease));
  }

  static Replica alone(String... settings) {
    return new Replica(Optional.empty(), Duration.ofMillis(100), Duration.ofSeconds(2), settings);
  }

  /** Waits until it can reach the others. */
  Replica joined() {
    await(bus::isUp);
    return this;
  }

  static void await(BooleanSupplier condition) {
    Eventually.holds("it comes about", SOON, condition::getAsBoolean);
  }

  static <T> T soon(Uni<T> uni) {
    return uni.await().atMost(SOON);
  }

  Peer peer(MailProtocol protocol, String address) {
    return new Peer("%016x".formatted(NUMBERS.incrementAndGet()), protocol, address);
  }

  Decision arrive(Peer peer) {
    return soon(admissionService.admit(peer));
  }

  LoginAttempt attempt(Peer peer, String name) {
    var client =
        new Client(peer.session(), peer.protocol(), peer.address(), true, Optional.empty());
    return new LoginAttempt(client, "PLAIN", name)
        .withSubject(new LoginName(live.now().auth()).parse(name).subject());
  }

  Optional<Refusal> admit(Peer peer, String name) {
    return soon(admissionService.admit(attempt(peer, name)));
  }

  /** A wrong password, if it is let so far. */
  Optional<Refusal> fail(Peer peer, String name) {
    var refusal = admit(peer, name);
    if (refusal.isEmpty()) {
      admissionService.failed(attempt(peer, name), Failure.WRONG);
    }
    return refusal;
  }

  /** The right password. */
  Optional<Refusal> enter(Peer peer, String name) {
    var refusal = admit(peer, name);
    return refusal.isPresent()
        ? refusal
        : soon(
            admissionService.accept(
                attempt(peer, name), new Identity(new AccountId(name.hashCode()), name, name)));
  }

  /** A session of the user, or why there is none. */
  Optional<Refusal> session(String name) {
    var peer = peer(MailProtocol.IMAP, "192.0.2.1");
    arrive(peer);
    return enter(peer, name);
  }

  @Override
  public void close() {
    bus.close();
    soon(Uni.createFrom().completionStage(() -> vertx.close().toCompletionStage()));
  }
}
