package io.postern.wire;

import io.postern.wire.door.Doorman;
import io.postern.wire.door.Doorman.Visitor;
import io.postern.wire.door.ProxyHeader.Ends;
import io.postern.wire.door.Visit;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** A connection over a Vert.x socket. */
final class SocketConnection implements Connection {
  private static final Logger LOG = System.getLogger(SocketConnection.class.getName());

  private final String id;
  private final NetSocket socket;
  private final Wheel wheel;
  final Listener.Surroundings around;
  private final SocketOutbox out;
  private final Turnstile turnstile;
  private final Wheel.Own delays;
  private final Ends ends;
  final Visit visit;
  final Sessions.Received received = new Sessions.Received();
  private final Timeouts timeouts;
  final Sessions.Seat seat;
  private final LoginLimits login;
  private final SocketInput input;
  private Optional<Buffer> tlsAnswer = Optional.empty();
  private Optional<CloseReason> closing = Optional.empty();
  private boolean leaving;
  private boolean gone;

  SocketConnection(NetSocket socket, Ends ends, Wheel wheel, Listener.Surroundings around) {
    this.id = around.sessions().nextId();
    this.socket = socket;
    this.ends = ends;
    this.wheel = wheel;
    this.delays = wheel.new Own();
    this.around = around;
    var address = Optional.ofNullable(ends.remote().hostAddress()).orElse("");
    this.visit = new Visit(around.doorman(), new Visitor(id, around.protocol().name(), address));
    this.out = new SocketOutbox(socket, around.sessions().output(), this::watch);
    this.turnstile = new Turnstile(this, around.protocol());
    this.timeouts = new Timeouts(wheel, turnstile, out, around.limits(), this::close);
    this.login = new LoginLimits(around.limits());
    this.input = new SocketInput(socket, login);
    this.seat = around.sessions().add(this, around.protocol().name(), around.listener());
  }

  /** Takes the socket and, if the doorman agrees, lets the session greet. */
  void open(Buffer sentAhead) {
    take();
    var answer = visit.begin();
    arrived(sentAhead);
    answer.subscribe().with(said -> here(() -> answered(said)), this::fault);
  }

  /** Says at once, instead of a greeting, that the server goes away. */
  void turnAway() {
    take();
    close(CloseReason.SHUTDOWN);
  }

  private void take() {
    // Its end is told by the close handler; what broke it is of no use to anybody.
    socket.exceptionHandler(broken -> LOG.log(Level.DEBUG, () -> id + " broke: " + broken));
    socket.closeHandler(closed -> gone());
    socket.handler(this::arrived);
  }

