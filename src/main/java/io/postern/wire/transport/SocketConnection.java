package io.postern.wire.transport;

import io.postern.admission.Admission;
import io.postern.admission.AdmissionControl;
import io.postern.admission.AdmissionControl.Peer;
import io.postern.admission.ProxyHeader.Endpoints;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralSink;
import io.postern.wire.Request;
import io.postern.wire.SiteLink;
import io.postern.wire.StreamStage;
import io.postern.wire.input.CommandPipeline;
import io.postern.wire.input.Phase;
import io.postern.wire.input.PipelineConnection;
import io.postern.wire.input.SessionWork;
import io.postern.wire.limits.LoginLimits;
import io.postern.wire.registry.Registration;
import io.postern.wire.registry.Traffic;
import io.postern.wire.stream.StreamSwitch;
import io.postern.wire.timer.ConnectionTasks;
import io.postern.wire.timer.TimerWheel;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.zip.DataFormatException;
import javax.net.ssl.SSLSession;

/** A connection over a Vert.x socket. */
public final class SocketConnection implements Connection, PipelineConnection {
  private static final Logger LOG = System.getLogger(SocketConnection.class.getName());

  private final NetSocket socket;
  private final TimerWheel wheel;
  private final ListenerContext listener;
  private final boolean startTls;
  private final SocketSiteLink sites;
  private final ConnectionTasks tasks;
  private final SocketOutbox out;
  private final SocketTraffic traffic;
  private final SocketInput input;
  private final LoginLimits login;
  private final Admission admission;
  private final SessionWork work;
  private final CommandPipeline pipeline;
  private final Timeouts timeouts;
  private final Registration registration;
  private final Compression compression;
  private final ConnectionEnd end;
  private final StageSwitching switching;
  private final SocketInbound inbound;

  SocketConnection(
      NetSocket socket,
      Endpoints ends,
      TimerWheel wheel,
      ListenerContext listener,
      Optional<String> front) {
    var id = listener.sessions().nextId();
    this.sites = new SocketSiteLink(listener, front, id, ends);
    this.socket = socket;
    this.wheel = wheel;
    this.listener = listener;
    this.startTls = listener.startTls().getAsBoolean();
    this.tasks = new ConnectionTasks(wheel, this::fault);
    this.out = new SocketOutbox(socket, listener.sessions().output(), this::watch);
    this.traffic = new SocketTraffic(out);
    this.login = new LoginLimits(listener.limits());
    this.input = new SocketInput(wheel.context().owner(), socket, login, listener.hangups());
    var protocol = listener.protocol();
    var address = Optional.ofNullable(ends.remote().hostAddress()).orElse("");
    var peer = new Peer(id, protocol.kind(), address);
    this.admission = new Admission(listener.admissionControl(), peer);
    this.work = new SessionWork(this, admission, listener.sessions()::addOrphaned);
    var session = protocol.open(this);
    this.pipeline = new CommandPipeline(this, protocol, session, login, work);
    this.compression = new Compression(out, pipeline, tasks, this::settle, this::broken);
    var streamSwitch = new StreamSwitch(socket, compression::begin);
    this.timeouts = new Timeouts(wheel, pipeline, out, listener.limits(), this::close);
    var piping = new Piping(out, pipeline, tasks, this::settle, this::close);
    this.inbound = new SocketInbound(streamSwitch, compression, piping, pipeline, tasks, traffic);
    BooleanSupplier farewell = piping::allowsFarewell;
    this.end = new ConnectionEnd(id, pipeline, work, out, input, login, tasks, timeouts, farewell);
    this.switching = new StageSwitching(streamSwitch, pipeline, tasks, end, out, this::settle);
    this.registration =
        listener.sessions().add(this, protocol.kind(), traffic, listener.listener());
    sites.complete(new SocketSiteLink.Parts(admission, login, timeouts, piping, registration));
  }

  /** Takes the socket and, if AdmissionControl admits the peer, lets the session greet. */
  void open(Buffer sentAhead) {
    take();
    // A front end has admitted the client; its hand-over is decided about later.
    var decision =
        sites.front().isPresent()
            ? Uni.createFrom().item(AdmissionControl.Decision.ADMITTED)
            : admission.begin();
    inbound.arrived(sentAhead);
    decision.subscribe().with(it -> tasks.run(() -> decided(it)), this::fault);
  }

  /** Refuses the connection because the server shuts down, without a greeting. */
  void turnAway() {
    take();
    close(CloseReason.SHUTDOWN);
  }

