package io.postern.wire.registry;

import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.HandOver;
import io.postern.wire.OutputBudget;
import io.postern.wire.timer.TimerWheel;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The registry of open sessions. Safe for all threads. */
public final class SessionRegistry {
  private final SessionObserver observer;
  private final ConcurrentMap<String, Registration> entries = new ConcurrentHashMap<>();
  private final List<Consumer<Logout>> watchers = new CopyOnWriteArrayList<>();
  private final OutputBudget output;
  private final AtomicInteger orphaned = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong(new SecureRandom().nextLong());

  /** A registry without an observer. */
  public SessionRegistry() {
    this(SessionObserver.NONE);
  }

  public SessionRegistry(SessionObserver observer) {
    this(observer, OutputBudget.ofHeap());
  }

  public SessionRegistry(SessionObserver observer, OutputBudget output) {
    this.observer = observer;
    this.output = output;
  }

  /** The memory budget for the output of all sessions. */
  public OutputBudget output() {
    return output;
  }

  /** The observer; a listener that refuses a connection reports it here. */
  public SessionObserver observer() {
    return observer;
  }

  /** Adds a watcher of users who leave, called on the session's context; must be quick. */
  public void watchLogouts(Consumer<Logout> watcher) {
    watchers.add(watcher);
  }

  private void loggedOut(Logout logout) {
    watchers.forEach(watcher -> watcher.accept(logout));
  }

  /** An identifier for a new session. */
  public String nextId() {
    return HexFormat.of().toHexDigits(ids.getAndIncrement());
  }

  /**
   * Registers an accepted connection.
   *
   * @param listener the key by which {@link #drain} and {@link #closeAll} find its sessions
   */
  public Registration add(
      Connection connection, MailProtocol protocol, Traffic traffic, Object listener) {
    var registration =
        new Registration(connection, protocol, traffic, listener, observer, this::loggedOut);
    entries.put(connection.id(), registration);
    registration.opened();
    return registration;
  }

  /**
   * Registers a connection under the identifier that the front end of another site has sent.
   *
   * @return whether there was no session of that identifier; nothing changes when there was
   */
  public boolean takeOver(Registration registration, HandOver handOver) {
    var before = registration.info().id();
    if (entries.putIfAbsent(handOver.session(), registration) != null) {
      return false;
    }
    entries.remove(before, registration);
    registration.takeOver(handOver);
    return true;
  }

  /** Removes a connection that has ended; the second call does nothing. */
  public void remove(Registration registration, CloseReason reason) {
    if (entries.remove(registration.info().id(), registration)) {
      registration.ended(reason);
    }
  }

  /** All open sessions. */
  public List<SessionInfo> list() {
    return entries.values().stream().map(Registration::info).toList();
  }

  /** The number of open sessions. */
  public int count() {
    return entries.size();
  }

  /** The number of open sessions of a protocol. */
  public int count(MailProtocol protocol) {
    return Math.toIntExact(list().stream().filter(it -> it.protocol() == protocol).count());
  }

  /** How long a session's client has been silent; empty when there is no such session. */
  public Optional<Duration> silence(String id) {
    return Optional.ofNullable(entries.get(id))
        .map(it -> Duration.ofMillis(TimerWheel.millis() - it.traffic().lastInput()));
  }

  /** The number of ended sessions whose work still runs: commands without a client. */
  public int orphaned() {
    return orphaned.get();
  }

  /** Changes the number of ended sessions whose work still runs. */
  public void addOrphaned(int change) {
    orphaned.addAndGet(change);
  }

  /** Notifies all open sessions that settings have changed. */
  public void settingsChanged() {
    for (var entry : entries.values()) {
      var connection = entry.connection();
      connection.context().runOnContext(_ -> connection.settingsChanged());
    }
  }

  /** Closes a session; returns whether there was one of that id. */
  public boolean close(String id, CloseReason reason) {
    var entry = Optional.ofNullable(entries.get(id));
    entry.ifPresent(found -> found.close(reason));
    return entry.isPresent();
  }

  /** Closes all sessions that are open now; completes when they have ended. */
  public Uni<Void> closeAll(CloseReason reason) {
    return closeAll(_ -> true, reason);
  }

  /** Closes the sessions of a listener; completes when they have ended. */
  public Uni<Void> closeAll(Object listener, CloseReason reason) {
    return closeAll(entry -> entry.isOf(listener), reason);
  }

  private Uni<Void> closeAll(Predicate<Registration> selected, CloseReason reason) {
    return removed(
        () -> {
          var closed = entries.values().stream().filter(selected).toList();
          closed.forEach(entry -> entry.close(reason));
          return closed;
        });
  }

  /**
   * Asks the sessions of a listener to leave, each between two of its commands. Completes when they
   * have ended.
   *
   * @param delays given the number of sessions, the delay after which each is asked
   * @param lastCommand the longest time that a running command may take
   * @param still checked before each; once it is false, the remaining sessions stay
   */
  public Uni<Void> drain(
      Object listener,
      IntFunction<Stream<Duration>> delays,
      Duration lastCommand,
      BooleanSupplier still) {
    return removed(
        () -> {
          var all = entries.values().stream().filter(it -> it.isOf(listener)).toList();
          var each = delays.apply(all.size()).iterator();
          all.forEach(it -> drain(it.connection(), each.next(), lastCommand, still));
          return all;
        });
  }

  private static void drain(
      Connection connection, Duration delay, Duration lastCommand, BooleanSupplier still) {
    Runnable ask =
        () -> {
          if (still.getAsBoolean()) {
            connection.leave(lastCommand);
          }
        };
    connection
        .context()
        .runOnContext(
            _ -> {
              if (delay.isZero()) {
                ask.run();
              } else {
                connection.after(delay, ask);
              }
            });
  }

  /** Ends sessions at the subscription; completes when those it returned have ended. */
  private static Uni<Void> removed(Supplier<List<Registration>> end) {
    return Uni.createFrom()
        .emitter(
            emitter ->
                Future.join(end.get().stream().map(Registration::removed).toList())
                    .onComplete(_ -> emitter.complete(null)));
  }
}
