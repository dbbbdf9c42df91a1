package io.postern.store.postgres.tx;

import io.postern.cancellation.CancellationToken;
import io.postern.store.StoreException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Runs each call as one transaction: opens it, commits or rolls back, retries it when PostgreSQL
 * aborted it in favour of another, maps database errors to {@link StoreException}, enforces the
 * time limit, and returns the result on the caller's Vert.x context.
 */
public final class Tx {
  /** How often a transaction that loses to others is tried. */
  static final int TRIES = 6;

  /** An inner ORDER BY is then read from an index that has that order. */
  private static final String BEGIN = "BEGIN";

  private static final String BEGIN_ORDERED = "BEGIN; SET LOCAL enable_sort = off";

  private static final String SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

  private final Connections connections;
  private final Mutiny.SessionFactory sessions;
  private final Supplier<Future<Void>> current;
  private final CallTimeout timeout;
  private final TxMeter meter;

  /**
   * @param current completes when the schema is the one that calls are made for, or it is known
   *     that the database does not answer; calls wait for it
   * @param timeout how long a call may take, the wait for the schema and for a connection included;
   *     the connections must know it, too ({@link CallTimeout#on})
   */
  public Tx(
      Connections connections,
      Mutiny.SessionFactory sessions,
      Supplier<Future<Void>> current,
      CallTimeout timeout,
      TxMeter meter) {
    this.connections = connections;
    this.sessions = sessions;
    this.current = current;
    this.timeout = timeout;
    this.meter = meter;
  }

  /** All calls use the connections of one pool. */
  public Tx(
      Vertx vertx,
      Pool pool,
      Mutiny.SessionFactory sessions,
      Supplier<Future<Void>> current,
      CallTimeout timeout,
      TxMeter meter) {
    this(Connections.shared(vertx, pool), sessions, current, timeout, meter);
  }

  /**
   * A single statement of the plain client that reads little: other calls' statements follow on the
   * same connection without awaiting its answer. It must not write, nor take more than a
   * millisecond or so ({@link #longRead}). Tried once more when the connection breaks. When the
   * client disconnects, the call ends at once; the server answers what it was sent.
   */
  public <T> Uni<T> autocommit(Function<SqlClient, Future<T>> statement) {
    return call(
        token ->
            withTimeout(
                "autocommit",
                token,
                (loop, call) ->
                    loop.shortReads()
                        .map(it -> it.read(call, statement))
                        .orElseGet(() -> loop.longRead(call, statement::apply))));
  }

  /**
   * A single statement of the plain client that reads much, such as bytes of messages, on a
   * connection of its own. It must not write. Cancelled in the server when the client disconnects.
   */
  public <T> Uni<T> longRead(Function<SqlClient, Future<T>> statement) {
    return call(
        token ->
            withTimeout("long-read", token, (loop, call) -> loop.longRead(call, statement::apply)));
  }

  /**
   * A single statement of the plain client that changes something, a transaction by itself.
   * Cancelled in the server when the client disconnects: it is then done completely or not at all.
   */
  public <T> Uni<T> update(Function<SqlClient, Future<T>> statement) {
    return call(
        token ->
            withTimeout(
                "update", token, (loop, call) -> loop.interruptibleWrite(call, statement::apply)));
  }

  /** As {@link #update}, never cancelled, for callers on the database client's context. */
  public <T> Future<T> statement(Function<SqlClient, Future<T>> statement) {
    return withTimeout(
        "update",
        CancellationToken.NONE,
        (loop, call) -> retrying(TRIES, () -> loop.write(call, statement::apply)));
  }

  /**
   * A transaction of the plain client that changes something. When the client disconnects before it
   * has begun, it does not begin; after that it runs to its end.
   */
  public <T> Uni<T> write(Function<Statements, Future<T>> body) {
    return call(token -> writing(token, BEGIN, body));
  }

  /** As {@link #write}, never cancelled, for callers on the database client's context. */
  public <T> Future<T> writing(Function<Statements, Future<T>> body) {
    return writing(CancellationToken.NONE, BEGIN, body);
  }

