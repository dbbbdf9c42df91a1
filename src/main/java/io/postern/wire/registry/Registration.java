package io.postern.wire.registry;

import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.HandOver;
import io.postern.wire.Request;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;

/** One session's entry in the registry. Used on the connection's context. */
public final class Registration {
  /** A running command that {@link SessionObserver#commandRecorded} will report. */
  private record Running(Request request, long written) {}

  private final Connection connection;
  private final Traffic traffic;
  private final Object listener;
  private final SessionObserver observer;
  private final Consumer<Logout> logouts;
  private final Promise<Void> removed = Promise.promise();
  private volatile SessionInfo info;
  private Optional<Running> running = Optional.empty();

  /** Whether the observer knows of it: of one that is passed on, when its client is known. */
  private boolean announced;

  private long commands;

  /**
   * @param listener the key by which the registry finds the listener's sessions
   * @param logouts called when a user leaves
   */
  Registration(
      Connection connection,
      MailProtocol protocol,
      Traffic traffic,
      Object listener,
      SessionObserver observer,
      Consumer<Logout> logouts) {
    this.connection = connection;
    this.traffic = traffic;
    this.listener = listener;
    this.observer = observer;
    this.logouts = logouts;
    this.info =
        new SessionInfo(
            connection.id(),
            protocol,
            connection.remote(),
            connection.local(),
            connection.secure(),
            Instant.now(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /** Safe for all threads. */
  SessionInfo info() {
    return info;
  }

  Connection connection() {
    return connection;
  }

  Traffic traffic() {
    return traffic;
  }

  boolean isOf(Object key) {
    return listener.equals(key);
  }

  /** Completes when the session has ended. */
  Future<Void> removed() {
    return removed.future();
  }

  void opened() {
    if (connection.sites().front().isEmpty()) {
      announce();
    }
  }

  /** The client whose connection is passed on is known. */
  void takeOver(HandOver handOver) {
    info = info.withClientOf(handOver);
    announce();
  }

  private void announce() {
    announced = true;
    observer.opened(info);
    if (info.secure()) {
      secured(false);
    }
  }

  /** A user has logged in. */
  public void user(String name) {
    info = info.withUser(name);
    observer.loggedIn(info);
  }

  /** The connection of a user is passed on to their site, which reports the login. */
  public void passedOn(String name, String site) {
    info = info.withHome(name, site);
  }

  /** The user has left, and the connection stays. */
  public void userLeft() {
    var before = info;
    info = info.withoutUser();
    reportLogout(before, Optional.empty());
    observer.userLeft(before);
  }

  /** The client's program has given itself a name. */
  public void client(String program) {
    info = info.withClient(program);
  }

  /**
   * TLS is active.
   *
   * @param asked whether the client requested it by a command
   */
  public void secured(boolean asked) {
    info = info.withTls();
    var version = connection.tls().map(SSLSession::getProtocol).orElse("none");
    observer.secured(info, version, asked);
  }

  /** The requested TLS handshake failed. */
  public void handshakeFailed() {
    observer.rejected(info.protocol(), Rejection.TLS);
  }

  /** A command begins. */
  public void commandBegins(Request request) {
    commands++;
    running =
        observer.recordsCommands(info.protocol())
            ? Optional.of(new Running(request, traffic.octetsWritten()))
            : Optional.empty();
  }

  /** The command that began last has ended. */
  public void commandEnded(String command, String outcome, long nanos) {
    observer.commandEnded(info, command, outcome, nanos);
    running.ifPresent(
        it -> {
          long out = traffic.octetsWritten() - it.written;
          observer.commandRecorded(
              info, new CommandRecord(commands, command, outcome, it.request, nanos, out));
        });
    running = Optional.empty();
  }

  private void reportLogout(SessionInfo session, Optional<CloseReason> closed) {
    if (session.user().isPresent() && session.home().isEmpty()) {
      logouts.accept(new Logout(session, closed, stats()));
    }
  }

  private SessionStats stats() {
    return new SessionStats(traffic.octetsIn(), traffic.octetsOut(), commands);
  }

  /** The session has ended and is no longer in the registry. */
  void ended(CloseReason reason) {
    if (!announced) {
      announce();
    }
    reportLogout(info, Optional.of(reason));
    observer.closed(info, stats(), reason);
    removed.complete();
  }

  /** Safe for all threads. */
  void close(CloseReason reason) {
    connection.context().runOnContext(_ -> connection.close(reason));
  }
}
