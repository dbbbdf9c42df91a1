package io.postern.wire;

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
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;

/** A connection over a Vert.x socket. */
final class SocketConnection implements Connection {
  private static final Logger LOG = System.getLogger(SocketConnection.class.getName());
  private static final long NEVER = Long.MAX_VALUE;

  /** How long a command that runs when the server goes away may take to be answered. */
  private static final Duration LAST_COMMAND = Duration.ofSeconds(15);

  /** What a listener gives to each of its connections. */
  record Surroundings(
      Object listener,
      Protocol protocol,
      boolean tls,
      Supplier<WireLimits> limits,
      Sessions sessions) {}

  private final String id;
  private final NetSocket socket;
  private final Wheel wheel;
  private final Surroundings around;
  private final SocketOutbox out;
  private final Turnstile turnstile;
  private final Set<Cancellation> delays = new HashSet<>();

  private long silence = Duration.ofMinutes(1).toMillis();
  private CloseReason silenceReason = CloseReason.LOGIN_TIMEOUT;

  /** When the watch wakes, and how to take that back. */
  private long watched = NEVER;

  private Optional<Cancellation> watch = Optional.empty();
  private Optional<Buffer> tlsAnswer = Optional.empty();
  private Optional<CloseReason> closing = Optional.empty();
  private boolean reading = true;
  private boolean leaving;
  private boolean gone;

  SocketConnection(NetSocket socket, Wheel wheel, Surroundings around) {
    this.id = around.sessions().nextId();
    this.socket = socket;
    this.wheel = wheel;
    this.around = around;
    this.out = new SocketOutbox(socket, this::watch);
    this.turnstile = new Turnstile(this, around.protocol());
  }

  /** Takes the socket and lets the session greet. */
  void open() {
    around.sessions().add(this, around.protocol().name(), around.listener());
    // Its end is told by the close handler; what broke it is of no use to anybody.
    socket.exceptionHandler(broken -> LOG.log(Level.DEBUG, () -> id + " broke: " + broken));
    socket.closeHandler(closed -> gone());
    socket.handler(this::arrived);
    guarded(turnstile.session()::opened);
    settle();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public SocketAddress remote() {
    return socket.remoteAddress();
  }

  @Override
  public SocketAddress local() {
    return socket.localAddress();
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
    this.silence = silence.toMillis();
    this.silenceReason = reason;
    watch();
  }

  @Override
  public Cancellation after(Duration delay, Runnable task) {
    var holder = new Object[1];
    var entry =
        wheel.after(
            delay,
            () -> {
              delays.remove(holder[0]);
              guarded(task);
            });
    Cancellation cancellation =
        () -> {
          entry.cancel();
          delays.remove(holder[0]);
        };
    holder[0] = cancellation;
    delays.add(cancellation);
    return cancellation;
  }

  @Override
  public void user(String name) {
    around.sessions().user(id, name);
  }

  @Override
  public void close(CloseReason reason) {
    if (closing.isPresent()) {
      return;
    }
    // What runs is done whether its answer is told or not; untold, the client would do it again.
    if (reason == CloseReason.SHUTDOWN
        && !leaving
        && turnstile.phase() == Turnstile.Phase.RUNNING) {
      leaving = true;
      wheel.after(LAST_COMMAND, () -> guarded(() -> close(reason)));
      return;
    }
    closing = Optional.of(reason);
    if (turnstile.phase() != Turnstile.Phase.HANDSHAKE) {
      out.write(farewell(reason));
      out.flush();
    }
    out.shut();
    turnstile.close();
    settle();
    cancelDelays();
    wheel.after(limits().farewell(), this::cut);
    socket.close();
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
    boolean read = !turnstile.shut();
    if (read != reading) {
      reading = read;
      if (read) {
        socket.resume();
      } else {
        socket.pause();
      }
    }
    watch();
  }

  /** Goes away if that waited for the command that has ended; whether it did. */
  boolean leave() {
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
              around.sessions().secured(id);
              guarded(turnstile::goOn);
            })
        .onFailure(broken -> close(CloseReason.CLIENT));
  }

  private void arrived(Buffer bytes) {
    // During the handshake the socket hands out only what was read in the clear; once TLS is
    // there, only what came through it, perhaps a little before the handshake's end is told.
    if (turnstile.phase() == Turnstile.Phase.HANDSHAKE && !socket.isSsl()) {
      return;
    }
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

  /** When something is to be done about a client that does nothing. */
  private long due() {
    long due = NEVER;
    if (closing.isEmpty() && turnstile.waitsForClient()) {
      due = turnstile.since() + patience();
    }
    if (closing.isEmpty() && out.untaken() > 0) {
      due = Math.min(due, out.taken() + limits().stalled().toMillis());
    }
    return due;
  }

  private long patience() {
    return switch (turnstile.phase()) {
      case TEXT, LINE -> silence;
      case DECIDING, LITERAL, REFUSED, RUNNING, DATA, ROOM, HANDSHAKE, CLOSED ->
          limits().stalled().toMillis();
    };
  }

  /** One delay per connection, put forward when needed and else found too early when it ends. */
  private void watch() {
    long due = due();
    if (due < watched && !gone) {
      watch.ifPresent(Cancellation::cancel);
      watched = due;
      watch = Optional.of(wheel.after(Math.max(0, due - Wheel.millis()), this::look));
    }
  }

  private void look() {
    watched = NEVER;
    watch = Optional.empty();
    if (due() > Wheel.millis()) {
      watch();
      return;
    }
    boolean quiet =
        switch (turnstile.phase()) {
          case TEXT, LINE -> Wheel.millis() >= turnstile.since() + silence;
          case DECIDING, LITERAL, REFUSED, RUNNING, DATA, ROOM, HANDSHAKE, CLOSED -> false;
        };
    close(quiet ? silenceReason : CloseReason.STALLED);
  }

  /** Ends a connection whose peer does not take the last words. */
  private void cut() {
    if (!gone) {
      // NetSocket.close() waits for the peer to take all; the handler beneath it does not.
      var _ = ((NetSocketInternal) socket).channelHandlerContext().close();
    }
  }

  private void cancelDelays() {
    Set.copyOf(delays).forEach(Cancellation::cancel);
  }

  private void gone() {
    if (gone) {
      return;
    }
    gone = true;
    var reason = closing.orElse(CloseReason.CLIENT);
    closing = Optional.of(reason);
    out.shut();
    cancelDelays();
    watch.ifPresent(Cancellation::cancel);
    guarded(turnstile::close);
    around.sessions().remove(id);
    guarded(() -> turnstile.session().closed(reason));
  }
}
