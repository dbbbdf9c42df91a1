package io.postern.imap.command;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.spi.CommandContext;
import io.postern.wire.Connection.Cancellation;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Says at intervals that a command still runs (RFC 9585), so that its client, and what lies
 * between, keep the connection. Used on the connection's context, and while nothing of a response
 * is sent.
 */
public final class Progress {
  /** The capability without which nothing is said. */
  public static final String CAPABILITY = "INPROGRESS";

  /** How long a command runs before the first response, and between two. */
  static final Duration INTERVAL = Duration.ofSeconds(10);

  private final String tag;
  private final BiFunction<Duration, Runnable, Cancellation> timer;
  private final LongSupplier nanoTime;
  private final Consumer<ResponseCode> out;
  private long last;

  /** The progress of a command that begins now. */
  public Progress(CommandContext context) {
    this(context.tag(), context.connection()::after, System::nanoTime, code -> send(context, code));
  }

  /**
   * @param tag of the command
   * @param timer runs a task after a time, unless it is cancelled
   * @param nanoTime the clock
   * @param out sends a response with the code
   */
  Progress(
      String tag,
      BiFunction<Duration, Runnable, Cancellation> timer,
      LongSupplier nanoTime,
      Consumer<ResponseCode> out) {
    this.tag = tag;
    this.timer = timer;
    this.nanoTime = nanoTime;
    this.out = out;
    this.last = nanoTime.getAsLong();
  }

  private static void send(CommandContext context, ResponseCode code) {
    var announced = context.extensions().capabilities(context.connectionState());
    if (announced.contains(CAPABILITY)) {
      context.reply().send(StatusResponse.of(Condition.OK, code, "Still working on it."));
      context.reply().flush();
    }
  }

  /**
   * Says how far the command is, if it is time.
   *
   * @param done of the goal, never less than before
   * @param goal more than {@code done}
   */
  void report(long done, long goal) {
    long now = nanoTime.getAsLong();
    if (now - last >= INTERVAL.toNanos()) {
      last = now;
      out.accept(new ResponseCode.InProgress(tag, OptionalLong.of(done), OptionalLong.of(goal)));
    }
  }

  /** Runs work that sends nothing itself, and says at intervals that it is still under way. */
  public <T> Uni<T> during(Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var waiting = new Waiting();
              waiting.schedule();
              return work.get().onTermination().invoke(waiting::stop);
            });
  }

  /** The timer of one piece of work. */
  private final class Waiting {
    private Cancellation next = () -> {};
    private boolean stopped;

    void schedule() {
      next = timer.apply(INTERVAL, this::due);
    }

    private void due() {
      if (!stopped) {
        out.accept(new ResponseCode.InProgress(tag, OptionalLong.empty(), OptionalLong.empty()));
        schedule();
      }
    }

    void stop() {
      stopped = true;
      next.cancel();
    }
  }
}
