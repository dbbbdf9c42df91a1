package io.postern.wire.transport;

import io.postern.admission.Admission;
import io.postern.admission.AdmissionControl;
import io.postern.admission.AdmissionControl.Peer;
import io.postern.admission.ProxyHeader.Endpoints;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralSink;
import io.postern.wire.input.Phase;
import io.postern.wire.limits.LoginLimits;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.timer.TimerWheel;
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
public final class SocketConnection implements Connection {
  private static final Logger LOG = System.getLogger(SocketConnection.class.getName());

  private final String id;
  private final NetSocket socket;
  private final TimerWheel wheel;
  final ListenerContext around;
  private final SocketOutbox out;
  private final CommandPipeline pipeline;
  private final TimerWheel.TimerGroup delays;
  private final Endpoints ends;
  final Admission admission;
  public final ReceivedOctets received = new ReceivedOctets();
  private final Timeouts timeouts;
  final SessionRegistry.Registration registration;
  private final LoginLimits login;
  private final SocketInput input;
  private Optional<Buffer> tlsAnswer = Optional.empty();
  private Optional<CloseReason> closing = Optional.empty();
  private boolean leaving;
  private boolean gone;

  SocketConnection(NetSocket socket, Endpoints ends, TimerWheel wheel, ListenerContext around) {
    this.id = around.sessions().nextId();
    this.socket = socket;
    this.ends = ends;
    this.wheel = wheel;
    this.delays = wheel.new TimerGroup();
    this.around = around;
    var address = Optional.ofNullable(ends.remote().hostAddress()).orElse("");
    this.admission =
        new Admission(around.admissionControl(), new Peer(id, around.protocol().name(), address));
    this.out = new SocketOutbox(socket, around.sessions().output(), this::watch);
    this.pipeline = new CommandPipeline(this, around.protocol());
    this.timeouts = new Timeouts(wheel, pipeline, out, around.limits(), this::close);
    this.login = new LoginLimits(around.limits());
    this.input = new SocketInput(socket, login);
    this.registration = around.sessions().add(this, around.protocol().name(), around.listener());
  }

  /** Takes the socket and, if AdmissionControl admits the peer, lets the session greet. */
  void open(Buffer sentAhead) {
    take();
    var answer = admission.begin();
    arrived(sentAhead);
    answer.subscribe().with(said -> here(() -> answered(said)), this::fault);
  }

  /** Refuses the connection because the server shuts down, without a greeting. */
  void turnAway() {
    take();
    close(CloseReason.SHUTDOWN);
  }

  private void take() {
    // The close handler ends the connection; the cause is of interest for debugging only.
    socket.exceptionHandler(broken -> LOG.log(Level.DEBUG, () -> id + " broke: " + broken));
    socket.closeHandler(closed -> gone());
    socket.handler(this::arrived);
  }

  private void answered(AdmissionControl.Decision answer) {
    if (closing.isEmpty()) {
      switch (answer) {
        case WELCOME -> {
          pipeline.session().opened();
          pipeline.goOn();
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

  /** Queues the task; it runs when other connections have had their turn. */
  void queue(Runnable task) {
    wheel.queue().add(() -> guarded(task));
  }

  /** Octets that the client sent ahead. */
  public long buffered() {
    return pipeline.buffered();
  }

  @Override
  public Uni<Buffer> nextLine() {
    return pipeline.nextLine();
  }

  @Override
  public Uni<Long> data(LiteralSink sink, long limit) {
    return pipeline.data(sink, limit);
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
    registration.user(name);
  }

  @Override
  public void client(String program) {
    registration.client(program);
  }

  @Override
  public void ended(String command, String outcome) {
    // A command that is refused before it was received completely has not begun.
    if (pipeline.phase() == Phase.DECIDING || pipeline.phase() == Phase.TEXT) {
      registration.begins(pipeline.soFar());
    }
    registration.ended(command, outcome);
  }

  /** Whether the next command is delayed, by the user's budget or by the pacer before login. */
  boolean pause(long workNanos) {
    var wait = login.pace().orElseGet(() -> admission.worked(Duration.ofNanos(workNanos)));
    if (wait.isPositive()) {
      after(wait, pipeline::takeTurn);
    }
    return wait.isPositive();
  }

  @Override
  public void close(CloseReason reason) {
    if (closing.isPresent()) {
      return;
    }
    if (reason == CloseReason.SHUTDOWN && !leaving && !pipeline.atRest()) {
      leave(WireLimits.LAST_COMMAND);
      return;
    }
    closing = Optional.of(reason);
    // First: a client that reads the farewell may reconnect at once.
    pipeline.tasks().leave(reason);
    if (pipeline.phase() != Phase.HANDSHAKE) {
      out.write(farewell(reason)).flush();
    }
    out.shut();
    pipeline.close();
    timeouts.stop();
    settle();
    delays.cancel();
    wheel.after(limits().farewell(), this::cut);
    input.close(reason);
  }

  @Override
  public void leave(Duration lastCommand) {
    if (closing.isPresent() || leaving) {
      return;
    }
    leaving = true;
    // What runs takes effect in any case; a client without its answer would repeat it.
    if (pipeline.atRest()) {
      close(CloseReason.SHUTDOWN);
    } else {
      after(lastCommand, () -> close(CloseReason.SHUTDOWN));
    }
  }

  @Override
  public void settingsChanged() {
    if (closing.isEmpty() && !gone) {
      guarded(pipeline.session()::settingsChanged);
    }
  }

  /** Handles a fault of the program: logs it once and closes this connection only. */
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

  /** Updates socket and time-outs to the state of the pipeline, and sends waiting output. */
  void settle() {
    out.flush();
    input.read(!pipeline.shut());
    count();
    watch();
  }

  private void count() {
    if (!login.keeps(pipeline.held())) {
      close(CloseReason.FULL);
    }
  }

  /** Closes if that waited for the command that has ended; returns whether it did. */
  boolean left() {
    if (leaving) {
      close(CloseReason.SHUTDOWN);
    }
    return leaving;
  }

  /** Starts TLS if the command that has ended requested it; returns whether it did. */
  boolean upgrade() {
    if (tlsAnswer.isEmpty()) {
      return false;
    }
    var answer = tlsAnswer.get();
    tlsAnswer = Optional.empty();
    // RFC 3501 §6.2.1, RFC 2595 §4: plaintext octets behind the command are discarded, those of a
    // paused socket in the next iteration of the loop; then the answer is sent and the handshake
    // begins.
    pipeline.beginHandshake();
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
              registration.secured(true);
              guarded(pipeline::goOn);
            })
        .onFailure(broken -> registration.insecure());
  }

  private void arrived(Buffer bytes) {
    // During the handshake the socket delivers only what was read as plaintext; once TLS is active,
    // only decrypted octets, perhaps shortly before the upgrade's future completes.
    if (pipeline.phase() == Phase.HANDSHAKE && !socket.isSsl()) {
      return;
    }
    received.add(bytes.length());
    guarded(() -> pipeline.arrived(bytes));
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
      return pipeline.session().farewell(reason);
    } catch (RuntimeException fault) {
      LOG.log(Level.ERROR, "session " + id + " has no last words", fault);
      return Buffer.buffer();
    }
  }

  private void watch() {
    timeouts.watch();
  }

  /** Cuts a connection whose peer does not take the last output. */
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
    guarded(pipeline::close);
    count();
    pipeline.tasks().gone();
    registration.leave(reason);
    guarded(() -> pipeline.session().closed(reason));
  }
}
