package io.postern.wire;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.SocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The register of open sessions. May be used from any thread. */
public final class Sessions {
  /**
   * A session as it stands now.
   *
   * @param id its name in logs
   * @param protocol what is spoken
   * @param user who is logged in
   */
  public record Open(
      String id,
      String protocol,
      SocketAddress remote,
      SocketAddress local,
      boolean secure,
      Instant since,
      Optional<String> user) {}

  /**
   * What a session came to.
   *
   * @param octetsIn that the client sent, as protocol text
   * @param octetsOut that it was sent
   * @param commands that it gave
   */
  public record Tally(long octetsIn, long octetsOut, long commands) {}

  /** Counts what a client sends. */
  static final class Received {
    private long octets;

    /** When anything last came; {@link Wheel#millis}. Read by all threads. */
    private volatile long heard = Wheel.millis();

    void came(int more) {
      heard = Wheel.millis();
      octets += more;
    }

    long octets() {
      return octets;
    }
  }

  /** A session that is over. */
  public record Ended(Open open, CloseReason reason, Tally tally) {}

  private record Entry(
      Open open, SocketConnection connection, Object listener, Promise<Void> gone) {
    Entry with(Open changed) {
      return new Entry(changed, connection, listener, gone);
    }
  }

  /** The longest time between two that are asked to leave. */
  private static final long SLOWEST_MILLIS = 100;

  private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
  private final List<Consumer<Ended>> watchers = new CopyOnWriteArrayList<>();
  private final AtomicLong ids = new AtomicLong(new SecureRandom().nextLong());

  /** Has each session told that ends, on its own context, when it is gone; must be quick. */
  public void watch(Consumer<Ended> watcher) {
    watchers.add(watcher);
  }

  /** How long a session's client has been silent; empty when there is no such session. */
  public Optional<Duration> silence(String id) {
    return Optional.ofNullable(entries.get(id))
        .map(entry -> entry.connection)
        .map(connection -> Duration.ofMillis(Wheel.millis() - connection.received().heard));
  }

  /** All that are open. */
  public List<Open> list() {
    return entries.values().stream().map(Entry::open).toList();
  }

  /** How many are open. */
  public int count() {
    return entries.size();
  }

  /** How many are open of a protocol. */
  public int count(String protocol) {
    return Math.toIntExact(
        entries.values().stream().filter(e -> e.open.protocol().equals(protocol)).count());
  }

  /** Closes a session; whether there was one of that id. */
  public boolean close(String id, CloseReason reason) {
    var entry = Optional.ofNullable(entries.get(id));
    entry.ifPresent(found -> close(found, reason));
    return entry.isPresent();
  }

  /** Closes all that are open now; completes when they are gone. */
  public Uni<Void> closeAll(CloseReason reason) {
    return close(entry -> true, reason);
  }

  /** Closes those of a listener; completes when they are gone. */
  Uni<Void> closeAll(Object listener, CloseReason reason) {
    return close(entry -> entry.listener.equals(listener), reason);
  }

  /** Tells all that are open that settings have changed. */
  public void settingsChanged() {
    for (var entry : entries.values()) {
      var connection = entry.connection;
      connection.context().runOnContext(there -> connection.settingsChanged());
    }
  }

  /**
   * Asks those of a listener to leave, one after the other, evenly over the time, but at least ten
   * a second; each between two of its commands. Completes when they are gone.
   *
   * @param lastCommand how long a command that runs may take at most
   * @param still asked before each; when it is not so any more, the others stay
   */
  Uni<Void> drain(Object listener, Duration spread, Duration lastCommand, BooleanSupplier still) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var all =
                  entries.values().stream().filter(it -> it.listener.equals(listener)).toList();
              long step = spread.dividedBy(Math.max(1, all.size())).toMillis();
              for (int i = 0; i < all.size(); i++) {
                var delay = Duration.ofMillis(i * Math.min(step, SLOWEST_MILLIS));
                drain(all.get(i).connection, delay, lastCommand, still);
              }
              Future.join(all.stream().map(entry -> entry.gone.future()).toList())
                  .onComplete(gone -> emitter.complete(null));
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
            there -> {
              if (delay.isZero()) {
                ask.run();
              } else {
                connection.after(delay, ask);
              }
            });
  }

  private Uni<Void> close(Predicate<Entry> meant, CloseReason reason) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var closed = entries.values().stream().filter(meant).toList();
              closed.forEach(entry -> close(entry, reason));
              Future.join(closed.stream().map(entry -> entry.gone.future()).toList())
                  .onComplete(gone -> emitter.complete(null));
            });
  }

  String nextId() {
    return HexFormat.of().toHexDigits(ids.getAndIncrement());
  }

  void add(SocketConnection connection, String protocol, Object listener) {
    var open =
        new Open(
            connection.id(),
            protocol,
            connection.remote(),
            connection.local(),
            connection.secure(),
            Instant.now(),
            Optional.empty());
    entries.put(connection.id(), new Entry(open, connection, listener, Promise.promise()));
  }

  void user(String id, String name) {
    entries.computeIfPresent(
        id,
        (key, e) -> {
          var o = e.open;
          return e.with(
              new Open(id, o.protocol, o.remote, o.local, o.secure, o.since, Optional.of(name)));
        });
  }

  void secured(String id) {
    entries.computeIfPresent(
        id,
        (key, e) -> {
          var o = e.open;
          return e.with(new Open(id, o.protocol, o.remote, o.local, true, o.since, o.user));
        });
  }

  void remove(String id, CloseReason reason, Tally tally) {
    var entry = Optional.ofNullable(entries.remove(id));
    entry.ifPresent(
        it -> {
          var ended = new Ended(it.open, reason, tally);
          watchers.forEach(watcher -> watcher.accept(ended));
          it.gone.complete();
        });
  }

  private static void close(Entry entry, CloseReason reason) {
    entry.connection.context().runOnContext(there -> entry.connection.close(reason));
  }
}