  private void answered(Doorman.Answer answer) {
    if (closing.isEmpty()) {
      switch (answer) {
        case WELCOME -> {
          turnstile.session().opened();
          turnstile.goOn();
        }
        case FULL -> close(CloseReason.FULL);
        case ADDRESS_FULL -> close(CloseReason.ADDRESS_FULL);
        case DENIED -> close(CloseReason.DENIED);
      }
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public SocketAddress remote() {
    return ends.remote();
  }

  @Override
  public SocketAddress local() {
    return ends.local();
  }

  @Override
  public boolean secure() {
    return socket.isSsl();
  }

  @Override
  public Optional<SSLSession> tls() {
    return Optional.ofNullable(socket.sslSession());
  }

  @Override
  public boolean canStartTls() {
    return around.tls() && !secure();
  }

  @Override
  public Context context() {
    return wheel.context();
  }

  @Override
  public SocketOutbox out() {
    return out;
  }

  WireLimits limits() {
    return around.limits().get();
  }

  LoginLimits login() {
    return login;
  }

  /** Goes on with the task when other connections have had their turn. */
  void queue(Runnable task) {
    wheel.queue().add(() -> guarded(task));
  }

  /** Octets that the client sent ahead. */
  long buffered() {
    return turnstile.buffered();
  }

  @Override
  public Uni<Buffer> nextLine() {
    return turnstile.nextLine();
  }

  @Override
  public Uni<Long> data(LiteralSink sink, long limit) {
    return turnstile.data(sink, limit);
  }

  @Override
  public void startTls(Buffer answer) {
    if (!canStartTls()) {
      throw new IllegalStateException("TLS cannot be started");
    }
    tlsAnswer = Optional.of(answer);
  }

  @Override
  public void timeout(Duration silence, CloseReason reason) {
    timeouts.silence(silence, reason);
  }

  @Override
  public void loginWithin(Duration time) {
    if (!login.isAuthenticated()) {
      timeouts.login(time);
    }
  }

  @Override
  public Cancellation after(Duration delay, Runnable task) {
    return delays.after(delay, () -> guarded(task));
  }

  @Override
  public void user(String name) {
    login.loggedIn();
    timeouts.loggedIn();
    seat.user(name);
  }

  @Override
  public void client(String program) {
    seat.client(program);
  }

  @Override
  public void ended(String command, String outcome) {
    // What is refused before it has come whole has not begun.
    if (turnstile.phase() == Phase.DECIDING || turnstile.phase() == Phase.TEXT) {
      seat.begins(turnstile.soFar());
    }
    seat.ended(command, outcome);
  }

  /**
   * Lets the next command wait if so much work was done for the user, or so many commands have run
   * before login; whether it has to.
   */
  boolean pause(long workNanos) {
    var wait = login.pace().orElseGet(() -> visit.worked(Duration.ofNanos(workNanos)));
    if (wait.isPositive()) {
      after(wait, turnstile::takeTurn);
    }
    return wait.isPositive();
  }

  @Override
  public void close(CloseReason reason) {
    if (closing.isPresent()) {
      return;
    }
    if (reason == CloseReason.SHUTDOWN && !leaving && !turnstile.atRest()) {
      leave(WireLimits.LAST_COMMAND);
      return;
    }
    closing = Optional.of(reason);
    // First: who reads the last words may come again at once.
    turnstile.tasks().leave(reason);
    if (turnstile.phase() != Phase.HANDSHAKE) {
      out.write(farewell(reason));
      out.flush();
    }
    out.shut();
    turnstile.close();
    timeouts.stop();
    settle();
    delays.cancel();
    wheel.after(limits().farewell(), this::cut);
    socket.close();
  }

  @Override
  public void leave(Duration lastCommand) {
    if (closing.isPresent() || leaving) {
      return;
    }
    leaving = true;
    // What runs is done whether its answer is told or not; untold, the client would do it again.
    if (turnstile.atRest()) {
      close(CloseReason.SHUTDOWN);
    } else {
      after(lastCommand, () -> close(CloseReason.SHUTDOWN));
    }
  }

  @Override
  public void settingsChanged() {
    if (closing.isEmpty() && !gone) {
      guarded(turnstile.session()::settingsChanged);
    }
  }

  /** A fault of the program: said once, and the end of this connection only. */
  void fault(Throwable fault) {
    here(
        () -> {
          if (closing.isEmpty()) {
            LOG.log(Level.ERROR, "session " + id + " failed", fault);
            close(CloseReason.FAULT);
          }
        });
  }

  /** Runs the step on the connection's context. */
  void here(Runnable step) {
    if (Vertx.currentContext() == wheel.context()) {
      guarded(step);
    } else {
      wheel.context().runOnContext(there -> guarded(step));
    }
  }

  /** Brings socket and watch in line with what the turnstile is about, and sends what waits. */
  void settle() {
    out.flush();
    input.read(!turnstile.shut());
    count();
    watch();
  }

  private void count() {
    if (!login.keeps(turnstile.held())) {
      close(CloseReason.FULL);
    }
  }

  /** Goes away if that waited for the command that has ended; whether it did. */
  boolean left() {
    if (leaving) {
      close(CloseReason.SHUTDOWN);
    }
    return leaving;
  }

  /** Starts TLS if the command that has ended asked for it; whether it did. */
  boolean upgrade() {
    if (tlsAnswer.isEmpty()) {
      return false;
    }
    var answer = tlsAnswer.get();
    tlsAnswer = Optional.empty();
    // RFC 3501 §6.2.1, RFC 2595 §4: what the client sent in the clear behind the command is not
    // its own word. First all that was read is thrown away, also what a paused socket kept back
    // (it comes in the next step of the loop), then comes the answer, then the handshake.
    turnstile.beginHandshake();
    settle();
    wheel.context().runOnContext(drained -> handshake(answer));
    return true;
  }

  private void handshake(Buffer answer) {
    if (closing.isPresent() || gone) {
      return;
    }
    out.write(answer).flush();
    socket
        .upgradeToSsl()
        .onSuccess(
            secure -> {
              seat.secured(true);
              guarded(turnstile::goOn);
            })
        .onFailure(broken -> seat.insecure());
  }

  private void arrived(Buffer bytes) {
    // During the handshake the socket hands out only what was read in the clear; once TLS is
    // there, only what came through it, perhaps a little before the handshake's end is told.
    if (turnstile.phase() == Phase.HANDSHAKE && !socket.isSsl()) {
      return;
    }
    received.came(bytes.length());
    guarded(() -> turnstile.arrived(bytes));
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException fault) {
      fault(fault);
    }
  }

  private Buffer farewell(CloseReason reason) {
    try {
      return turnstile.session().farewell(reason);
    } catch (RuntimeException fault) {
      LOG.log(Level.ERROR, "session " + id + " has no last words", fault);
      return Buffer.buffer();
    }
  }

  private void watch() {
    timeouts.watch();
  }

  /** Ends a connection whose peer does not take the last words. */
  private void cut() {
    if (!gone) {
      // NetSocket.close() waits for the peer to take all; the handler beneath it does not.
      var _ = ((NetSocketInternal) socket).channelHandlerContext().close();
    }
  }

  private void gone() {
    if (gone) {
      return;
    }
    gone = true;
    var reason = closing.orElse(CloseReason.CLIENT);
    closing = Optional.of(reason);
    out.shut();
    delays.cancel();
    timeouts.stop();
    guarded(turnstile::close);
    count();
    turnstile.tasks().gone();
    seat.leave(reason);
    guarded(() -> turnstile.session().closed(reason));
  }
}
