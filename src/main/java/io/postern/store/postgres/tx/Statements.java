package io.postern.store.postgres.tx;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.util.function.Function;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one transaction. Each is sent when it is called, without awaiting those before
 * it: a statement that needs no result of an earlier one costs no round trip of its own. After one
 * fails PostgreSQL refuses the rest, the commit included.
 */
public final class Statements {
  private final SqlConnection connection;
  private final Future<?> begin;
  private @Nullable Future<?> commit;

  Statements(SqlConnection connection, String begin) {
    this.connection = connection;
    this.begin = connection.query(begin).execute();
  }

  /**
   * Runs the body as one transaction on the connection: commits it when the body has succeeded and
   * the call is not over, otherwise rolls it back.
   *
   * @param begin the statement that begins it
   */
  static <T> Future<T> within(
      Call<T> call, SqlConnection connection, String begin, Function<Statements, Future<T>> body) {
    var statements = new Statements(connection, begin);
    return Future.<Void>succeededFuture()
        .compose(_ -> body.apply(statements))
        .compose(answer -> call.step(_ -> statements.commit()).map(answer))
        .recover(fault -> statements.rollback().transform(_ -> Future.failedFuture(fault)));
  }

  /** Runs a statement; its rows are collected one by one as they come. */
  public <R> Future<R> collect(String sql, Collector<Row, ?, R> collector, Tuple arguments) {
    return connection
        .preparedQuery(sql)
        .collecting(collector)
        .execute(arguments)
        .map(SqlResult::value);
  }

  /** Runs a statement. */
  public Future<RowSet<Row>> run(String sql, Object... arguments) {
    return run(sql, Tuple.wrap(arguments));
  }

  /** Runs a statement. */
  public Future<RowSet<Row>> run(String sql, Tuple arguments) {
    return connection.preparedQuery(sql).execute(arguments);
  }

  /**
   * Sends the commit behind the statements sent so far: for a transaction that can only succeed
   * now, or be refused by the database.
   */
  public Future<?> commit() {
    var sent = commit;
    if (sent == null) {
      sent = Future.all(begin, connection.query("COMMIT").execute());
      commit = sent;
    }
    return sent;
  }

  /** Rolls the transaction back; harmless when it has ended already. */
  Future<?> rollback() {
    return connection.query("ROLLBACK").execute();
  }
}
