package io.postern.cluster;

import io.postern.auth.Attempt;
import io.postern.auth.Client;
import io.postern.auth.Failure;
import io.postern.auth.Identity;
import io.postern.auth.Names;
import io.postern.auth.Refusal;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.Ids.AccountId;
import io.postern.wire.Sessions;
import io.postern.wire.door.Doorman.Answer;
import io.postern.wire.door.Doorman.Visitor;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** One replica's gatekeeper, without sockets. */
final class Replica implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  final Vertx vertx = Vertx.vertx();
  final Sessions sessions = new Sessions();
  final Live live;
  final Link link;
  final Gatekeeper gatekeeper;

  /**
   * @param redis its port; empty for a replica that is alone
   */
  Replica(Optional<Integer> redis, Duration tick, Duration lease, String... settings) {
    this(redis, "", tick, lease, settings);
  }

  /** The same as a user of Redis: {@code name:password@}, or nothing. */
  Replica(Optional<Integer> redis, String user, Duration tick, Duration lease, String... settings) {
    live = new Live(TestSettings.of(settings));
    var places =
        redis
            .map(
                port ->
                    new RedisOptions().setConnectionString("redis://" + user + "127.0.0.1:" + port))
            .map(List::of)
            .orElse(List.of());
    link = new Link(vertx, places, tick);
    gatekeeper = new Gatekeeper(live, link, sessions, CrowdMeter.NONE, new Counts(link, lease));
  }

  static Replica alone(String... settings) {
    return new Replica(Optional.empty(), Duration.ofMillis(100), Duration.ofSeconds(2), settings);
  }

  /** Waits until it can reach the others. */
  Replica joined() {
    await(link::isUp);
    return this;
  }

  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come about in " + SOON);
      }
      Thread.onSpinWait();
    }
  }

  static <T> T soon(Uni<T> uni) {
    return uni.await().atMost(SOON);
  }

  Visitor visitor(String protocol, String address) {
    return new Visitor("%016x".formatted(NUMBERS.incrementAndGet()), protocol, address);
  }

  Answer arrive(Visitor visitor) {
    return soon(gatekeeper.arrived(visitor));
  }

  Attempt attempt(Visitor visitor, String name) {
    var service = visitor.protocol().equals("imap") ? Client.Service.IMAP : Client.Service.POP3;
    var client = new Client(visitor.session(), service, visitor.address(), true, Optional.empty());
    return new Attempt(client, "PLAIN", name).of(new Names(live.now().auth()).read(name).subject());
  }

  Optional<Refusal> admit(Visitor visitor, String name) {
    return soon(gatekeeper.admit(attempt(visitor, name)));
  }

  /** A wrong password, if it is let so far. */
  Optional<Refusal> fail(Visitor visitor, String name) {
    var refusal = admit(visitor, name);
    if (refusal.isEmpty()) {
      gatekeeper.failed(attempt(visitor, name), Failure.WRONG);
    }
    return refusal;
  }

  /** The right password. */
  Optional<Refusal> enter(Visitor visitor, String name) {
    var refusal = admit(visitor, name);
    return refusal.isPresent()
        ? refusal
        : soon(
            gatekeeper.enter(
                attempt(visitor, name), new Identity(new AccountId(name.hashCode()), name)));
  }

  /** A session of the user, or why there is none. */
  Optional<Refusal> session(String name) {
    var visitor = visitor("imap", "192.0.2.1");
    arrive(visitor);
    return enter(visitor, name);
  }

  @Override
  public void close() {
    link.close();
    soon(Uni.createFrom().completionStage(() -> vertx.close().toCompletionStage()));
  }
}
