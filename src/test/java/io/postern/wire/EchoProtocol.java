package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.postern.model.MailProtocol;
import io.postern.wire.transport.SocketOutbox;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Says back what it got, and does as its few commands say: LINE, DATA limit, TLS, TLSWAIT, OUT
 * pieces, WAIT, WAITLINE, LATE, FAIL, BYE, USER, SOON.
 */
final class EchoProtocol implements Protocol {
  /** A literal of this many octets is held, of more is spooled. */
  static final int HELD = 100;

  /** Of this many octets and more it is refused, of ten times as many with a farewell. */
  static final int REFUSED = 50_000_000;

  private static final Buffer PIECE = Buffer.buffer("x".repeat(30_000));

  final boolean literals;
  final BlockingQueue<CloseReason> closed = new LinkedBlockingQueue<>();
  final BlockingQueue<EchoSession> opened = new LinkedBlockingQueue<>();
  final List<Sink> sinks = Collections.synchronizedList(new ArrayList<>());
  volatile Duration silence = Duration.ofMinutes(1);
  volatile Optional<Duration> loginWithin = Optional.empty();

  /** Whose commands were said back, in order. */
  final Queue<EchoSession> echoed = new ConcurrentLinkedQueue<>();

  /** What lines failed with that were awaited. */
  final Queue<Throwable> failed = new ConcurrentLinkedQueue<>();

  /** Whether sinks wait for {@link Sink#goOn} after each part. */
  volatile boolean slow;

  EchoProtocol(boolean literals) {
    this.literals = literals;
  }

  @Override
  public MailProtocol kind() {
    return MailProtocol.IMAP;
  }

  @Override
  public boolean literals() {
    return literals;
  }

  @Override
  public Session open(Connection connection) {
    return new EchoSession(connection);
  }

  /** Counts what it is given. */
  final class Sink implements LiteralSink {
    final CountDownLatch abandoned = new CountDownLatch(1);
    final CountDownLatch begun = new CountDownLatch(1);

    /** The first octets. */
    volatile String text = "";

    final AtomicLong octets = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    volatile int largest;
    private final BlockingQueue<UniEmitter<? super Void>> waiting = new LinkedBlockingQueue<>();

    @Override
    public Uni<Void> write(Buffer bytes) {
      sizes.add(bytes.length());
      long came = octets.addAndGet(bytes.length());
      largest = Math.max(largest, bytes.length());
      begun.countDown();
      if (came < 1000) {
        text = text.concat(bytes.toString(StandardCharsets.ISO_8859_1));
      }
      if (text.startsWith("FAIL")) {
        return Uni.createFrom().failure(new IllegalStateException("no more"));
      }
      return slow
          ? Uni.createFrom().emitter((UniEmitter<? super Void> e) -> waiting.add(e))
          : Uni.createFrom().voidItem();
    }

    @Override
    public void abandon() {
      abandoned.countDown();
    }

    /** Takes the part that waits, or the next; how many octets came up to its end. */
    long goOn() throws InterruptedException {
      waiting.take().complete(null);
      return taken.addAndGet(sizes.take());
    }
  }

  final class EchoSession implements Session {
    final Connection connection;
    final CountDownLatch waitedForRoom = new CountDownLatch(1);
    final CountDownLatch waits = new CountDownLatch(1);
    volatile int mostUntaken;
    private final Queue<UniEmitter<? super Void>> held = new ConcurrentLinkedQueue<>();

