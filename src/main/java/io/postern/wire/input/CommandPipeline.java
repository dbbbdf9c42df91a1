package io.postern.wire.input;

import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.Literal;
import io.postern.wire.LiteralPlan;
import io.postern.wire.LiteralSink;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.postern.wire.limits.LoginLimits;
import io.postern.wire.timer.RunQueue;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/**
 * Runs the commands of one connection one at a time. Takes the next frame from the {@link
 * CommandReceiver} only when it can be processed, so that pipelined input stays bytes: at most
 * {@link #PIECES} or {@link #OCTETS} of them, then the socket is not read. On the connection's
 * context.
 */
public final class CommandPipeline {
  private static final int PIECES = 16;
  private static final int OCTETS = 64 * 1024;

  private final PipelineConnection connection;
  private final Protocol protocol;
  private final LoginLimits login;
  private final SessionWork work;
  private final CommandClock clock = new CommandClock();
  private final CommandReceiver receiver;
  private final Awaited<Buffer> lineAwaited = new Awaited<>();
  private final Awaited<Long> dataAwaited = new Awaited<>();
  private Protocol.Session session;
  private boolean pumping;

  /** Whether it is queued in the run queue of its event loop. */
  private boolean queued;

  /**
   * @param session of the protocol
   * @param work of the session; closed with this pipeline
   */
  public CommandPipeline(
      PipelineConnection connection,
      Protocol protocol,
      Protocol.Session session,
      LoginLimits login,
      SessionWork work) {
    this.connection = connection;
    this.protocol = protocol;
    this.session = session;
    this.login = login;
    this.work = work;
    this.receiver = new CommandReceiver(connection, login, work, clock, new Turns());
  }

  public Phase phase() {
    return clock.phase();
  }

  /** The protocol's side of the connection. */
  public Protocol.Session session() {
    return session;
  }

  /** When the phase began. {@code TimerWheel.millis} */
  public long since() {
    return clock.since();
  }

  /** Whether it is the client's turn to send. */
  public boolean waitsForClient() {
    return phase().waitsForClient(receiver.busy());
  }

  /** Whether a close would leave no command unanswered: {@link Phase#rests}. */
  public boolean atRest() {
    return phase().rests() && (phase() != Phase.TEXT || !receiver.amid());
  }

  /** Whether the socket should not be read for now. */
  public boolean full() {
    // RFC 3501 §6.2.1: before TLS, input is read and discarded; likewise after the close.
    return phase() != Phase.SWITCHING
        && phase() != Phase.CLOSED
        && (receiver.busy()
            || receiver.pieces() >= PIECES
            || receiver.buffered() >= login.ahead(OCTETS));
  }

  /** Octets from the client that are kept in memory. */
  public long held() {
    return phase() == Phase.CLOSED ? 0 : receiver.held();
  }

  /** Octets that the client sent ahead. */
  public long buffered() {
    return receiver.buffered();
  }

  /** What has been received of the next command. */
  public Request soFar() {
    return receiver.soFar();
  }

  /** Takes octets that the client sent. */
  public void arrived(Buffer bytes) {
    if (phase() == Phase.CLOSED) {
      return;
    }
    receiver.feed(bytes);
    if (phase() == Phase.LITERAL || phase() == Phase.DATA || phase() == Phase.REFUSED) {
      clock.progressed();
    }
    pump();
  }

  /** {@link Connection#nextLine}. */
  public Uni<Buffer> nextLine() {
    return work.awaiting(
        emitter -> {
          if (phase() == Phase.CLOSED) {
            return;
          }
          clock.needsCommand("a line is awaited");
          lineAwaited.await(emitter);
          clock.enter(Phase.LINE);
          connection.out().flush();
          pump();
        });
  }

  /** {@link Connection#data}. */
  public Uni<Long> data(LiteralSink sink, long limit) {
    return work.awaiting(
        emitter -> {
          if (phase() == Phase.CLOSED) {
            sink.abandon();
            return;
          }
          clock.needsCommand("data is awaited");
          dataAwaited.await(emitter);
          receiver.receiveData(sink, limit);
          clock.enter(Phase.DATA);
          connection.out().flush();
          pump();
        });
  }

  /**
   * Stops taking commands until {@link #goOn}; octets that arrived behind the last one are lost.
   */
  public void beginSwitch() {
    receiver.discardInput();
    clock.enter(Phase.SWITCHING);
  }