  private <T> Future<T> writing(
      CancellationToken token, String begin, Function<Statements, Future<T>> body) {
    return withTimeout(
        "write",
        token,
        (loop, call) ->
            retrying(
                TRIES, () -> loop.write(call, it -> Statements.within(call, it, begin, body))));
  }

  /**
   * As {@link #write}, for statements that name the index for their lookups by ORDER BY in a
   * subquery: the planner may not sort instead, whatever its statistics are.
   */
  public <T> Uni<T> writeOrdered(Function<Statements, Future<T>> body) {
    return call(token -> writing(token, BEGIN_ORDERED, body));
  }

  /** A transaction whose statements all see the same moment, and that changes nothing. */
  public <T> Uni<T> readSnapshot(Function<Statements, Future<T>> body) {
    return call(
        token ->
            withTimeout(
                "read-snapshot",
                token,
                (loop, call) ->
                    loop.longRead(call, it -> Statements.within(call, it, SNAPSHOT, body))));
  }

  /** A transaction of Hibernate; cancelled as {@link #write} is. */
  public <T> Uni<T> ormTransaction(Function<Mutiny.Session, Uni<T>> body) {
    return call(
        token ->
            withTimeout(
                "orm-transaction",
                token,
                (loop, call) ->
                    retrying(
                        TRIES,
                        () ->
                            OrmContext.isolated(
                                OrmContext.context(loop),
                                () ->
                                    sessions.withTransaction(
                                        s -> OrmContext.begun(call, s, body))))));
  }

  /** Entities as they are now, by statements that only read. */
  public <T> Uni<T> ormRead(Function<Mutiny.StatelessSession, Uni<T>> body) {
    return call(token -> withTimeout("orm-read", token, (loop, call) -> reading(loop, call, body)));
  }

  private <T> Future<T> reading(
      LoopConnections loop, Call<T> call, Function<Mutiny.StatelessSession, Uni<T>> body) {
    var context = OrmContext.context(loop);
    LoopPool.reading(context);
    return OrmContext.isolated(
        context, () -> sessions.withStatelessSession(s -> OrmContext.begun(call, s, body)));
  }

  private <T> Future<T> withTimeout(
      String kind, CancellationToken token, BiFunction<LoopConnections, Call<T>, Future<T>> work) {
    var loop = connections.here();
    return loop.run(
        () ->
            Call.within(
                timeout,
                loop,
                meter,
                kind,
                token,
                call -> {
                  var schema = current.get();
                  return schema.succeeded()
                      ? work.apply(loop, call)
                      : schema.compose(
                          _ -> loop.run(() -> call.<T>step(it -> work.apply(loop, it))));
                }));
  }

  /**
   * Returns the result of any work on the caller's context.
   *
   * @param work made with the token of the subscriber, which asks it to end when the client
   *     disconnects
   */
  public <T> Uni<T> call(Function<CancellationToken, Future<T>> work) {
    return CancellationToken.with(
        token ->
            Uni.createFrom()
                .emitter(
                    emitter -> {
                      var caller = Vertx.currentContext();
                      work.apply(token)
                          .recover(fault -> Future.failedFuture(SqlErrors.translate(fault)))
                          .onComplete(done -> deliver(caller, () -> complete(emitter, done)));
                    }));
  }

  private static <T> void complete(UniEmitter<? super T> emitter, AsyncResult<T> done) {
    if (done.succeeded()) {
      emitter.complete(done.result());
    } else {
      emitter.fail(done.cause());
    }
  }

  private static void deliver(@Nullable Context caller, Runnable answer) {
    if (caller == null || caller == Vertx.currentContext()) {
      answer.run();
    } else {
      caller.runOnContext(_ -> answer.run());
    }
  }

  private <T> Future<T> retrying(int tries, Supplier<Future<T>> work) {
    return work.get()
        .recover(
            fault -> {
              if (tries == 1 || !SqlErrors.lostToAnother(fault)) {
                return Future.failedFuture(fault);
              }
              meter.retried();
              return retrying(tries - 1, work);
            });
  }
}
