package io.postern.admin.mailbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Reads what a client still sends of a refused body, so that it gets the answer and its connection
 * can be used again. Closes the connection of a client that sends for too long or too much.
 */
final class RefusedBody {
  private final Vertx vertx;
  private final HttpServerRequest request;
  private long octets;

  private RefusedBody(Vertx vertx, HttpServerRequest request) {
    this.vertx = vertx;
    this.request = request;
  }

  /**
   * Reads to the end of the body, or to a bound. Called on the request's context.
   *
   * @param most octets
   * @param within this time
   */
  static void discard(Vertx vertx, HttpServerRequest request, long most, Duration within) {
    if (!request.isEnded()) {
      new RefusedBody(vertx, request).discard(most, within);
    }
  }

  private void discard(long most, Duration within) {
    long timer = vertx.setTimer(within.toMillis(), _ -> close());
    request
        .handler(bytes -> received(bytes, most))
        .endHandler(_ -> vertx.cancelTimer(timer))
        .exceptionHandler(_ -> vertx.cancelTimer(timer))
        .resume();
  }

  private void received(Buffer bytes, long most) {
    octets += bytes.length();
    if (octets > most) {
      close();
    }
  }

  private void close() {
    request.connection().close();
  }
}
