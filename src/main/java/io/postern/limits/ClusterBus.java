package io.postern.limits;

import io.postern.bus.ReconnectingRedis;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection of this replica to the others: scripts that Redis runs, and messages that all
 * replicas receive. One connection for each, reopened whenever it is lost; all on one context.
 * Without Redis, messages reach this replica only.
 */
public final class ClusterBus implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ClusterBus.class.getName());
  private static final String CHANNEL = "{postern}:cluster";

  /** The longest time that a login waits for an answer of Redis. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final Duration TICK = Duration.ofSeconds(5);
  private static final int MOST_KEPT = 10_000;

  private final Vertx vertx;
  private final Context context;
  private final List<Redis> redis;
  private final Optional<ReconnectingRedis> asking;
  private final Optional<ReconnectingRedis> hearing;
  private final String node;
  private final long ticks;
  private final List<Runnable> whenUp = new ArrayList<>();
  private final List<Runnable> eachTick = new ArrayList<>();
  private final List<Consumer<String>> hearers = new ArrayList<>();

  /** Messages that wait until Redis is reachable again. */
  private final ArrayDeque<String> kept = new ArrayDeque<>();

  private volatile boolean up;

  /** Whether a refused command was logged since the connection came up. */
  private volatile boolean complained;

  /**
   * Connects in the background and retries for as long as it takes.
   *
   * @param places equal endpoints of Redis; none for a single replica
   */
  public ClusterBus(Vertx vertx, List<RedisOptions> places) {
    this(vertx, places, TICK);
  }

  ClusterBus(Vertx vertx, List<RedisOptions> places, Duration tick) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.node = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    this.redis =
        places.stream()
            .map(it -> new RedisOptions(it).setMaxPoolSize(2).setMaxPoolWaiting(4))
            .map(it -> Redis.createClient(vertx, it))
            .toList();
    this.asking = line(new Asking());
    this.hearing = line(new Hearing());
    this.ticks = vertx.setPeriodic(tick.toMillis(), _ -> context.runOnContext(_ -> tick()));
    context.runOnContext(
        _ -> {
          asking.ifPresent(ReconnectingRedis::open);
          hearing.ifPresent(ReconnectingRedis::open);
        });
  }

  private Optional<ReconnectingRedis> line(ReconnectingRedis.End end) {
    return redis.isEmpty()
        ? Optional.empty()
        : Optional.of(new ReconnectingRedis(context, redis, end));
  }

  /** The identifier of this replica. */
  String node() {
    return node;
  }

  /** Whether the other replicas can be reached. */
  boolean isUp() {
    return up;
  }

  Vertx vertx() {
    return vertx;
  }

  /** Runs the step on the bus's context; steps run in the order in which they were given. */
  void here(Runnable step) {
    context.runOnContext(_ -> step.run());
  }

  /** Registers a step to run, on the bus's context, whenever the others are reachable again. */
  void whenUp(Runnable step) {
    here(() -> whenUp.add(step));
  }

  /** Registers a step to run, on the bus's context, every few seconds. */
  void eachTick(Runnable step) {
    here(() -> eachTick.add(step));
  }

  /** Registers a receiver, called on the bus's context with all messages, also of this replica. */
  void hear(Consumer<String> hearer) {
    here(() -> hearers.add(hearer));
  }

  /** Sends a message to all replicas, this one included; kept for later while Redis is away. */
  void say(String message) {
    here(
        () -> {
          hearers.forEach(hearer -> hearer.accept(message));
          if (!redis.isEmpty()) {
            kept.add(message);
            while (kept.size() > MOST_KEPT) {
              kept.remove();
            }
            sayKept();
          }
        });
  }

  private void sayKept() {
    while (isUp() && !kept.isEmpty()) {
      send(Request.cmd(Command.PUBLISH).arg(CHANNEL).arg(node + " " + kept.remove()));
    }
  }

  /** Sends a command and ignores its answer. Called on the bus's context. */
  void send(Request request) {
    asking.ifPresent(line -> line.send(request).onFailure(why -> here(() -> failed(line, why))));
  }

  /** An error reply shows that Redis is there: a new connection would get the same one. */
  private void failed(ReconnectingRedis line, Throwable why) {
    if (answered(why)) {
      complain(why);
    } else {
      line.doubt(why);
    }
  }

  /** Whether Redis replied with an error; the client reports a lost connection in the same form. */
  private static boolean answered(Throwable why) {
    return why instanceof Response && !why.toString().startsWith("CONNECTION_CLOSED");
  }

  private void complain(Throwable why) {
    LOG.log(complained ? Level.DEBUG : Level.WARNING, () -> "Redis refuses a command: " + why);
    complained = true;
  }

  /**
   * The result of a script; empty when Redis cannot be reached, or does not answer in time. Called
   * on the bus's context, and answers there.
   */
  Uni<Optional<Response>> ask(String script, List<String> keys, List<String> arguments) {
    if (!up || asking.isEmpty()) {
      return Uni.createFrom().item(Optional.empty());
    }
    var request = Request.cmd(Command.EVAL).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    arguments.forEach(request::arg);
    return Uni.createFrom()
        .completionStage(() -> asking.get().send(request).toCompletionStage())
        .map(ClusterBus::given)
        .ifNoItem()
        .after(PATIENCE)
        .recoverWithItem(Optional.empty())
        .onFailure()
        .invoke(this::unanswered)
        .onFailure()
        .recoverWithItem(Optional.empty())
        .emitOn(this::here);
  }

  private void unanswered(Throwable why) {
    if (answered(why)) {
      complain(why);
    } else {
      LOG.log(Level.DEBUG, () -> "Redis does not answer: " + why);
    }
  }

  private static Optional<Response> given(@Nullable Response response) {
    return Optional.ofNullable(response);
  }

  private void tick() {
    asking.ifPresent(ReconnectingRedis::check);
    hearing.ifPresent(ReconnectingRedis::check);
    eachTick.forEach(Runnable::run);
  }

  private void changed() {
    boolean now =
        asking.filter(ReconnectingRedis::isUp).isPresent()
            && hearing.filter(ReconnectingRedis::isUp).isPresent();
    if (now == up) {
      return;
    }
    up = now;
    complained = false;
    LOG.log(
        now ? Level.INFO : Level.WARNING,
        now
            ? "Replicas count sessions and failed logins together"
            : "Redis is away: each replica counts sessions and failed logins for itself");
    if (now) {
      whenUp.forEach(Runnable::run);
      sayKept();
    }
  }

  private void said(Response message) {
    boolean several = message.type() == ResponseType.PUSH || message.type() == ResponseType.MULTI;
    if (several && message.size() >= 3 && message.get(0).toString().equals("message")) {
      var parts = message.get(2).toString().split(" ", 2);
      // This replica's own messages were delivered when they were sent.
      if (parts.length == 2 && !parts[0].equals(node)) {
        hearers.forEach(hearer -> hearer.accept(parts[1]));
      }
    }
  }

  @Override
  public void close() {
    vertx.cancelTimer(ticks);
    here(
        () -> {
          asking.ifPresent(ReconnectingRedis::close);
          hearing.ifPresent(ReconnectingRedis::close);
          redis.forEach(Redis::close);
        });
  }

  private final class Asking implements ReconnectingRedis.End {
    @Override
    public void up() {
      changed();
    }

    @Override
    public void down(Throwable why) {
      changed();
    }

    @Override
    public void said(Response message) {
      // This connection has no subscriptions.
    }
  }

  private final class Hearing implements ReconnectingRedis.End {
    @Override
    public void up() {
      hearing.ifPresent(
          line ->
              line.send(Request.cmd(Command.SUBSCRIBE).arg(CHANNEL))
                  .onFailure(why -> here(() -> line.doubt(why))));
      changed();
    }

    @Override
    public void down(Throwable why) {
      changed();
    }

    @Override
    public void said(Response message) {
      ClusterBus.this.said(message);
    }
  }
}
