package io.postern.store.postgres.tx;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The connections of one event loop: so no call is handed to another thread. Short reads share a
 * pipelined one; long reads have connections of their own, so that nothing short waits for them and
 * they can be cancelled in the server; so do writes and transactions, so that no read waits for a
 * commit that is written to disk.
 */
final class LoopConnections {
  private final ContextInternal context;
  private final Deadlines deadlines;
  private final Optional<PipelinedConnection> shortReads;
  private final Pool longReads;
  private final Pool writes;

  /**
   * @param shortReads empty when there are too few connections for that: then short reads use the
   *     connections of long ones
   */
  LoopConnections(
      ContextInternal context,
      Optional<PipelinedConnection> shortReads,
      Pool longReads,
      Pool writes) {
    this.context = context;
    this.deadlines = new Deadlines(context);
    this.shortReads = shortReads;
    this.longReads = longReads;
    this.writes = writes;
  }

  ContextInternal context() {
    return context;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  Optional<PipelinedConnection> shortReads() {
    return shortReads;
  }

  Pool longReads() {
    return longReads;
  }

  Pool writes() {
    return writes;
  }

  /** Runs the task on the event loop: at once, if the caller is on it. */
  void execute(Runnable task) {
    if (here()) {
      task.run();
    } else {
      context.runOnContext(_ -> task.run());
    }
  }

  /** Begins the work on the event loop: at once, if the caller is on it. */
  <T> Future<T> run(Supplier<Future<T>> work) {
    if (here()) {
      return work.get();
    }
    var done = Promise.<T>promise();
    context.runOnContext(
        _ -> Future.<Void>succeededFuture().compose(_ -> work.get()).onComplete(done));
    return done.future();
  }

  private boolean here() {
    return context.nettyEventLoop().inEventLoop() && ContextInternal.current() != null;
  }

  /** Runs the work on a connection for long reads; a call that is cancelled ends in the server. */
  <T> Future<T> longRead(Call<T> call, Function<SqlConnection, Future<T>> work) {
    return connected(call, longReads, true, work);
  }

  /** Runs the work on a connection for writes; once it has begun it runs to its end. */
  <T> Future<T> write(Call<T> call, Function<SqlConnection, Future<T>> work) {
    return connected(call, writes, false, work);
  }

  /** Runs the work on a connection for writes; a call that is cancelled ends in the server. */
  <T> Future<T> interruptibleWrite(Call<T> call, Function<SqlConnection, Future<T>> work) {
    return connected(call, writes, true, work);
  }

  private static <T> Future<T> connected(
      Call<T> call, Pool pool, boolean interruptible, Function<SqlConnection, Future<T>> work) {
    return pool.getConnection()
        .compose(
            connection ->
                call.run(connection, interruptible, work).eventually(() -> connection.close()));
  }

  /** How many connections the pools have open. */
  int size() {
    return longReads == writes ? writes.size() : longReads.size() + writes.size();
  }

  Future<Void> close() {
    var shared = Promise.<Void>promise();
    execute(
        () ->
            shortReads
                .map(PipelinedConnection::close)
                .orElseGet(Future::succeededFuture)
                .onComplete(shared));
    return Future.join(List.of(shared.future(), longReads.close(), writes.close())).mapEmpty();
  }
}
