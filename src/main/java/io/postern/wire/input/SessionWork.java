package io.postern.wire.input;

import io.postern.admission.Admission;
import io.postern.cancellation.CancellationToken;
import io.postern.wire.CloseReason;
import io.smallrye.mutiny.Context;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * The work that runs for one session: its command, the decision about a literal, a write to a sink.
 * All of it is subscribed with a {@link CancellationToken} that is cancelled when the connection
 * ends, and this class knows when the last of it has ended. Ends the session's admission then. On
 * the connection's context.
 */
public final class SessionWork {
  /** Why a connection ends whose session does nothing more. */
  private static final Set<CloseReason> LAST =
      EnumSet.of(CloseReason.LOGOUT, CloseReason.ERRORS, CloseReason.NOT_COMPRESSED);

  private final PipelineConnection connection;
  private final Admission admission;
  private final IntConsumer orphans;
  private final CancellationToken token = new CancellationToken();
  private final Context context = token.context();
  private int running;
  private boolean closed;

  /** Nanoseconds of work charged to the user: those before the close, and when that was. */
  private long worked;

  private long closedAt;

  /** Whether the client has gone while some of the work still runs. */
  private boolean orphaned;

  /**
   * @param orphans called with 1 when the client has gone while some of the work still runs, and
   *     with -1 when the last of it has ended
   */
  public SessionWork(PipelineConnection connection, Admission admission, IntConsumer orphans) {
    this.connection = connection;
    this.admission = admission;
    this.orphans = orphans;
  }

  /**
   * Runs a piece of work.
   *
   * @param then called with the result, on the connection's context
   * @param failed called with the failure, there too
   */
  <T> void run(Supplier<Uni<T>> work, Consumer<T> then, Consumer<Throwable> failed) {
    running++;
    Uni.createFrom()
        .<T>deferred(work::get)
        .subscribe()
        .with(
            context,
            item -> connection.tasks().run(() -> ended(() -> then.accept(item))),
            failure -> connection.tasks().run(() -> ended(() -> failed.accept(failure))));
  }

  private void ended(Runnable then) {
    running--;
    try {
      then.run();
    } finally {
      if (closed && running == 0) {
        over();
      }
    }
  }

  /** The last work has ended after the connection. */
  private void over() {
    var _ = admission.charge(Duration.ofNanos(worked + System.nanoTime() - closedAt));
    admission.end();
    if (orphaned) {
      orphaned = false;
      orphans.accept(-1);
    }
  }

  /**
   * The connection is about to close: releases its place in the limits, or leaves that to the end
   * of the running work. A session that logs out or has made too many errors does nothing more.
   */
  public void leave(CloseReason reason) {
    if (running == 0 || LAST.contains(reason)) {
      admission.end();
    }
  }

  /** The client has gone, and {@link #close} was called. */
  public void gone() {
    if (running == 0) {
      admission.end();
    } else {
      orphaned = true;
      orphans.accept(1);
    }
  }

  /**
   * Awaits input that the client sends. Fails with {@link CancellationException} when the
   * connection ends first.
   *
   * @param begin called with the emitter to complete
   */
  <T> Uni<T> awaiting(Consumer<UniEmitter<? super T>> begin) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var ends = token.onCancel(() -> emitter.fail(new CancellationException()));
              emitter.onTermination(ends::remove);
              begin.accept(emitter);
            });
  }

  /**
   * Cancels all of it.
   *
   * @param nanos how long the last command has run
   */
  void close(long nanos) {
    closed = true;
    worked = nanos;
    closedAt = System.nanoTime();
    // Not at once: the work itself may have closed the connection, and continues after that.
    connection
        .tasks()
        .later(
            () -> {
              connection.out().cancelWaits();
              token.cancel();
            });
  }
}
