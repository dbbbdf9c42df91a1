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
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private static final Duration TICK = Duration.ofSeconds(5);
  private static final int MOST_KEPT = 10_000;

  private final Vertx vertx;
  private final Context context;
  private final List<Redis> redis;
  private final Optional<ReconnectingRedis> commands;
  private final Optional<ReconnectingRedis> subscription;
  private final String node;
  private final long ticks;
  private final List<Runnable> whenUp = new ArrayList<>();
  private final List<Runnable> eachTick = new ArrayList<>();
  private final List<Consumer<String>> receivers = new ArrayList<>();

  /** Messages that wait until Redis is reachable again. */
  private final ArrayDeque<String> kept = new ArrayDeque<>();

  private volatile boolean up;

  /** Whether a refused command was logged since the connection came up. */
  private volatile boolean complained;

  /**
   * Connects in the background and retries for as long as it takes.
   *
   * @param endpoints equal endpoints of Redis; none for a single replica
   */
  public ClusterBus(Vertx vertx, List<RedisOptions> endpoints) {
    this(vertx, endpoints, TICK);
  }

  ClusterBus(Vertx vertx, List<RedisOptions> endpoints, Duration tick) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.node = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    this.redis =
        endpoints.stream()
            .map(it -> new RedisOptions(it).setMaxPoolSize(2).setMaxPoolWaiting(4))
            .map(it -> Redis.createClient(vertx, it))
            .toList();
    this.commands = connection(new CommandListener());
    this.subscription = connection(new SubscriptionListener());
    this.ticks = vertx.setPeriodic(tick.toMillis(), _ -> context.runOnContext(_ -> tick()));
    context.runOnContext(
        _ -> {
          commands.ifPresent(ReconnectingRedis::open);
          subscription.ifPresent(ReconnectingRedis::open);
        });
  }

  private Optional<ReconnectingRedis> connection(ReconnectingRedis.Listener listener) {
    return redis.isEmpty()
        ? Optional.empty()
        : Optional.of(new ReconnectingRedis(context, redis, listener));
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
  void run(Runnable step) {
    context.runOnContext(_ -> step.run());
  }

  /** Registers a step to run, on the bus's context, whenever the others are reachable again. */
  void whenUp(Runnable step) {
    run(() -> whenUp.add(step));
  }

  /** Registers a step to run, on the bus's context, every few seconds. */
  void eachTick(Runnable step) {
    run(() -> eachTick.add(step));
  }

  /** Registers a receiver, called on the bus's context with all messages, also of this replica. */
  void subscribe(Consumer<String> receiver) {
    run(() -> receivers.add(receiver));
  }

  /** Sends a message to all replicas, this one included; kept for later while Redis is away. */
  void publish(String message) {
    run(
        () -> {
          receivers.forEach(receiver -> receiver.accept(message));
          if (!redis.isEmpty()) {
            kept.add(message);
            while (kept.size() > MOST_KEPT) {
              kept.remove();
            }
            publishKept();
          }
        });
  }

  private void publishKept() {
    while (isUp() && !kept.isEmpty()) {
      send(Request.cmd(Command.PUBLISH).arg(CHANNEL).arg(node + " " + kept.remove()));
    }
  }

  /** Sends a command and ignores its answer. Called on the bus's context. */
  void send(Request request) {
    commands.ifPresent(
        connection ->
            connection.send(request).onFailure(why -> run(() -> failed(connection, why))));
  }

  /** An error reply shows that Redis is there: a new connection would get the same one. */
  private void failed(ReconnectingRedis connection, Throwable why) {
    if (answered(why)) {
      complain(why);
    } else {
      connection.doubt(why);
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
  Uni<Optional<Response>> evaluate(String script, List<String> keys, List<String> arguments) {
    if (!up || commands.isEmpty()) {
      return Uni.createFrom().item(Optional.empty());
    }
    var request = Request.cmd(Command.EVAL).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    arguments.forEach(request::arg);
    return Uni.createFrom()
        .completionStage(() -> commands.get().send(request).toCompletionStage())
        .map(ClusterBus::given)
        .ifNoItem()
        .after(TIMEOUT)
        .recoverWithItem(Optional.empty())
        .onFailure()
        .invoke(this::unanswered)
        .onFailure()
        .recoverWithItem(Optional.empty())
        .emitOn(this::run);
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
    commands.ifPresent(ReconnectingRedis::check);
    subscription.ifPresent(ReconnectingRedis::check);
    eachTick.forEach(Runnable::run);
  }

  private void changed() {
    boolean now =
        commands.filter(ReconnectingRedis::isUp).isPresent()
            && subscription.filter(ReconnectingRedis::isUp).isPresent();
    if (now == up) {
      return;
    }
    up = now;
    complained = false;
    LOG.log(
        now ? Level.INFO : Level.WARNING,
        now
            ? "Replicas count sessions and failed logins together"
            : "Redis is unreachable: each replica counts sessions and failed logins for itself");
    if (now) {
      whenUp.forEach(Runnable::run);
      publishKept();
    }
  }

  private void received(Response message) {
    boolean several = message.type() == ResponseType.PUSH || message.type() == ResponseType.MULTI;
    if (several && message.size() >= 3 && message.get(0).toString().equals("message")) {
      var parts = message.get(2).toString().split(" ", 2);
      // This replica's own messages were delivered when they were sent.
      if (parts.length == 2 && !parts[0].equals(node)) {
        receivers.forEach(receiver -> receiver.accept(parts[1]));
      }
    }
  }

  @Override
  public void close() {
    vertx.cancelTimer(ticks);
    run(
        () -> {
          commands.ifPresent(ReconnectingRedis::close);
          subscription.ifPresent(ReconnectingRedis::close);
          redis.forEach(Redis::close);
        });
  }

  private final class CommandListener implements ReconnectingRedis.Listener {
    @Override
    public void up() {
      changed();
    }

    @Override
    public void down(Throwable why) {
      changed();
    }

    @Override
    public void received(Response message) {
      // This connection has no subscriptions.
    }
  }

  private final class SubscriptionListener implements ReconnectingRedis.Listener {
    @Override
    public void up() {
      subscription.ifPresent(
          connection ->
              connection
                  .send(Request.cmd(Command.SUBSCRIBE).arg(CHANNEL))
                  .onFailure(why -> run(() -> connection.doubt(why))));
      changed();
    }

    @Override
    public void down(Throwable why) {
      changed();
    }

    @Override
    public void received(Response message) {
      ClusterBus.this.received(message);
    }
  }
}
