package io.postern.wire;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets one command through at a time. Takes the next frame from the {@link Framer} only when it can
 * be dealt with, so that what a client sends ahead stays bytes: at most {@link #PIECES} or {@link
 * #OCTETS} of them, then the socket is not read.
 */
final class Turnstile {
  private static final int PIECES = 16;
  private static final int OCTETS = 64 * 1024;
  // RFC 3501 §7.5
  private static final String GO_ON = "+ OK\r\n";

  private final SocketConnection connection;
  private final Protocol.Session session;
  private final boolean literalsSpoken;
  private final Framer framer = new Framer();

  private Phase phase = Phase.ARRIVING;
  private long since = Wheel.millis();
  private boolean pumping;

  // Nanoseconds that the command which runs has run, its waits for the client left aside.
  private long work;
  private long ranSince;

  // The command that comes
  private final List<Buffer> texts = new ArrayList<>();
  private final List<Literal> literals = new ArrayList<>();
  private Buffer held = Framer.NOTHING;
  private Buffer refusal = Framer.NOTHING;

  /** The spooled literal or the message data that comes. */
  private Optional<Flow> flow = Optional.empty();

  // The command that runs
  private Optional<UniEmitter<? super Buffer>> lineAwaited = Optional.empty();
  private Optional<UniEmitter<? super Long>> dataAwaited = Optional.empty();

  Turnstile(SocketConnection connection, Protocol protocol) {
    this.connection = connection;
    this.literalsSpoken = protocol.literals();
    this.session = protocol.open(connection);
  }

  Protocol.Session session() {
    return session;
  }

  Phase phase() {
    return phase;
  }

  /** Since when the phase lasts. {@link Wheel#millis} */
  long since() {
    return since;
  }

  /** Whether it is the client's turn to send. */
  boolean waitsForClient() {
    return switch (phase) {
      case TEXT, LINE, REFUSED -> true;
      case LITERAL, DATA -> !busy();
      case ARRIVING, DECIDING, RUNNING, ROOM, PAUSED, HANDSHAKE, CLOSED -> false;
    };
  }

  /** Whether it can be closed and nobody wonders what was done: {@link Phase#rests}. */
  boolean atRest() {
    return phase.rests() && (phase != Phase.TEXT || (texts.isEmpty() && !framer.amid()));
  }

  /** Whether the socket should not be read for now. */
  boolean shut() {
    // RFC 3501 §6.2.1: before TLS all is read, to be thrown away; likewise when all is over.
    return phase != Phase.HANDSHAKE
        && phase != Phase.CLOSED
        && (busy() || framer.pieces() >= PIECES || framer.buffered() >= OCTETS);
  }

  /** Octets that the client sent ahead. */
  long buffered() {
    return framer.buffered();
  }

  /** Takes what the client sent. */
  void arrived(Buffer bytes) {
    if (phase == Phase.CLOSED) {
      return;
    }
    framer.feed(bytes);
    if (phase == Phase.LITERAL || phase == Phase.DATA || phase == Phase.REFUSED) {
      since = Wheel.millis();
    }
    pump();
  }

  Uni<Buffer> nextLine() {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              running("a line is awaited");
              lineAwaited = Optional.of(emitter);
              enter(Phase.LINE);
              connection.out().flush();
              pump();
            });
  }

  Uni<Long> data(LiteralSink sink, long limit) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              running("data is awaited");
              dataAwaited = Optional.of(emitter);
              flow = Optional.of(new Flow(sink, limit));
              framer.takeData();
              enter(Phase.DATA);
              connection.out().flush();
              pump();
            });
  }

  /** Throws away what the client has sent, up to {@link #goOn}. */
  void beginHandshake() {
    framer.clear();
    enter(Phase.HANDSHAKE);
  }

  /** Goes on with the next command. */
  void goOn() {
    if (phase != Phase.CLOSED && !connection.left()) {
      enter(Phase.TEXT);
      pump();
    }
  }

  /** Takes no more; what was spooled for no command is abandoned. */
  void close() {
    if (phase == Phase.CLOSED) {
      return;
    }
    enter(Phase.CLOSED);
    framer.clear();
    dropCommand();
    lineAwaited = Optional.empty();
    dataAwaited = Optional.empty();
    flow.ifPresent(Flow::abandon);
    flow = Optional.empty();
  }

  private boolean busy() {
    return flow.isPresent() && flow.get().busy();
  }

  private void enter(Phase next) {
    if (phase == Phase.RUNNING) {
      work += System.nanoTime() - ranSince;
    }
    if (next == Phase.RUNNING) {
      ranSince = System.nanoTime();
    }
    phase = next;
    since = Wheel.millis();
  }

  private void running(String what) {
    if (phase != Phase.RUNNING) {
      throw new IllegalStateException(what + " while no command runs: " + phase);
    }
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      boolean more = true;
      while (more && waitsForClient()) {
        more = deal(framer.next(connection.limits().line(), literalsSpoken && phase != Phase.LINE));
      }
    } finally {
      pumping = false;
    }
    connection.settle();
  }

  /** Whether there may be more. */
  private boolean deal(Frame frame) {
    switch (frame) {
      case Frame.More() -> {
        return false;
      }
      case Frame.Line(var text) -> line(text);
      case Frame.Head head -> decide(head);
      case Frame.Part(var bytes, boolean last) -> part(bytes, last);
      case Frame.TooLong() -> tooLong(connection.limits().line());
      case Frame.Skipped() -> {
        connection.out().write(refusal);
        endTurn();
      }
    }
    return true;
  }

  private void line(Buffer text) {
    if (lineAwaited.isPresent()) {
      var emitter = lineAwaited.get();
      lineAwaited = Optional.empty();
      enter(Phase.RUNNING);
      emitter.complete(text);
      return;
    }
    texts.add(text);
    var request = soFar();
    texts.clear();
    literals.clear();
    work = -connection.out().waitedNanos();
    connection.seat.begins(request);
    enter(Phase.RUNNING);
    Uni.createFrom()
        .deferred(() -> session.command(request))
        .subscribe()
        .with(done -> connection.here(this::endTurn), connection::fault);
  }

  private void tooLong(int limit) {
    if (lineAwaited.isPresent()) {
      var emitter = lineAwaited.get();
      lineAwaited = Optional.empty();
      enter(Phase.RUNNING);
      emitter.fail(new Connection.LineTooLong(limit));
      return;
    }
    texts.add(Framer.NOTHING);
    session.lineTooLong(limit);
    dropCommand();
    endTurn();
  }

  private void endTurn() {
    lineAwaited = Optional.empty();
    switch (phase) {
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
    boolean ran = phase == Phase.RUNNING;
    enter(Phase.ROOM);
    if (ran && connection.pause(work + connection.out().waitedNanos())) {
      enter(Phase.PAUSED);
      connection.settle();
      return;
    }
    takeTurn();
  }

  /** Lets the next command come when the client has taken what it was sent. */
  void takeTurn() {
    if (phase == Phase.CLOSED) {
      return;
    }
    if (connection.out().full()) {
      enter(Phase.ROOM);
      connection.out().room().subscribe().with(room -> goOn(), connection::fault);
      connection.settle();
      return;
    }
    goOn();
  }

  private void decide(Frame.Head head) {
    texts.add(head.text());
    enter(Phase.DECIDING);
    var asked =
        new Request.Head(
            List.copyOf(texts),
            List.copyOf(literals),
            head.size(),
            head.synchronizing(),
            head.binary());
    Uni.createFrom()
        .deferred(() -> session.literal(asked))
        .subscribe()
        .with(plan -> connection.here(() -> decided(plan, head)), connection::fault);
  }

  /** What there is of the command that comes. */
  Request soFar() {
    return new Request(List.copyOf(texts), List.copyOf(literals));
  }

  private void decided(LiteralPlan plan, Frame.Head head) {
    if (phase == Phase.CLOSED) {
      if (plan instanceof LiteralPlan.Spool(var sink)) {
        sink.abandon();
      }
      return;
    }
    switch (plan) {
      case LiteralPlan.Hold() -> {
        flow = Optional.empty();
        held = Buffer.buffer();
        take(head);
      }
      case LiteralPlan.Spool(var sink) -> {
        flow = Optional.of(new Flow(sink, Long.MAX_VALUE));
        take(head);
      }
      case LiteralPlan.Refuse refuse -> refuse(refuse, head);
    }
    pump();
  }

  private void take(Frame.Head head) {
    framer.takeLiteral();
    enter(Phase.LITERAL);
    if (head.synchronizing()) {
      connection.out().write(GO_ON).flush();
    }
  }

  private void refuse(LiteralPlan.Refuse refuse, Frame.Head head) {
    dropCommand();
    if (refuse.close()) {
      connection.out().write(refuse.answer());
      connection.close(CloseReason.ERRORS);
    } else if (head.synchronizing()) {
      framer.dropCommand();
      connection.out().write(refuse.answer());
      endTurn();
    } else {
      // RFC 7888 §3: the octets come in any case.
      framer.skipCommand();
      refusal = refuse.answer();
      enter(Phase.REFUSED);
    }
  }

  private void part(Buffer bytes, boolean last) {
    if (flow.isPresent()) {
      var into = flow.get();
      into.pour(bytes, connection, () -> poured(into, last));
      return;
    }
    held.appendBuffer(bytes);
    if (last) {
      literals.add(new Literal.Held(held));
      held = Framer.NOTHING;
      enter(Phase.TEXT);
    }
  }

  private void poured(Flow into, boolean last) {
    since = Wheel.millis();
    if (last) {
      flow = Optional.empty();
      finish(into);
    }
    pump();
  }

  private void finish(Flow done) {
    if (dataAwaited.isPresent()) {
      var emitter = dataAwaited.get();
      dataAwaited = Optional.empty();
      enter(Phase.RUNNING);
      emitter.complete(done.octets());
    } else {
      literals.add(new Literal.Spooled(done.sink(), done.octets()));
      enter(Phase.TEXT);
    }
  }

  private void dropCommand() {
    for (var literal : literals) {
      if (literal instanceof Literal.Spooled(var sink, _)) {
        sink.abandon();
      }
    }
    texts.clear();
    literals.clear();
    held = Framer.NOTHING;
  }
}
