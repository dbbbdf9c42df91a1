package io.postern.admin.settingspage;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes the requests of one port: counts them, reads them within their bounds, has them answered on
 * a worker, and writes the response.
 */
public final class SettingsHandler implements Handler<HttpServerRequest> {
  private static final Logger LOG = System.getLogger(SettingsHandler.class.getName());

  /** The largest body, in octets; requests of Outlook have a few hundred. */
  static final int MAX_BODY = 64 * 1024;

  private static final String CONNECTION = "Connection";
  private static final int MAX_LINE = 4_096;
  private static final int MAX_HEAD = 16 * 1024;
  private static final int IDLE_SECONDS = 30;
  private static final int MAX_PARAMETERS = 20;

  private final Vertx vertx;
  private final SettingsRoutes routes;
  private final RequestLimit limit;
  private final AtomicInteger running = new AtomicInteger();
  private final Promise<Void> drained = Promise.promise();
  private volatile boolean draining;

  public SettingsHandler(Vertx vertx, SettingsRoutes routes, RequestLimit limit) {
    this.vertx = vertx;
    this.routes = routes;
    this.limit = limit;
  }

  /** The bounds of what a client sends before its request is handled, and of its silence. */
  public static HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(MAX_LINE)
        .setMaxHeaderSize(MAX_HEAD)
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setHttp2ClearTextEnabled(false)
        .setUseAlpn(false);
  }

  /** Answers what is no request, or has a head beyond its bounds; the connection ends with it. */
  public void refuse(HttpServerRequest request) {
    var refused =
        switch (request.decoderResult().cause()) {
          case TooLongHttpLineException _ ->
              new RefusedRequest(414, "The first line has at most " + MAX_LINE + " octets here.");
          case TooLongHttpHeaderException _ ->
              new RefusedRequest(431, "The head has at most " + MAX_HEAD + " octets here.");
          case null, default -> new RefusedRequest(400, "That is no request in HTTP.");
        };
    close(request, SettingsResponse.text(refused));
    request.connection().close();
  }

  /** Asks clients to close their connections; completes when no request is being answered. */
  public Future<Void> drain() {
    draining = true;
    completeDrain();
    return drained.future();
  }

  private void completeDrain() {
    if (draining && running.get() == 0) {
      drained.tryComplete();
    }
  }

  @Override
  public void handle(HttpServerRequest request) {
    running.incrementAndGet();
    var ended = new AtomicBoolean();
    Handler<Void> end =
        _ -> {
          if (ended.compareAndSet(false, true)) {
            if (request.response().headers().contains(CONNECTION)) {
              request.connection().close();
            }
            running.decrementAndGet();
            completeDrain();
          }
        };
    request.response().endHandler(end).closeHandler(end);
    request.exceptionHandler(failure -> LOG.log(Level.DEBUG, "a request has broken off", failure));
    if (limit.admit(
        request.remoteAddress().hostAddress(),
        Optional.ofNullable(request.getHeader("X-Forwarded-For")))) {
      read(request);
    } else {
      close(
          request,
          SettingsResponse.text(
                  new RefusedRequest(429, "Too many requests from this address; wait a minute."))
              .with("Retry-After", "60"));
    }
  }

  private void read(HttpServerRequest request) {
    boolean takesBody = SettingsRoutes.takesBody(path(request));
    var body = Buffer.buffer();
    int most = takesBody ? MAX_BODY : 0;
    request.handler(
        part -> {
          if (!request.response().ended()) {
            body.appendBuffer(part);
            if (body.length() > most) {
              close(
                  request,
                  SettingsResponse.text(
                      new RefusedRequest(413, "A request has at most " + most + " octets here.")));
            }
          }
        });
    request.endHandler(
        _ -> {
          if (!request.response().ended()) {
            answer(request, body.getBytes());
          }
        });
  }

  private void answer(HttpServerRequest request, byte[] body) {
    try {
      var read = read(request, body);
      vertx
          .executeBlocking(() -> routes.answer(read), false)
          .onSuccess(response -> write(request, response))
          .onFailure(failure -> fail(request, failure));
    } catch (IllegalArgumentException _) {
      write(request, SettingsResponse.text(new RefusedRequest(400, "The query is not encoded.")));
    }
  }

  private static void fail(HttpServerRequest request, Throwable failure) {
    LOG.log(Level.ERROR, "A request for " + request.path() + " cannot be answered", failure);
    request.response().setStatusCode(500).end();
  }

  private static String path(HttpServerRequest request) {
    return Optional.ofNullable(request.path()).orElse("");
  }

  private static SettingsRequest read(HttpServerRequest request, byte[] body) {
    var parameters = new HashMap<String, String>();
    for (var parameter : request.params()) {
      if (parameters.size() < MAX_PARAMETERS) {
        parameters.putIfAbsent(parameter.getKey().toLowerCase(Locale.ROOT), parameter.getValue());
      }
    }
    return new SettingsRequest(
        request.method().name(),
        path(request),
        parameters,
        Optional.ofNullable(request.getHeader("Host")),
        Optional.ofNullable(request.getHeader("Accept-Language")),
        body);
  }

  private void close(HttpServerRequest request, SettingsResponse response) {
    request.response().putHeader(CONNECTION, "close");
    write(request, response);
  }

  private void write(HttpServerRequest request, SettingsResponse response) {
    var to = request.response();
    if (to.closed() || to.ended()) {
      return;
    }
    to.setStatusCode(response.status()).putHeader("Content-Type", response.type());
    SettingsResponse.COMMON.forEach(to::putHeader);
    response.headers().forEach(to::putHeader);
    to.putHeader("Content-Length", Integer.toString(response.body().length));
    if (draining) {
      to.putHeader(CONNECTION, "close");
    }
    if (request.method().name().equals("HEAD")) {
      to.end();
    } else {
      to.end(Buffer.buffer(response.body()));
    }
  }
}
