package io.postern.store.postgres.tx;

import io.postern.cancellation.CancellationToken;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One call of the database: it ends within its time limit, and after its end no step of it begins.
 * When its token is cancelled, a call that still waits for a connection fails at once and never
 * begins; a long read is cancelled in the server; a short one, which shares its connection, ends
 * for its caller only; a write ends as it would have ended.
 *
 * @param <T> its result
 */
final class Call<T> {
  /** The state of a call. */
  private sealed interface State {
    /** It waits for the schema or a connection. */
    record Waiting() implements State {}

    /**
     * It has a connection.
     *
     * @param interruptible the connection, if what runs on it may be cancelled in the server
     */
    record Running(Optional<PgConnection> interruptible) implements State {}

    /**
     * Its statement is sent on a connection that other calls use, too: it is not cancelled in the
     * server.
     *
     * @param retire keeps later calls off the connection
     */
    record Shared(Runnable retire) implements State {}

    /**
     * The server was asked to cancel what runs.
     *
     * @param sent completes when the server has the request
     */
    record Interrupted(Future<Void> sent) implements State {}

    /** It is over and must not begin. */
    record Cancelled() implements State {}

    /** It has succeeded: what was committed is answered, whatever becomes of the client. */
    record Done() implements State {}
  }

  private static final State WAITING = new State.Waiting();
  private static final State RUNNING = new State.Running(Optional.empty());

  /**
   * Milliseconds until the server is asked again to cancel: a request that finds it between two
   * messages of a statement has no effect.
   */
  static final long AGAIN_MILLIS = 500;

  private final CancellationToken token;
  private final LoopConnections loop;
  private final Promise<T> answer = Promise.promise();
  private final AtomicReference<State> state = new AtomicReference<>(WAITING);
  private volatile boolean ended;

  private Call(CancellationToken token, LoopConnections loop) {
    this.token = token;
    this.loop = loop;
  }

  /**
   * Runs the work; fails with {@link TimeoutException} when it is not done in time, and with {@link
   * CancellationException} when the token was cancelled before it was done. Called on the event
   * loop.
   */
  static <T> Future<T> within(
      CallTimeout timeout,
      LoopConnections loop,
      TxMeter meter,
      String kind,
      CancellationToken token,
      Function<Call<T>, Future<T>> work) {
    var call = new Call<T>(token, loop);
    long began = System.nanoTime();
    var deadline = loop.deadlines().add(timeout.limit().toMillis(), () -> call.timedOut(timeout));
    var registration = token.onCancel(call::cancel);
    // A call whose client has disconnected already does not even wait for a connection.
    var done =
        token.cancelled() ? Future.<T>failedFuture(new CancellationException()) : work.apply(call);
    done.onComplete(
        result -> {
          loop.execute(deadline::remove);
          registration.remove();
          if (result.succeeded()) {
            call.answer.tryComplete(result.result());
          } else {
            call.answer.tryFail(result.cause());
          }
        });
    return call.answer
        .future()
        .onSuccess(_ -> meter.called(kind, TxMeter.Outcome.OK, System.nanoTime() - began))
        .onFailure(why -> meter.called(kind, outcome(why), System.nanoTime() - began));
  }

  private void timedOut(CallTimeout timeout) {
    ended = true;
    answer.tryFail(new TimeoutException("nothing within " + timeout.limit()));
    if (state.get() instanceof State.Shared(var retire)) {
      retire.run();
    }
  }

  private void cancel() {
    var seen = state.get();
    switch (seen) {
      case State.Running(var interruptible) -> {
        if (interruptible.isPresent() && !interrupt(seen, interruptible.get())) {
          cancel();
        }
      }
      case State.Waiting _, State.Shared _ -> {
        if (state.compareAndSet(seen, new State.Cancelled())) {
          answer.tryFail(new CancellationException());
        } else {
          cancel();
        }
      }
      case State.Interrupted _, State.Cancelled _, State.Done _ -> {}
    }
  }

  /** Asks the server to cancel what runs, unless the state has changed, until the call ends. */
  private boolean interrupt(State seen, PgConnection connection) {
    var sent = Promise.<Void>promise();
    var interrupted = new State.Interrupted(sent.future());
    if (!state.compareAndSet(seen, interrupted)) {
      return false;
    }
    connection.cancelRequest().onComplete(sent);
    sent.future()
        .onComplete(
            _ ->
                loop.execute(
                    () ->
                        loop.deadlines()
                            .add(AGAIN_MILLIS, () -> interrupt(interrupted, connection))));
    return true;
  }