  private void take() {
    // The close handler ends the connection; the cause is of interest for debugging only.
    socket.exceptionHandler(broken -> LOG.log(Level.DEBUG, () -> id() + " broke: " + broken));
    socket.closeHandler(_ -> gone());
    socket.handler(inbound::arrived);
  }

  private void decided(AdmissionControl.Decision decision) {
    if (!end.hasBegun()) {
      switch (decision) {
        case ADMITTED -> {
          pipeline.session().opened();
          pipeline.goOn();
        }
        case FULL -> close(CloseReason.FULL);
        case ADDRESS_FULL -> close(CloseReason.ADDRESS_FULL);
        case DENIED -> close(CloseReason.DENIED);
      }
    }
  }

  private void broken(DataFormatException fault) {
    LOG.log(Level.DEBUG, () -> id() + " sent what is not compressed: " + fault);
    close(CloseReason.NOT_COMPRESSED);
  }

  @Override
  public boolean compressed() {
    return out.compresses();
  }

  @Override
  public String id() {
    return sites.id();
  }

  @Override
  public SocketAddress remote() {
    return sites.ends().remote();
  }

  @Override
  public SocketAddress local() {
    return sites.ends().local();
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
  public Context context() {
    return wheel.context();
  }

  @Override
  public SocketOutbox out() {
    return out;
  }

  /** The octets that it has transferred. */
  public Traffic traffic() {
    return traffic;
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
    return tasks.after(delay, task);
  }

  @Override
  public void queue(Runnable task) {
    tasks.run(() -> tasks.queue(task));
  }

  @Override
  public ConnectionTasks tasks() {
    return tasks;
  }

  @Override
  public void user(String name) {
    login.loggedIn();
    timeouts.loggedIn();
    registration.user(name);
  }

  @Override
  public void userLeft() {
    compression.end();
    login.userLeft();
    timeouts.userLeft();
    admission.userLeft();
    registration.userLeft();
  }

  @Override
  public SiteLink sites() {
    return sites;
  }

  @Override
  public void client(String program) {
    registration.client(program);
  }

  @Override
  public void commandBegins(Request request) {
    registration.commandBegins(request);
  }

  @Override
  public void commandEnded(String command, String outcome, long nanos) {
    // A command that is refused before it was received completely has not begun.
    if (pipeline.phase() == Phase.DECIDING || pipeline.phase() == Phase.TEXT) {
      registration.commandBegins(pipeline.soFar());
    }
    registration.commandEnded(command, outcome, nanos);
  }

  /** Whether the next command is delayed, by the user's budget or by the pacer before login. */
  @Override
  public boolean pause(long workNanos) {
    var wait = login.pace().orElseGet(() -> admission.charge(Duration.ofNanos(workNanos)));
    if (wait.isPositive()) {
      after(wait, pipeline::takeTurn);
    }
    return wait.isPositive();
  }

  @Override
  public void settle() {
    out.flush();
    input.read(inbound.takesMore());
    inbound.resume();
    if (!login.keeps(pipeline.held())) {
      close(CloseReason.FULL);
    }
    watch();
  }

  private void watch() {
    timeouts.watch();
  }

  @Override
  public boolean canStartTls() {
    return startTls && !secure() && !compressed();
  }

  @Override
  public void switchStream(StreamStage stage, Buffer answer) {
    switching.request(stage, answer, canStartTls());
  }

  @Override
  public boolean switchIfRequested() {
    return sites.beginPipe() || switching.beginIfRequested(context(), registration);
  }

  @Override
  public void settingsChanged() {
    if (!end.hasBegun()) {
      tasks.runHere(() -> pipeline.session().settingsChanged());
    }
  }

  /** Handles a fault of the program: logs it once and closes this connection only. */
  @Override
  public void fault(Throwable fault) {
    tasks.run(
        () -> {
          if (!end.hasBegun()) {
            LOG.log(Level.ERROR, "session " + id() + " failed", fault);
            close(CloseReason.FAULT);
          }
        });
  }

  @Override
  public void leave(Duration lastCommand) {
    end.leave(lastCommand);
  }

  @Override
  public boolean closeIfLeaving() {
    return end.closeIfLeaving();
  }

  @Override
  public void close(CloseReason reason) {
    end.close(reason);
  }

  private void gone() {
    end.gone()
        .ifPresent(
            reason -> {
              inbound.close();
              listener.sessions().remove(registration, reason);
              tasks.runHere(() -> pipeline.session().closed(reason));
            });
  }
}
