package io.postern.store.postgres.tx;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.impl.ContextInternal;
import io.vertx.pgclient.PgPool;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/**
 * The pool that Hibernate uses: it gives each event loop connections of its own, from those for
 * writes and transactions. To what only reads ({@link #reading}) it gives those for long reads:
 * Hibernate needs the answers on its own context, which a shared connection does not give.
 */
@SuppressWarnings("deprecation") // The platform takes no other type.
public final class LoopPool implements PgPool {
  private static final Object READING = new Object();

  private final Connections connections;

  LoopPool(Connections connections) {
    this.connections = connections;
  }

  /** The connections that it gives. */
  public Connections connections() {
    return connections;
  }

  /** What runs on this context only reads, in statements outside of a transaction. */
  static void reading(Context context) {
    context.putLocal(READING, true);
  }

  @Override
  public Future<SqlConnection> getConnection() {
    var loop = connections.here();
    var context = ContextInternal.current();
    boolean reading = context != null && context.getLocal(READING) != null;
    return (reading ? loop.longReads() : loop.writes()).getConnection();
  }

  @Override
  public void getConnection(Handler<AsyncResult<SqlConnection>> handler) {
    getConnection().onComplete(handler);
  }

  @Override
  public Query<RowSet<Row>> query(String sql) {
    return connections.here().writes().query(sql);
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
    return connections.here().writes().preparedQuery(sql);
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
    return connections.here().writes().preparedQuery(sql, options);
  }

  @Override
  public int size() {
    return connections.size();
  }

  @Override
  public Future<Void> close() {
    return connections.close();
  }

  @Override
  public void close(Handler<AsyncResult<Void>> handler) {
    close().onComplete(handler);
  }

  @Override
  public PgPool connectHandler(Handler<SqlConnection> handler) {
    throw new UnsupportedOperationException("connections are made as the settings say");
  }

  @Override
  public PgPool connectionProvider(Function<Context, Future<SqlConnection>> provider) {
    throw new UnsupportedOperationException("connections are made as the settings say");
  }
}
