package io.postern.wire.transport;

import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralPlan;
import io.postern.wire.LiteralSink;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.postern.wire.input.Awaited;
import io.postern.wire.input.CommandClock;
import io.postern.wire.input.Frame;
import io.postern.wire.input.Framer;
import io.postern.wire.input.PendingCommand;
import io.postern.wire.input.Phase;
import io.postern.wire.timer.RunQueue;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Runs the commands of one connection one at a time. Takes the next frame from the {@link Framer}
 * only when it can be processed, so that pipelined input stays bytes: at most {@link #PIECES} or
 * {@link #OCTETS} of them, then the socket is not read.
 */
final class CommandPipeline {
  private static final int PIECES = 16;
  private static final int OCTETS = 64 * 1024;

  private final SocketConnection connection;
  private final Protocol.Session session;
  private final boolean literalsSpoken;
  private final Framer framer = new Framer();
  private final SessionWork tasks;
  private final CommandClock clock = new CommandClock();
  private boolean pumping;

  /** Whether it is queued in the run queue of its event loop. */
  private boolean queued;

  private final PendingCommand coming = new PendingCommand();

  /** The answer to a refused command, sent when its last octet has arrived. */
  private Buffer refusal = Framer.NOTHING;

  /** The spooled literal or the message data being received. */
  private Optional<LiteralTransfer> flow = Optional.empty();

  private final Awaited<Buffer> lineAwaited = new Awaited<>();
  private final Awaited<Long> dataAwaited = new Awaited<>();

  CommandPipeline(SocketConnection connection, Protocol protocol) {
    this.connection = connection;
    this.tasks = new SessionWork(connection);
    this.literalsSpoken = protocol.literals();
    this.session = protocol.open(connection);
  }

  Protocol.Session session() {
    return session;
  }

  Phase phase() {
    return clock.phase();
  }

  /** When the phase began. {@code TimerWheel.millis} */
  long since() {
    return clock.since();
  }

  /** Whether it is the client's turn to send. */
  boolean waitsForClient() {
    return phase().waitsForClient(busy());
  }

  /** Whether a close would leave no command unanswered: {@link Phase#rests}. */
  boolean atRest() {
    return phase().rests() && (phase() != Phase.TEXT || (coming.isEmpty() && !framer.amid()));
  }

  /** Whether the socket should not be read for now. */
  boolean shut() {
    // RFC 3501 §6.2.1: before TLS, input is read and discarded; likewise after the close.
    return phase() != Phase.HANDSHAKE
        && phase() != Phase.CLOSED
        && (busy()
            || framer.pieces() >= PIECES
            || framer.buffered() >= connection.login().ahead(OCTETS));
  }

  /** Octets from the client that are kept in memory. */
  long held() {
    return phase() == Phase.CLOSED ? 0 : framer.held() + coming.held();
  }

  /** Octets that the client sent ahead. */
  long buffered() {
    return framer.buffered();
  }

  /** Takes octets that the client sent. */
  void arrived(Buffer bytes) {
    if (phase() == Phase.CLOSED) {
      return;
    }
    framer.feed(bytes);
    if (phase() == Phase.LITERAL || phase() == Phase.DATA || phase() == Phase.REFUSED) {
      clock.progressed();
    }
    pump();
  }

  Uni<Buffer> nextLine() {
    return tasks.awaiting(
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

  Uni<Long> data(LiteralSink sink, long limit) {
    return tasks.awaiting(
        emitter -> {
          if (phase() == Phase.CLOSED) {
            sink.abandon();
            return;
          }
          clock.needsCommand("data is awaited");
          dataAwaited.await(emitter);
          flow = Optional.of(new LiteralTransfer(sink, limit));
          framer.takeData();
          clock.enter(Phase.DATA);
          connection.out().flush();
          pump();
        });
  }

  /** Discards what the client has sent, up to {@link #goOn}. */
  void beginHandshake() {
    framer.clear();
    clock.enter(Phase.HANDSHAKE);
  }

  /** Continues with the next command. */
  void goOn() {
    if (phase() != Phase.CLOSED && !connection.left()) {
      clock.enter(Phase.TEXT);
      pump();
    }
  }

  /** The work of the session that is under way. */
  SessionWork tasks() {
    return tasks;
  }

  /** Stops: abandons what was spooled for no command and cancels what runs. */
  void close() {
    if (phase() == Phase.CLOSED) {
      return;
    }
    clock.enter(Phase.CLOSED);
    framer.clear();
    coming.drop();
    lineAwaited.forget();
    dataAwaited.forget();
    flow.ifPresent(LiteralTransfer::abandon);
    flow = Optional.empty();
    tasks.close(clock.work(connection.out().waitedNanos()));
  }

  private boolean busy() {
    return flow.isPresent() && flow.get().busy();
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
          queued = true;
          connection.queue(
              () -> {
                queued = false;
                pump();
              });
          break;
        }
        boolean awaited = phase() == Phase.LINE;
        more = deal(framer.next(connection.login().framing(awaited), literalsSpoken && !awaited));
      }
    } finally {
      pumping = false;
    }
    connection.settle();
  }

  /** Processes one frame; returns whether there may be more. */
  private boolean deal(Frame frame) {
    switch (frame) {
      case Frame.More() -> {
        return false;
      }
      case Frame.Line(var text) -> line(text);
      case Frame.Head head -> decide(head);
      case Frame.Part(var bytes, boolean last) -> part(bytes, last);
      case Frame.TooLong(var start) -> tooLong(start);
      case Frame.Skipped() -> {
        connection.out().write(refusal);
        endTurn();
      }
      case Frame.Endless(var start) -> endless(start);
    }
    return true;
  }

  private void line(Buffer text) {
    if (lineAwaited.isPresent()) {
      clock.enter(Phase.RUNNING);
      lineAwaited.give(text);
      return;
    }
    coming.text(text);
    var request = coming.take();
    clock.begin(connection.out().waitedNanos());
    connection.registration.begins(request);
    clock.enter(Phase.RUNNING);
    tasks.run(() -> session.command(request), done -> endTurn(), connection::fault);
  }

  private void tooLong(Buffer start) {
    int limit = connection.login().framing(phase() == Phase.LINE).line();
    if (lineAwaited.isPresent()) {
      clock.enter(Phase.RUNNING);
      lineAwaited.fail(new Connection.LineTooLong(limit));
      return;
    }
    coming.text(start);
    session.lineTooLong(limit, coming.soFar());
    coming.drop();
    endTurn();
  }

  /** Refuses a command whose end is too far away, and closes. */
  private void endless(Buffer start) {
    if (phase() == Phase.REFUSED) {
      connection.out().write(refusal);
    } else {
      tooLong(start);
    }
    connection.close(CloseReason.TOO_LARGE);
  }

  private void endTurn() {
    lineAwaited.forget();
    switch (phase()) {
      case CLOSED -> {}
      case DATA -> connection.fault(new IllegalStateException("a command ended before its data"));
      case ARRIVING, TEXT, DECIDING, LITERAL, REFUSED, RUNNING, LINE, ROOM, PAUSED, HANDSHAKE ->
          nextTurn();
    }
  }

  private void nextTurn() {
    if (connection.left() || connection.upgrade()) {
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

  /** Starts the next command when the client has taken the output of the last one. */
  void takeTurn() {
    if (phase() == Phase.CLOSED) {
      return;
    }
    if (connection.out().full()) {
      clock.enter(Phase.ROOM);
      connection.out().room().subscribe().with(room -> goOn(), connection::fault);
      connection.settle();
      return;
    }
    goOn();
  }

  private void decide(Frame.Head head) {
    var asked = coming.head(head);
    clock.enter(Phase.DECIDING);
    tasks.run(() -> session.literal(asked), plan -> decided(plan, head), connection::fault);
  }

  /** What has been received of the next command. */
  Request soFar() {
    return coming.soFar();
  }

  private void decided(LiteralPlan plan, Frame.Head head) {
    if (phase() == Phase.CLOSED) {
      plan.abandon();
      return;
    }
    switch (plan) {
      case LiteralPlan.Hold() -> {
        flow = Optional.empty();
        coming.hold();
        take(head);
      }
      case LiteralPlan.Spool(var sink) -> {
        flow = Optional.of(new LiteralTransfer(sink, head.size()));
        take(head);
      }
      case LiteralPlan.Refuse refuse -> refuse(refuse, head);
    }
    pump();
  }

  private void take(Frame.Head head) {
    framer.takeLiteral();
    clock.enter(Phase.LITERAL);
    if (head.synchronizing()) {
      connection.out().write("+ OK\r\n").flush(); // RFC 3501 §7.5
    }
  }

  private void refuse(LiteralPlan.Refuse refuse, Frame.Head head) {
    coming.drop();
    boolean tooLarge = head.size() > connection.login().framing(false).skippedLiterals();
    if (refuse.close()) {
      connection.out().write(refuse.answer());
      connection.close(CloseReason.ERRORS);
    } else if (head.synchronizing()) {
      framer.dropCommand();
      connection.out().write(refuse.answer());
      endTurn();
    } else if (tooLarge) {
      connection.out().write(refuse.answer());
      connection.close(CloseReason.TOO_LARGE);
    } else {
      // RFC 7888 §3: the octets come in any case.
      framer.skipCommand();
      refusal = refuse.answer();
      clock.enter(Phase.REFUSED);
    }
  }

  private void part(Buffer bytes, boolean last) {
    if (flow.isPresent()) {
      var into = flow.get();
      into.pour(bytes, tasks, () -> poured(into, last));
      return;
    }
    coming.part(bytes, last);
    if (last) {
      clock.enter(Phase.TEXT);
    }
  }

  private void poured(LiteralTransfer into, boolean last) {
    clock.progressed();
    if (last) {
      flow = Optional.empty();
      finish(into);
    } else if (into.isEndless()) {
      connection.close(CloseReason.TOO_LARGE);
      return;
    }
    pump();
  }

  private void finish(LiteralTransfer done) {
    if (dataAwaited.isPresent()) {
      clock.enter(Phase.RUNNING);
      dataAwaited.give(done.octets());
    } else {
      coming.spooled(done.sink(), done.octets());
      clock.enter(Phase.TEXT);
    }
  }
}
