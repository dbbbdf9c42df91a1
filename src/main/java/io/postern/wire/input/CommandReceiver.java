package io.postern.wire.input;

import io.postern.wire.CloseReason;
import io.postern.wire.LiteralPlan;
import io.postern.wire.LiteralSink;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.postern.wire.limits.LoginLimits;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Receives the commands of one connection: assembles them from frames, has the session decide about
 * each literal before its first octet, and passes literals and message data to their sinks. On the
 * connection's context.
 */
final class CommandReceiver {
  /** Takes what was received. */
  interface Turns {
    /** {@link Protocol.Session#mayBeLong}. */
    boolean mayBeLong(Buffer start);

    /** {@link Protocol.Session#literal}. */
    Uni<LiteralPlan> literal(Request.Head head);

    /** A line has arrived that completes a command, or that the running command awaits. */
    void line(Buffer text);

    /**
     * A line, or the text of a command, is too long.
     *
     * @param limit octets that are allowed
     * @param start its beginning
     */
    void tooLong(int limit, Buffer start);

    /** All message data that the running command awaits has arrived: so many octets. */
    void data(long octets);

    /** A command was refused because of a literal, and answered. */
    void refused();

    /** More may be received. */
    void resume();
  }

  private final PipelineConnection connection;
  private final LoginLimits login;
  private final SessionWork work;
  private final CommandClock clock;
  private final Turns turns;
  private final Framer framer;
  private final PendingCommand pending = new PendingCommand();

  /** The answer to a refused command, sent when its last octet has arrived. */
  private Buffer refusal = Framer.NOTHING;

  /** The spooled literal or the message data being received. */
  private Optional<LiteralTransfer> transfer = Optional.empty();

  CommandReceiver(
      PipelineConnection connection,
      LoginLimits login,
      SessionWork work,
      CommandClock clock,
      Turns turns) {
    this.connection = connection;
    this.framer = new Framer(turns::mayBeLong);
    this.login = login;
    this.work = work;
    this.clock = clock;
    this.turns = turns;
  }

  /** Adds octets that have arrived. */
  void feed(Buffer bytes) {
    framer.feed(bytes);
  }

  /** Octets that arrived and are not used yet. */
  long buffered() {
    return framer.buffered();
  }

  /** The number of buffers that they are in. */
  int pieces() {
    return framer.pieces();
  }

  /** Octets that are kept in memory: those not used yet, and the command so far. */
  long held() {
    return framer.held() + pending.held();
  }

  /** Whether part of a command has arrived. */
  boolean amid() {
    return !pending.isEmpty() || framer.amid();
  }

  /** Whether the sink of a literal or of data is still writing the last piece. */
  boolean busy() {
    return transfer.isPresent() && transfer.get().busy();
  }

  /** What has been received of the next command. */
  Request soFar() {
    return pending.soFar();
  }

  /** Completes the pending command with its last text. */
  Request complete(Buffer text) {
    pending.text(text);
    return pending.take();
  }

  /** Adds to the pending command the beginning of a text that is too long; returns all so far. */
  Request endTooLong(Buffer start) {
    pending.text(start);
    return pending.soFar();
  }

  /** Drops the pending command. */
  void drop() {
    pending.drop();
  }

  /** Receives message data next. */
  void receiveData(LiteralSink sink, long limit) {
    transfer = Optional.of(new LiteralTransfer(sink, limit));
    framer.takeData();
  }

  /** Takes what has arrived and is not used yet. */
  Buffer takeInput() {
    return framer.takeInput();
  }

  /** Discards what has arrived and is not used yet. */
  void discardInput() {
    framer.clear();
  }

  /** Stops: abandons what was spooled for no command. */
  void close() {
    framer.clear();
    pending.drop();
    transfer.ifPresent(LiteralTransfer::abandon);
    transfer = Optional.empty();
  }

  /**
   * Processes the next frame; returns whether there may be more.
   *
   * @param awaited whether the running command awaits a line
   * @param literals whether a line may end in the announcement of a literal
   */
  boolean receive(boolean awaited, boolean literals) {
    switch (framer.next(login.framing(awaited), literals && !awaited)) {
      case Frame.More() -> {
        return false;
      }
      case Frame.Line(var text) -> turns.line(text);
      case Frame.Head head -> decide(head);
      case Frame.Part(var bytes, boolean last) -> part(bytes, last);
      case Frame.TooLong(int limit, var start) -> turns.tooLong(limit, start);
      case Frame.Skipped() -> {
        connection.out().write(refusal);
        turns.refused();
      }
      case Frame.Endless(int limit, var start) -> endless(limit, start);
    }
    return true;
  }

  /** Refuses a command whose end is too far away, and closes. */
  private void endless(int limit, Buffer start) {
    if (clock.phase() == Phase.REFUSED) {
      connection.out().write(refusal);
    } else {
      turns.tooLong(limit, start);
    }
    connection.close(CloseReason.TOO_LARGE);
  }

  private void decide(Frame.Head head) {
    var request = pending.head(head);
    clock.enter(Phase.DECIDING);
    work.run(() -> turns.literal(request), plan -> decided(plan, head), connection::fault);
  }

  private void decided(LiteralPlan plan, Frame.Head head) {
    if (clock.phase() == Phase.CLOSED) {
      plan.abandon();
      return;
    }
    switch (plan) {
      case LiteralPlan.Hold() -> {
        transfer = Optional.empty();
        pending.hold();
        take(head);
      }
      case LiteralPlan.Spool(var sink) -> {
        transfer = Optional.of(new LiteralTransfer(sink, head.size()));
        take(head);
      }
      case LiteralPlan.Refuse refuse -> refuse(refuse, head);
    }
    turns.resume();
  }

  private void take(Frame.Head head) {
    framer.takeLiteral();
    clock.enter(Phase.LITERAL);
    if (head.synchronizing()) {
      connection.out().write("+ OK\r\n").flush(); // RFC 3501 §7.5
    }
  }

  private void refuse(LiteralPlan.Refuse refuse, Frame.Head head) {
    pending.drop();
    boolean tooLarge = head.size() > login.framing(false).skippedLiterals();
    if (refuse.close()) {
      connection.out().write(refuse.answer());
      connection.close(CloseReason.ERRORS);
    } else if (head.synchronizing()) {
      framer.dropCommand();
      connection.out().write(refuse.answer());
      turns.refused();
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
    if (transfer.isPresent()) {
      var current = transfer.get();
      current.pour(bytes, work, () -> poured(current, last));
      return;
    }
    pending.part(bytes, last);
    if (last) {
      clock.enter(Phase.TEXT);
    }
  }

  private void poured(LiteralTransfer current, boolean last) {
    clock.progressed();
    if (last) {
      transfer = Optional.empty();
      finish(current);
    } else if (current.isEndless()) {
      connection.close(CloseReason.TOO_LARGE);
      return;
    }
    turns.resume();
  }

  private void finish(LiteralTransfer done) {
    if (clock.phase() == Phase.DATA) {
      turns.data(done.octets());
    } else {
      pending.spooled(done.sink(), done.octets());
      clock.enter(Phase.TEXT);
    }
  }
}
