package io.postern.wire.transport;

import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.OutputBudget;
import io.postern.wire.Request;
import io.postern.wire.timer.TimerWheel;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;

/** The registry of open sessions. Safe for all threads. */
public final class SessionRegistry {
  /**
   * The state of a session at one moment.
   *
   * @param id its identifier in logs
   * @param protocol its protocol's name
   * @param user the logged-in user
   * @param client the name that the client's program gives itself
   */
  public record SessionInfo(
      String id,
      String protocol,
      SocketAddress remote,
      SocketAddress local,
      boolean secure,
      Instant since,
      Optional<String> user,
      Optional<String> client) {
    private SessionInfo withUser(String name) {
      return new SessionInfo(id, protocol, remote, local, secure, since, Optional.of(name), client);
    }

    private SessionInfo secured() {
      return new SessionInfo(id, protocol, remote, local, true, since, user, client);
    }

    private SessionInfo withClient(String program) {
      return new SessionInfo(
          id, protocol, remote, local, secure, since, user, Optional.of(program));
    }
  }

  /**
   * The totals of a session.
   *
   * @param octetsIn received from the client, as protocol text
   * @param octetsOut sent to the client
   * @param commands that the client gave
   */
  public record SessionStats(long octetsIn, long octetsOut, long commands) {}

  /** A session that has ended. */
  public record Ended(SessionInfo open, CloseReason reason, SessionStats tally) {}

  /**
   * A command that ended.
   *
   * @param number counts the session's commands from 1
   * @param command its name in the protocol's catalogue, {@code ?} for an unknown one
   * @param outcome a word of the protocol's own, such as {@code ok} or {@code no}
   * @param request what the client sent: it may contain a password
   * @param nanos how long it ran
   * @param out octets written meanwhile
   */
  public record CommandRecord(
      long number, String command, String outcome, Request request, long nanos, long out) {}

  /** Why a connection was refused or ended. */
  public enum Rejection {
    /** The listener is shutting down. */
    DRAINING,
    /** The TLS handshake failed. */
    TLS,
    /** The limit of connections is reached. */
    CONNECTIONS,
    /** The limit of connections from one address is reached. */
    ADDRESS,
    /** The limit of sessions of one user is reached. */
    USER,
    /** An access rule or the login guard refuses this address or user. */
    POLICY,
    /** The PROXY header is missing or malformed. */
    PROXY
  }

  /** Receives the events of connections. Called from any thread; must be quick. */
  public interface Log {
    /** Ignores all events. */
    Log NONE = new Log() {};

    /** A connection was accepted. */
    default void opened(SessionInfo session) {}

    /**
     * TLS is active.
     *
     * @param version as the Java platform names it: {@code TLSv1.3}
     * @param asked whether the client requested it by a command
     */
    default void secured(SessionInfo session, String version, boolean asked) {}

    /** A user has logged in. */
    default void loggedIn(SessionInfo session) {}

    /** The connection has ended. */
    default void closed(SessionInfo session, SessionStats tally, CloseReason why) {}

    /** A connection was refused, or ended because it exceeds a limit. */
    default void rejected(String protocol, Rejection why) {}

    /** Whether {@link #ran} is called for a protocol's commands; read at each of them. */
    default boolean wantsCommands(String protocol) {
      return false;
    }

    /** A command ended. */
    default void ran(SessionInfo session, CommandRecord command) {}
  }

  /** One session's entry in the registry. Used on the connection's context. */
  final class Registration {
    /** A running command that {@link Log#ran} will report. */
    private record Running(Request request, long began, long written) {}

    private final SocketConnection connection;
    private final Object listener;
    private final Promise<Void> gone = Promise.promise();
    private volatile SessionInfo open;
    private Optional<Running> running = Optional.empty();
    private long commands;

    private Registration(SocketConnection connection, SessionInfo open, Object listener) {
      this.connection = connection;
      this.open = open;
      this.listener = listener;
    }

    void user(String name) {
      open = open.withUser(name);
      log.loggedIn(open);
    }

    void client(String program) {
      open = open.withClient(program);
    }

    void secured(boolean asked) {
      open = open.secured();
      var version = connection.tls().map(SSLSession::getProtocol).orElse("none");
      log.secured(open, version, asked);
    }

    /** The requested TLS handshake failed: the connection closes, as plaintext cannot resume. */
    void insecure() {
      log.rejected(open.protocol(), Rejection.TLS);
      connection.close(CloseReason.CLIENT);
    }

    /** A command begins. */
    void begins(Request request) {
      commands++;
      running =
          log.wantsCommands(open.protocol())
              ? Optional.of(new Running(request, System.nanoTime(), connection.out().written()))
              : Optional.empty();
    }

    void ended(String command, String outcome) {
      running.ifPresent(r -> log.ran(open, ran(r, command, outcome)));
      running = Optional.empty();
    }

