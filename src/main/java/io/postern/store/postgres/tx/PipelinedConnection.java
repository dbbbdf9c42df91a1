package io.postern.store.postgres.tx;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One connection that many reads share: each statement is sent at once, without awaiting the
 * answers to those before it. It is opened when it is needed and again when it broke. Used on its
 * event loop only.
 *
 * <p>A statement on it is not cancelled in the server, as the request could hit another call's.
 * After a call has waited too long for its answer the connection takes no new statements: those
 * already sent may still be answered. When it breaks, all its calls fail, and each is tried once
 * more on the next connection: they only read.
 */
final class PipelinedConnection {
  private record Opened(Future<PgConnection> connection, long since) {}

  private final ContextInternal context;
  private final Supplier<Future<PgConnection>> connect;
  private final Optional<Duration> lifetime;
  private final AtomicInteger inFlight = new AtomicInteger();
  private Optional<Opened> opened = Optional.empty();

  /**
   * @param connect opens a connection
   * @param lifetime after which a connection takes no new statements; for ever when empty
   */
  PipelinedConnection(
      ContextInternal context,
      Supplier<Future<PgConnection>> connect,
      Optional<Duration> lifetime) {
    this.context = context;
    this.connect = connect;
    this.lifetime = lifetime;
  }

  /** How many calls await an answer. Safe for all threads. */
  int inFlight() {
    return inFlight.get();
  }

  /** Runs a statement that only reads; once more when the connection breaks. */
  <T> Future<T> read(Call<T> call, Function<SqlClient, Future<T>> statement) {
    inFlight.incrementAndGet();
    return attempt(call, statement)
        .recover(
            fault ->
                call.isShared() && SqlErrors.connectionLost(fault)
                    ? attempt(call, statement)
                    : Future.failedFuture(fault))
        .onComplete(_ -> inFlight.decrementAndGet());
  }

  private <T> Future<T> attempt(Call<T> call, Function<SqlClient, Future<T>> statement) {
    var used = current();
    return used.connection
        .compose(it -> call.share(() -> retire(used), () -> statement.apply(it)))
        .onFailure(
            fault -> {
              if (SqlErrors.connectionLost(fault)) {
                retire(used);
              }
            });
  }

  private Opened current() {
    var now = System.nanoTime();
    opened
        .filter(it -> lifetime.filter(limit -> now - it.since > limit.toNanos()).isPresent())
        .ifPresent(this::retire);
    return opened.orElseGet(() -> open(now));
  }

  private Opened open(long now) {
    var promise = Promise.<PgConnection>promise();
    var opening = new Opened(promise.future(), now);
    opened = Optional.of(opening);
    // On the loop's own context: the connection outlives the caller's.
    context.emit(
        _ ->
            connect
                .get()
                .onSuccess(it -> it.closeHandler(_ -> forget(opening)))
                .onFailure(_ -> forget(opening))
                .onComplete(promise));
    return opening;
  }

  private void forget(Opened broken) {
    opened = opened.filter(it -> !it.equals(broken));
  }

  /** Sends no more on it, and closes it behind the statements that were sent. */
  private void retire(Opened used) {
    forget(used);
    used.connection.onSuccess(PgConnection::close);
  }

  /** Closes the connection. */
  Future<Void> close() {
    var last = opened;
    opened = Optional.empty();
    return last.map(
            it -> it.connection.transform(done -> done.succeeded() ? done.result().close() : ok()))
        .orElseGet(PipelinedConnection::ok);
  }

  private static Future<Void> ok() {
    return Future.succeededFuture();
  }
}
