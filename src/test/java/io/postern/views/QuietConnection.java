package io.postern.views;

import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralSink;
import io.postern.wire.Outbox;
import io.postern.wire.StreamStage;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A connection without a socket: every line is passed to a client at once, and time does not
 * advance.
 */
final class QuietConnection implements Connection, Outbox {
  private final Consumer<String> client;
  private final RandomScheduler scheduler;
  private final StringBuilder unfinished = new StringBuilder();
  private final List<Runnable> tasks = new ArrayList<>();
  private Optional<UniEmitter<? super Buffer>> awaiting = Optional.empty();
  private boolean full;
  private int turns;
  private int overruns;
  private int allowances;
  private int memory = Integer.MAX_VALUE;

  QuietConnection(RandomScheduler scheduler, Consumer<String> client) {
    this.scheduler = scheduler;
    this.client = client;
  }

  /** Whether a command waits for the client's next line. */
  boolean awaitsLine() {
    return awaiting.isPresent();
  }

  /** How often the event loop was given to others. */
  int turns() {
    return turns;
  }

  /** How many answers to FETCH began when there was no room. */
  int overruns() {
    return overruns;
  }

  /** How many allowances of memory were not given back. */
  int allowances() {
    return allowances;
  }

  /** Limits the octets of memory of commands. */
  void memory(int octets) {
    memory = octets;
  }

  void line(String line) {
    var waiting = awaiting.orElseThrow();
    awaiting = Optional.empty();
    waiting.complete(Buffer.buffer(line));
  }

  /** Some time passes: the tasks that wait for it run. */
  void timePasses() {
    var due = List.copyOf(tasks);
    tasks.clear();
    due.forEach(Runnable::run);
  }

  @Override
  public Outbox write(Buffer bytes) {
    return write(bytes.toString(StandardCharsets.ISO_8859_1));
  }

  @Override
  public Outbox write(String latin1) {
    unfinished.append(latin1);
    for (int end = unfinished.indexOf("\r\n"); end >= 0; end = unfinished.indexOf("\r\n")) {
      var line = unfinished.substring(0, end);
      unfinished.delete(0, end + 2);
      overruns += full && line.startsWith("* ") && line.contains(" FETCH (") ? 1 : 0;
      client.accept(line);
      full = scheduler.oneIn(4);
    }
    return this;
  }

  @Override
  public void flush() {}

  @Override
  public Uni<Void> room() {
    return Uni.createFrom()
        .emitter(
            writer ->
                scheduler.later(
                    () -> {
                      full = false;
                      writer.complete(null);
                    }));
  }

  @Override
  public boolean full() {
    return full;
  }

  @Override
  public Allowance allowance(int wanted) {
    allowances++;
    return new Allowance() {
      @Override
      public int octets() {
        return Math.min(wanted, memory);
      }

      @Override
      public void keep(long used) {}

      @Override
      public void release() {
        allowances--;
      }
    };
  }

  @Override
  public Uni<Buffer> nextLine() {
    return Uni.createFrom().emitter(emitter -> awaiting = Optional.of(emitter));
  }

  @Override
  public Cancellation after(Duration delay, Runnable task) {
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  @Override
  public String id() {
    return "0000000000000001";
  }

  @Override
  public SocketAddress remote() {
    return SocketAddress.inetSocketAddress(40_000, "127.0.0.1");
  }

  @Override
  public SocketAddress local() {
    return SocketAddress.inetSocketAddress(143, "127.0.0.1");
  }

  @Override
  public boolean secure() {
    return true;
  }

  @Override
  public boolean canStartTls() {
    return false;
  }

  @Override
  public Context context() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void queue(Runnable task) {
    turns++;
    scheduler.later(task);
  }

  @Override
  public Outbox out() {
    return this;
  }

  @Override
  public Uni<Long> data(LiteralSink sink, long limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void switchStream(StreamStage stage, Buffer answer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void timeout(Duration silence, CloseReason reason) {}

  @Override
  public void close(CloseReason reason) {
    throw new AssertionError("the server closes: " + reason);
  }
}
