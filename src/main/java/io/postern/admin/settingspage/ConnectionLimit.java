package io.postern.admin.settingspage;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the connections of a port in number and in time, so that clients that send nothing, or
 * only slowly, do not exhaust the process.
 */
public final class ConnectionLimit implements Handler<HttpConnection> {
  /** The most connections of a port. */
  static final int MOST = 1_000;

  /** The longest time of a connection, used or not. */
  static final Duration LONGEST = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final int most;
  private final Duration longest;
  private final AtomicInteger open = new AtomicInteger();

  public ConnectionLimit(Vertx vertx) {
    this(vertx, MOST, LONGEST);
  }

  ConnectionLimit(Vertx vertx, int most, Duration longest) {
    this.vertx = vertx;
    this.most = most;
    this.longest = longest;
  }

  @Override
  public void handle(HttpConnection connection) {
    boolean refused = open.incrementAndGet() > most;
    long timer = vertx.setTimer(longest.toMillis(), _ -> connection.close());
    connection.closeHandler(
        _ -> {
          vertx.cancelTimer(timer);
          open.decrementAndGet();
        });
    if (refused) {
      connection.close();
    }
  }
}
