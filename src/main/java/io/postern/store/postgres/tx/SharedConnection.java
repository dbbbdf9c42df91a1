package io.postern.store.postgres.tx;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.spi.DatabaseMetadata;

/**
 * A pipelined connection as one of its callers has it: closing it leaves it open for the others,
 * and it begins no transaction.
 */
final class SharedConnection implements SqlConnection {
  private final SqlConnection connection;
  private final Runnable closed;

  /**
   * @param closed called when the caller closes it
   */
  SharedConnection(SqlConnection connection, Runnable closed) {
    this.connection = connection;
    this.closed = closed;
  }

  @Override
  public Query<RowSet<Row>> query(String sql) {
    return connection.query(sql);
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
    return connection.preparedQuery(sql);
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
    return connection.preparedQuery(sql, options);
  }

  @Override
  public Future<PreparedStatement> prepare(String sql) {
    return connection.prepare(sql);
  }

  @Override
  public Future<PreparedStatement> prepare(String sql, PrepareOptions options) {
    return connection.prepare(sql, options);
  }

  @Override
  public SqlConnection prepare(String sql, Handler<AsyncResult<PreparedStatement>> handler) {
    prepare(sql).onComplete(handler);
    return this;
  }

  @Override
  public SqlConnection prepare(
      String sql, PrepareOptions options, Handler<AsyncResult<PreparedStatement>> handler) {
    prepare(sql, options).onComplete(handler);
    return this;
  }

  @Override
  public SqlConnection exceptionHandler(Handler<Throwable> handler) {
    throw shared();
  }

  @Override
  public SqlConnection closeHandler(Handler<Void> handler) {
    throw shared();
  }

  @Override
  public void begin(Handler<AsyncResult<Transaction>> handler) {
    begin().onComplete(handler);
  }

  @Override
  public Future<Transaction> begin() {
    return Future.failedFuture(shared());
  }

  /** That there is none: Hibernate asks before each query. */
  @Override
  public Transaction transaction() {
    return connection.transaction();
  }

  private static UnsupportedOperationException shared() {
    return new UnsupportedOperationException("other calls use this connection, too");
  }

  @Override
  public boolean isSSL() {
    return connection.isSSL();
  }

  @Override
  public DatabaseMetadata databaseMetadata() {
    return connection.databaseMetadata();
  }

  @Override
  public void close(Handler<AsyncResult<Void>> handler) {
    close().onComplete(handler);
  }

  @Override
  public Future<Void> close() {
    closed.run();
    return Future.succeededFuture();
  }
}