  /**
   * Runs a step of the work, unless its time is over: a call that waited too long for a connection
   * has already failed for its caller, so it must not be done later.
   */
  <R> Future<R> step(Function<Call<T>, Future<R>> step) {
    return ended
        ? Future.failedFuture(new TimeoutException("too late to begin"))
        : step.apply(this);
  }

  /** Runs the work on the acquired connection, unless the call is over or cancelled. */
  Future<T> run(
      SqlConnection connection, boolean interruptible, Function<SqlConnection, Future<T>> work) {
    var running =
        new State.Running(
            interruptible && connection instanceof PgConnection it
                ? Optional.of(it)
                : Optional.empty());
    if (token.cancelled() || !state.compareAndSet(WAITING, running)) {
      return Future.failedFuture(new CancellationException());
    }
    return step(_ -> work.apply(connection)).transform(done -> settled(connection, done));
  }

  /**
   * Runs a statement on a connection that other calls use, too, unless the call is over or
   * cancelled. May be called again for another try. When the client disconnects, its call ends at
   * once, and the answer to what was sent is dropped.
   *
   * @param retire keeps later calls off the connection, when this one gets no answer in time
   */
  <R> Future<R> share(Runnable retire, Supplier<Future<R>> statement) {
    var seen = state.get();
    boolean may =
        switch (seen) {
          case State.Waiting _, State.Running _, State.Shared _ -> true;
          case State.Interrupted _, State.Cancelled _, State.Done _ -> false;
        };
    return may && !token.cancelled() && state.compareAndSet(seen, new State.Shared(retire))
        ? step(_ -> statement.get())
        : Future.failedFuture(new CancellationException());
  }

  /** Whether its statement was sent on a shared connection, and nothing has ended the call. */
  boolean isShared() {
    return !ended && state.get() instanceof State.Shared;
  }

  /**
   * Begins work on a connection of Hibernate's, unless the call is over or cancelled; it then runs
   * to its end. A second try finds the call running.
   */
  Future<Void> begin() {
    boolean may = !token.cancelled() && (state.compareAndSet(WAITING, RUNNING) || hasBegun());
    return may
        ? step(_ -> Future.succeededFuture())
        : Future.failedFuture(new CancellationException());
  }

  private boolean hasBegun() {
    return switch (state.get()) {
      case State.Running _, State.Shared _ -> true;
      case State.Waiting _, State.Interrupted _, State.Cancelled _, State.Done _ -> false;
    };
  }

  /**
   * Makes the connection safe for the next call. A cancel request hits the statement that runs when
   * it arrives, so a late one must hit a harmless statement before another call begins.
   */
  private Future<T> settled(SqlConnection connection, io.vertx.core.AsyncResult<T> done) {
    var result = done.succeeded() ? Future.succeededFuture(done.result()) : failed(done.cause());
    return switch (state.getAndSet(done.succeeded() ? new State.Done() : WAITING)) {
      case State.Interrupted(var request) ->
          request
              .transform(
                  sent ->
                      sent.failed() || (done.failed() && SqlErrors.cancelled(done.cause()))
                          ? Future.succeededFuture()
                          : absorb(connection))
              .transform(_ -> result);
      case State.Running _, State.Shared _, State.Waiting _, State.Cancelled _, State.Done _ ->
          result;
    };
  }

  private Future<T> failed(Throwable cause) {
    return Future.failedFuture(
        token.cancelled() && SqlErrors.cancelled(cause) ? new CancellationException() : cause);
  }

  /**
   * Absorbs the server's cancellation, and leaves a transaction that it may have hit. PostgreSQL
   * has signalled the connection's process before it answers the request to cancel, so that a short
   * statement is enough to meet a signal that came late.
   */
  private static Future<?> absorb(SqlConnection connection) {
    return connection
        .query("SELECT pg_sleep(0.05)")
        .execute()
        .recover(
            hit ->
                SqlErrors.inFailedTransaction(hit)
                    ? connection.query("ROLLBACK").execute()
                    : Future.succeededFuture());
  }

  private static TxMeter.Outcome outcome(Throwable why) {
    return switch (why) {
      case TimeoutException _ -> TxMeter.Outcome.LATE;
      case CancellationException _ -> TxMeter.Outcome.CANCELLED;
      case StoreException e when !(e.failure() instanceof StoreFailure.Unavailable) ->
          TxMeter.Outcome.REFUSED;
      default -> SqlErrors.unanswered(why) ? TxMeter.Outcome.LOST : TxMeter.Outcome.FAILED;
    };
  }
}