  /**
   * Takes no more commands: the client is connected with another server.
   *
   * @return what it sent behind the last command
   */
  public Buffer beginPipe() {
    clock.enter(Phase.PIPED);
    var ended = session;
    // What a session holds is more than all else of a connection that is passed on.
    session = new PassedOnSession(protocol);
    ended.closed(CloseReason.LOGOUT);
    return receiver.takeInput();
  }

  /** Octets have passed through the pipe. */
  public void pipeProgressed() {
    clock.progressed();
  }

  /** Continues with the next command. */
  public void goOn() {
    if (phase() != Phase.CLOSED && !connection.closeIfLeaving()) {
      clock.enter(Phase.TEXT);
      pump();
    }
  }

  /** Starts the next command when the client has taken the output of the last one. */
  public void takeTurn() {
    if (phase() == Phase.CLOSED) {
      return;
    }
    if (connection.out().full()) {
      clock.enter(Phase.ROOM);
      connection.out().room().subscribe().with(_ -> goOn(), connection::fault);
      connection.settle();
      return;
    }
    goOn();
  }

  /** Stops: abandons what was spooled for no command and cancels what runs. */
  public void close() {
    if (phase() == Phase.CLOSED) {
      return;
    }
    clock.enter(Phase.CLOSED);
    lineAwaited.forget();
    dataAwaited.forget();
    receiver.close();
    work.close(clock.work(connection.out().waitedNanos()));
  }

  private void pump() {
    if (pumping) {
      return;
    }
    if (queued) {
      connection.settle();
      return;
    }
    pumping = true;
    try {
      var slice = new RunQueue.Slice();
      boolean more = true;
      while (more && waitsForClient()) {
        if (slice.over()) {
          enqueue();
          break;
        }
        more = receiver.receive(phase() == Phase.LINE, protocol.literals());
      }
    } finally {
      pumping = false;
    }
    connection.settle();
  }

  private void enqueue() {
    queued = true;
    connection
        .tasks()
        .queue(
            () -> {
              queued = false;
              pump();
            });
  }

  private Uni<Void> run(Request request) {
    return request.literals().isEmpty()
        ? session.command(request)
        : Uni.createFrom()
            .deferred(() -> session.command(request))
            .onTermination()
            .invoke(() -> ended(request));
  }

  private static void ended(Request request) {
    for (var literal : request.literals()) {
      if (literal instanceof Literal.Spooled(var sink, _)) {
        sink.ended();
      }
    }
  }

  private void endTurn() {
    lineAwaited.forget();
    switch (phase()) {
      case CLOSED -> {}
      case DATA -> connection.fault(new IllegalStateException("a command ended before its data"));
      case ARRIVING,
          TEXT,
          DECIDING,
          LITERAL,
          REFUSED,
          RUNNING,
          LINE,
          ROOM,
          PAUSED,
          PIPED,
          SWITCHING ->
          nextTurn();
    }
  }

  private void nextTurn() {
    if (connection.closeIfLeaving() || connection.switchIfRequested()) {
      return;
    }
    boolean ran = phase() == Phase.RUNNING;
    clock.enter(Phase.ROOM);
    if (connection.pause(ran ? clock.work(connection.out().waitedNanos()) : 0)) {
      clock.enter(Phase.PAUSED);
      connection.settle();
      return;
    }
    takeTurn();
  }

  private final class Turns implements CommandReceiver.Turns {
    @Override
    public boolean mayBeLong(Buffer start) {
      return session.mayBeLong(start);
    }

    @Override
    public Uni<LiteralPlan> literal(Request.Head head) {
      return session.literal(head);
    }

    @Override
    public void line(Buffer text) {
      if (lineAwaited.isPresent()) {
        clock.enter(Phase.RUNNING);
        lineAwaited.give(text);
        return;
      }
      var request = receiver.complete(text);
      clock.begin(connection.out().waitedNanos());
      connection.commandBegins(request);
      clock.enter(Phase.RUNNING);
      work.run(() -> run(request), _ -> endTurn(), connection::fault);
    }

    @Override
    public void tooLong(int limit, Buffer start) {
      if (lineAwaited.isPresent()) {
        clock.enter(Phase.RUNNING);
        lineAwaited.fail(new Connection.LineTooLong(limit));
        return;
      }
      session.lineTooLong(limit, receiver.endTooLong(start));
      receiver.drop();
      endTurn();
    }

    @Override
    public void data(long octets) {
      clock.enter(Phase.RUNNING);
      dataAwaited.give(octets);
    }

    @Override
    public void refused() {
      endTurn();
    }

    @Override
    public void resume() {
      pump();
    }
  }
}
