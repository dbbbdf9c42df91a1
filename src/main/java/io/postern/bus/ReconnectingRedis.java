package io.postern.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis that is reopened whenever it is lost, after a jittered wait of up to a
 * second, at the next endpoint if there are several. All of it on one context.
 */
public final class ReconnectingRedis {
  /** The user of the connection. Called on the connection's context. */
  public interface Listener {
    /** The connection is open. */
    void up();

    /** The connection is lost, or could not be opened. Called again at each attempt that fails. */
    void down(Throwable why);

    /** Redis sent a message that is not a reply. */
    void received(Response message);
  }

  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long LONGEST_WAIT_MILLIS = 1_000;

  private final Context context;
  private final List<Redis> endpoints;
  private final Listener listener;
  private int endpoint;
  private Optional<RedisConnection> current = Optional.empty();
  private long wait = FIRST_WAIT_MILLIS;
  private boolean pingUnanswered;
  private boolean closed;

  public ReconnectingRedis(Context context, List<Redis> endpoints, Listener listener) {
    this.context = context;
    this.endpoints = endpoints;
    this.listener = listener;
  }

  public boolean isUp() {
    return current.isPresent();
  }

  public void open() {
    endpoints
        .get(endpoint)
        .connect()
        .onComplete(
            result ->
                context.runOnContext(
                    _ -> {
                      if (result.succeeded()) {
                        connected(result.result());
                      } else {
                        listener.down(result.cause());
                        again();
                      }
                    }));
  }

  private void connected(RedisConnection connection) {
    if (closed) {
      connection.close();
      return;
    }
    current = Optional.of(connection);
    wait = FIRST_WAIT_MILLIS;
    pingUnanswered = false;
    connection.handler(message -> context.runOnContext(_ -> received(message)));
    connection.exceptionHandler(why -> context.runOnContext(_ -> lost(connection, why)));
    connection.endHandler(
        _ ->
            context.runOnContext(
                _ -> lost(connection, new IllegalStateException("Redis closed the connection"))));
    listener.up();
  }

  /**
   * Any message shows that Redis is there. In RESP3 the client forgets a request when a message
   * arrives before its reply (Vert.x 4.5.26), and the reply is then delivered here, too.
   */
  private void received(Response message) {
    pingUnanswered = false;
    listener.received(message);
  }

  private void lost(RedisConnection connection, Throwable why) {
    if (current.filter(c -> c == connection).isEmpty()) {
      return;
    }
    current = Optional.empty();
    connection.close();
    if (!closed) {
      listener.down(why);
      again();
    }
  }

  private void again() {
    if (closed) {
      return;
    }
    endpoint = (endpoint + 1) % endpoints.size();
    long jittered = wait / 2 + ThreadLocalRandom.current().nextLong(wait / 2 + 1);
    wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
    context.owner().setTimer(jittered, _ -> context.runOnContext(_ -> reopen()));
  }

  private void reopen() {
    if (!closed) {
      open();
    }
  }

  /** Sends a command; fails at once when the connection is down. */
  public Future<@Nullable Response> send(Request request) {
    return current.isPresent()
        ? current.get().send(request)
        : Future.<@Nullable Response>failedFuture("Redis is away");
  }

  /** Drops the connection after a failure that only a broken connection causes. */
  public void doubt(Throwable why) {
    current.ifPresent(connection -> lost(connection, why));
  }

  /** Sends a PING; drops the connection if the previous one is still unanswered. */
  public void check() {
    current.ifPresent(this::check);
  }

  private void check(RedisConnection connection) {
    if (pingUnanswered) {
      lost(connection, new IllegalStateException("Redis does not answer"));
      return;
    }
    pingUnanswered = true;
    connection
        .send(Request.cmd(Command.PING))
        .onComplete(
            result ->
                context.runOnContext(
                    _ -> {
                      if (result.failed()) {
                        lost(connection, result.cause());
                      } else {
                        pingUnanswered = false;
                        Optional.ofNullable(result.result()).ifPresent(this::answered);
                      }
                    }));
  }

  private void answered(Response answer) {
    // In RESP2 a message that arrives meanwhile is taken for the reply.
    if (answer.type() == ResponseType.MULTI || answer.type() == ResponseType.PUSH) {
      listener.received(answer);
    }
  }

  public void close() {
    closed = true;
    current.ifPresent(RedisConnection::close);
    current = Optional.empty();
  }
}