    EchoSession(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void opened() {
      connection.timeout(silence, CloseReason.IDLE_TIMEOUT);
      loginWithin.ifPresent(connection::loginWithin);
      connection.out().write("* hello\r\n");
      opened.add(this);
    }

    @Override
    public Uni<LiteralPlan> literal(Request.Head head) {
      if (head.size() >= REFUSED) {
        boolean absurd = head.size() / 10 >= REFUSED;
        connection.commandEnded("REFUSED", "no", 0);
        return plan(new LiteralPlan.Refuse(Buffer.buffer("NO too big\r\n"), absurd));
      }
      if (head.size() <= HELD) {
        return plan(new LiteralPlan.Hold());
      }
      var sink = new Sink();
      sinks.add(sink);
      // As a store would: from another thread.
      return plan(new LiteralPlan.Spool(sink)).emitOn(task -> new Thread(task).start());
    }

    private static Uni<LiteralPlan> plan(LiteralPlan plan) {
      return Uni.createFrom().item(plan);
    }

    @Override
    public Uni<Void> command(Request request) {
      var text = request.texts().getFirst().toString(StandardCharsets.ISO_8859_1);
      var words = text.split(" ", 2);
      return switch (words[0]) {
        case "LINE" ->
            connection
                .nextLine()
                .invoke(line -> connection.out().write("LINE " + line + "\r\n"))
                .onFailure(Connection.LineTooLong.class)
                .invoke(e -> connection.out().write("LONG " + e.getMessage() + "\r\n"))
                .onFailure(Connection.LineTooLong.class)
                .recoverWithNull()
                .replaceWithVoid();
        case "DATA" -> data(Long.parseLong(words[1]));
        case "TLS" -> startTls();
        case "TLSWAIT" -> waits().chain(this::startTls);
        case "OUT" -> output(Integer.parseInt(words[1]));
        case "WAIT" -> waits();
        case "LATE" -> waits().chain(() -> echo(request));
        case "FAIL" -> throw new IllegalStateException("asked for");
        case "BYE" -> bye();
        case "USER" -> user();
        case "WAITLINE" ->
            waits().chain(connection::nextLine).onFailure().invoke(failed::add).replaceWithVoid();
        case "SOON" -> soon();
        default -> echo(request);
      };
    }

    private Uni<Void> echo(Request request) {
      var texts = request.texts();
      var said =
          IntStream.range(0, texts.size())
              .mapToObj(i -> texts.get(i) + (i + 1 < texts.size() ? said(request, i) : ""))
              .collect(Collectors.joining());
      connection.out().write("OK " + said + "\r\n");
      echoed.add(this);
      count();
      return Uni.createFrom().voidItem();
    }

    private static String said(Request request, int i) {
      return switch (request.literals().get(i)) {
        case Literal.Held(var bytes) -> "<" + bytes + ">";
        case Literal.Spooled(var sink, long size) ->
            "<" + size + " spooled " + ((Sink) sink).octets + ">";
      };
    }

    private Uni<Void> data(long limit) {
      var sink = new Sink();
      sinks.add(sink);
      connection.out().write("GO\r\n");
      return connection
          .data(sink, limit)
          .invoke(n -> connection.out().write("GOT " + n + " " + sink.octets.get() + "\r\n"))
          .replaceWithVoid();
    }

    /** Ends at {@link #release}. */
    private Uni<Void> waits() {
      return Uni.createFrom()
          .emitter(
              e -> {
                held.add(e);
                waits.countDown();
              });
    }

    void release() {
      held.remove().complete(null);
    }

    private Uni<Void> startTls() {
      connection.switchStream(StreamStage.TLS, Buffer.buffer("OK begin\r\n"));
      return Uni.createFrom().voidItem();
    }

    private Uni<Void> output(int pieces) {
      var out = connection.out();
      return Multi.createBy()
          .repeating()
          .uni(() -> piece(out))
          .atMost(pieces)
          .onItem()
          .ignoreAsUni()
          .invoke(() -> out.write("MOST " + mostUntaken + "\r\n"));
    }

    private Uni<Void> piece(Outbox out) {
      out.write(PIECE);
      if (out.full()) {
        waitedForRoom.countDown();
      }
      count();
      return out.room();
    }

    private void count() {
      long untaken = ((SocketOutbox) connection.out()).untaken();
      mostUntaken = Math.max(mostUntaken, (int) untaken);
    }

    /** The result of the query, on the session's context. */
    <T> T ask(Function<Connection, T> question) throws Exception {
      var answer = new CompletableFuture<T>();
      connection.context().runOnContext(there -> answer.complete(question.apply(connection)));
      return answer.get(20, SECONDS);
    }

    /** Asks until it is so, or for 20 seconds. */
    boolean asks(Function<Connection, Boolean> question) throws Exception {
      long end = System.nanoTime() + SECONDS.toNanos(20);
      while (!ask(question)) {
        if (System.nanoTime() > end) {
          return false;
        }
      }
      return true;
    }

    /** Runs the task on the session's context after that number of milliseconds. */
    void soon(long millis, Runnable task) throws Exception {
      ask(c -> c.after(Duration.ofMillis(millis), task));
    }

    private Uni<Void> bye() {
      connection.out().write("OK bye\r\n");
      connection.close(CloseReason.LOGOUT);
      connection.out().write("never seen\r\n");
      return Uni.createFrom().voidItem();
    }

    private Uni<Void> user() {
      connection.user("somebody");
      connection.out().write("OK user\r\n");
      return Uni.createFrom().voidItem();
    }

    private Uni<Void> soon() {
      connection.after(Duration.ZERO, () -> connection.out().write("never\r\n")).cancel();
      connection.after(Duration.ofMillis(1), () -> connection.out().write("* late\r\n").flush());
      return Uni.createFrom().voidItem();
    }

    @Override
    public void settingsChanged() {
      connection.timeout(silence, CloseReason.IDLE_TIMEOUT);
    }

    @Override
    public boolean mayBeLong(Buffer start) {
      return start.toString(StandardCharsets.ISO_8859_1).startsWith("MUCH ");
    }

    @Override
    public void lineTooLong(int limit, Request start) {
      connection.out().write("BAD more than " + limit + "\r\n");
      connection.commandEnded("?", "bad", 0);
    }

    @Override
    public Buffer farewell(CloseReason reason) {
      return Buffer.buffer("* BYE " + reason + "\r\n");
    }

    @Override
    public void closed(CloseReason reason) {
      closed.add(reason);
    }
  }
}