    private CommandRecord ran(Running r, String command, String outcome) {
      return new CommandRecord(
          commands,
          command,
          outcome,
          r.request,
          System.nanoTime() - r.began,
          connection.out().written() - r.written);
    }

    private SessionStats tally() {
      return new SessionStats(connection.received.octets(), connection.out().octets(), commands);
    }

    void leave(CloseReason why) {
      if (entries.remove(open.id(), this)) {
        var ended = new Ended(open, why, tally());
        watchers.forEach(watcher -> watcher.accept(ended));
        log.closed(open, ended.tally(), why);
        gone.complete();
      }
    }

    private void close(CloseReason reason) {
      connection.context().runOnContext(there -> connection.close(reason));
    }
  }

  private final Log log;
  private final ConcurrentMap<String, Registration> entries = new ConcurrentHashMap<>();
  private final List<Consumer<Ended>> watchers = new CopyOnWriteArrayList<>();
  private final OutputBudget output;
  final AtomicInteger orphaned = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong(new SecureRandom().nextLong());

  /** A registry without a log. */
  public SessionRegistry() {
    this(Log.NONE);
  }

  public SessionRegistry(Log log) {
    this(log, OutputBudget.ofHeap());
  }

  public SessionRegistry(Log log, OutputBudget output) {
    this.log = log;
    this.output = output;
  }

  /** The memory budget for the output of all sessions. */
  public OutputBudget output() {
    return output;
  }

  /** Registers a watcher of ended sessions, called on the session's context; must be quick. */
  public void watch(Consumer<Ended> watcher) {
    watchers.add(watcher);
  }

  /** How long a session's client has been silent; empty when there is no such session. */
  public Optional<Duration> silence(String id) {
    return Optional.ofNullable(entries.get(id))
        .map(registration -> registration.connection.received)
        .map(received -> Duration.ofMillis(TimerWheel.millis() - received.last()));
  }

  /** The log; a listener that refuses a connection reports it here. */
  public Log log() {
    return log;
  }

  /** All open sessions. */
  public List<SessionInfo> list() {
    return entries.values().stream().map(registration -> registration.open).toList();
  }

  /** The number of open sessions. */
  public int count() {
    return entries.size();
  }

  /** The number of ended sessions whose work still runs: commands without a client. */
  public int orphaned() {
    return orphaned.get();
  }

  /** The number of open sessions of a protocol. */
  public int count(String protocol) {
    return Math.toIntExact(
        entries.values().stream().filter(e -> e.open.protocol().equals(protocol)).count());
  }

  /** Closes a session; returns whether there was one of that id. */
  public boolean close(String id, CloseReason reason) {
    var entry = Optional.ofNullable(entries.get(id));
    entry.ifPresent(found -> found.close(reason));
    return entry.isPresent();
  }

  /** Closes all sessions that are open now; completes when they have ended. */
  public Uni<Void> closeAll(CloseReason reason) {
    return close(entry -> true, reason);
  }

  /** Closes the sessions of a listener; completes when they have ended. */
  Uni<Void> closeAll(Object listener, CloseReason reason) {
    return close(entry -> entry.listener.equals(listener), reason);
  }

  /** Notifies all open sessions that settings have changed. */
  public void settingsChanged() {
    for (var entry : entries.values()) {
      entry.connection.context().runOnContext(there -> entry.connection.settingsChanged());
    }
  }

  /**
   * Asks the sessions of a listener to leave, each between two of its commands. Completes when they
   * have ended.
   *
   * @param delays given the number of sessions, the delay after which each is asked
   * @param lastCommand the longest time that a running command may take
   * @param still checked before each; once it is false, the remaining sessions stay
   */
  Uni<Void> drain(
      Object listener,
      IntFunction<Stream<Duration>> delays,
      Duration lastCommand,
      BooleanSupplier still) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var all =
                  entries.values().stream().filter(it -> it.listener.equals(listener)).toList();
              var each = delays.apply(all.size()).iterator();
              all.forEach(it -> drain(it.connection, each.next(), lastCommand, still));
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

  private Uni<Void> close(Predicate<Registration> meant, CloseReason reason) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var closed = entries.values().stream().filter(meant).toList();
              closed.forEach(entry -> entry.close(reason));
              Future.join(closed.stream().map(entry -> entry.gone.future()).toList())
                  .onComplete(gone -> emitter.complete(null));
            });
  }

  String nextId() {
    return HexFormat.of().toHexDigits(ids.getAndIncrement());
  }

  /** Registers an accepted connection. */
  Registration add(SocketConnection connection, String protocol, Object listener) {
    var open =
        new SessionInfo(
            connection.id(),
            protocol,
            connection.remote(),
            connection.local(),
            connection.secure(),
            Instant.now(),
            Optional.empty(),
            Optional.empty());
    var registration = new Registration(connection, open, listener);
    entries.put(open.id(), registration);
    log.opened(open);
    if (open.secure()) {
      registration.secured(false);
    }
    return registration;
  }
}
