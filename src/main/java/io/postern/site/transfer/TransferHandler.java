package io.postern.site.transfer;

import io.postern.site.MailDelivery.Receiver;
import io.postern.store.StoreException;
import io.postern.store.move.MoveRefused;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLSession;

/** Answers the calls of other sites: checks who calls, reads the message, and writes the answer. */
public final class TransferHandler implements Handler<HttpServerRequest> {
  /** The path of a call, before its name. */
  static final String PATH = "/transfer/v1/";

  /** The call whose octets are a message to deliver. */
  static final String DELIVER = "deliver";

  /** The header field with its recipient's login name, in Base64 for URLs (RFC 4648 §5). */
  static final String ACCOUNT = "x-account";

  static final int OK = 200;
  static final int REFUSED = 409;
  private static final int MALFORMED = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_LARGE = 413;
  private static final int UNAVAILABLE = 503;

  /** Most calls at a time, each of which may hold a message of {@link TransferMessage#MAX}. */
  static final int CALLS = 8;

  /** Most deliveries at a time, each of which holds one piece of its mail. */
  static final int DELIVERIES = 64;

  private static final Logger LOG = System.getLogger(TransferHandler.class.getName());
  private static final int MAX_LINE = 1_024;
  private static final int MAX_HEAD = 4_096;
  private static final int IDLE_SECONDS = 60;

  private final Function<SSLSession, Optional<String>> peer;
  private final ArrivalCalls calls;
  private final Receiver receiver;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger delivering = new AtomicInteger();

  /**
   * @param peer the site whose certificate a session has; empty for none. The name may be empty, if
   *     certificates need not name their site
   */
  public TransferHandler(
      Function<SSLSession, Optional<String>> peer, ArrivalCalls calls, Receiver receiver) {
    this.peer = peer;
    this.calls = calls;
    this.receiver = receiver;
  }

  /** The bounds of what a peer sends before its request is handled, and of its silence. */
  public static HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(MAX_LINE)
        .setMaxHeaderSize(MAX_HEAD)
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setUseAlpn(false);
  }

  @Override
  public void handle(HttpServerRequest request) {
    var from = peer.apply(request.sslSession());
    if (from.isEmpty()) {
      end(request, FORBIDDEN, Buffer.buffer("the certificate is that of no site"));
      request.connection().close();
    } else if (!HttpMethod.POST.equals(request.method()) || !path(request).startsWith(PATH)) {
      end(request, NOT_FOUND, Buffer.buffer("there is no such call"));
    } else if (path(request).equals(PATH + DELIVER)) {
      if (admitted(request, delivering, DELIVERIES)) {
        deliver(request);
      }
    } else if (admitted(request, running, CALLS)) {
      read(request, from.get());
    }
  }

  private static boolean admitted(HttpServerRequest request, AtomicInteger counter, int limit) {
    if (counter.incrementAndGet() <= limit) {
      return true;
    }
    counter.decrementAndGet();
    end(request, UNAVAILABLE, Buffer.buffer("too many calls at a time"));
    return false;
  }

  /** The octets are written as they come; the peer waits while they are. */
  private void deliver(HttpServerRequest request) {
    var context = context();
    var message = receiver.open(account(request));
    var over = new AtomicBoolean();
    Consumer<Throwable> failed =
        why -> {
          if (over.compareAndSet(false, true)) {
            delivering.decrementAndGet();
            message.abandon();
            context.runOnContext(_ -> refuse(request, DELIVER, why));
          }
        };
    request.handler(
        octets -> {
          request.pause();
          message
              .write(octets)
              .subscribe()
              .with(_ -> context.runOnContext(_ -> request.resume()), failed);
        });
    request.exceptionHandler(failed::accept);
    request.endHandler(
        _ ->
            message
                .finish()
                .subscribe()
                .with(
                    verdict -> {
                      if (over.compareAndSet(false, true)) {
                        delivering.decrementAndGet();
                        var answer = new JsonObject().put("verdict", verdict.name());
                        context.runOnContext(
                            _ -> end(request, OK, TransferMessage.of(answer).encode()));
                      }
                    },
                    failed));
  }

  private static String account(HttpServerRequest request) {
    var name = Optional.ofNullable(request.getHeader(ACCOUNT)).orElse("");
    return new String(Base64.getUrlDecoder().decode(name), StandardCharsets.UTF_8);
  }

  private void read(HttpServerRequest request, String from) {
    var body = Buffer.buffer();
    request.handler(
        octets -> {
          if (body.length() + octets.length() > TransferMessage.MAX) {
            running.decrementAndGet();
            request.handler(_ -> {});
            request.endHandler(_ -> {});
            request.exceptionHandler(_ -> {});
            end(request, TOO_LARGE, Buffer.buffer("a message is too large"));
            request.connection().close();
          } else {
            body.appendBuffer(octets);
          }
        });
    request.exceptionHandler(_ -> running.decrementAndGet());
    request.endHandler(
        _ -> {
          request.exceptionHandler(_ -> {});
          answer(request, from, body);
        });
  }

  private void answer(HttpServerRequest request, String from, Buffer body) {
    var call = path(request).substring(PATH.length());
    var context = context();
    Uni.createFrom()
        .deferred(() -> calls.answer(call, from, TransferMessage.parse(body)))
        .onTermination()
        .invoke(running::decrementAndGet)
        .subscribe()
        .with(
            answered -> context.runOnContext(_ -> end(request, OK, answered.encode())),
            why -> context.runOnContext(_ -> refuse(request, call, why)));
  }

  private static String path(HttpServerRequest request) {
    return Optional.ofNullable(request.path()).orElse("");
  }

  /** That of the connection: requests are handled on it. */
  private static Context context() {
    return Objects.requireNonNull(Vertx.currentContext());
  }

  private static void refuse(HttpServerRequest request, String call, Throwable why) {
    int status =
        switch (why) {
          case MoveRefused _ -> REFUSED;
          case IllegalArgumentException _ -> MALFORMED;
          // The latter: the peer ended the connection.
          case StoreException _, HttpClosedException _ -> UNAVAILABLE;
          default -> {
            LOG.log(Level.ERROR, "The call " + call + " of another site failed", why);
            yield UNAVAILABLE;
          }
        };
    end(request, status, Buffer.buffer(String.valueOf(why.getMessage())));
  }

  private static void end(HttpServerRequest request, int status, Buffer body) {
    if (!request.response().closed()) {
      request.response().setStatusCode(status).end(body);
    }
  }
}
