package io.postern.push;

import io.postern.model.Ids.AccountId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hints among the sessions of all nodes, through Redis: one connection for all subscriptions, one
 * to publish. Sessions of this node get them at once; the echo of this node's hints is redundant.
 *
 * <p>While Redis does not answer, no change is lost: of each mailbox the last hint waits, and when
 * Redis is back the hints are sent and all watchers resync. While only one node is cut off, the
 * others miss it and are degraded too. The Redis state is used on one context only.
 */
public final class RedisHints implements Hints, AutoCloseable {
  /** How long an account without watchers stays subscribed. */
  static final Duration LINGER = Duration.ofSeconds(30);

  private static final System.Logger LOG = System.getLogger(RedisHints.class.getName());
  private static final Duration TICK = Duration.ofSeconds(5);

  /** How many ticks in a row another node may be silent. */
  private static final int MAX_SILENT_TICKS = 3;

  private final LocalHints local = new LocalHints();
  private final Vertx vertx;
  private final Context context;
  private final List<Redis> clients;
  private final NodePresence presence;
  private final RedisSubscriptions subscriptions;
  private final RedisOutgoing outgoing;
  private final long timer;

  /** Whether it was logged that Redis does not answer. */
  private boolean outageLogged;

  /** Whether it was logged that another node is missing. */
  private boolean missingNodeLogged;

  private volatile boolean closed;

  private volatile boolean degraded = true;

  /**
   * Connects in the background and retries for as long as it takes.
   *
   * @param endpoints equal endpoints of Redis, one client each; the pool sizes are set here. A
   *     message published at one endpoint must reach the subscribers of all
   */
  public RedisHints(Vertx vertx, List<RedisOptions> endpoints, HintMeter meter) {
    this(vertx, endpoints, meter, LINGER, TICK);
  }

  RedisHints(
      Vertx vertx, List<RedisOptions> endpoints, HintMeter meter, Duration linger, Duration tick) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.clients =
        endpoints.stream().map(options -> Redis.createClient(vertx, bounded(options))).toList();
    this.presence = new NodePresence(tick.multipliedBy(MAX_SILENT_TICKS));
    this.subscriptions =
        new RedisSubscriptions(
            context, this.clients, local, presence, meter, linger, this::connectionChanged);
    this.outgoing =
        new RedisOutgoing(context, this.clients, presence, meter, this::connectionChanged);
    this.timer = vertx.setPeriodic(tick.toMillis(), _ -> context.runOnContext(_ -> tick()));
    context.runOnContext(
        _ -> {
          subscriptions.connection().open();
          outgoing.connection().open();
        });
  }

  private static RedisOptions bounded(RedisOptions given) {
    return new RedisOptions(given).setMaxPoolSize(2).setMaxPoolWaiting(4);
  }

  private void tick() {
    // A stopped node that announced itself again would count as missing.
    if (closed) {
      return;
    }
    subscriptions.tick();
    outgoing.tick();
    updateDegraded();
  }

  /** Called at each change of a connection, with the cause if it was lost. */
  private void connectionChanged(Optional<Throwable> lost) {
    boolean up = updateDegraded();
    if (up && outageLogged) {
      outageLogged = false;
      LOG.log(System.Logger.Level.INFO, "Redis answers again: all idling sessions resync");
    }
    if (lost.isPresent() && !outageLogged && !closed) {
      outageLogged = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "Redis does not answer ({0}): until it does, changes of other nodes reach clients late",
          lost.get().getMessage());
    }
  }

  /** Degraded while this node, or another one, is cut off; returns whether Redis is up. */
  private boolean updateDegraded() {
    boolean up = subscriptions.connection().isUp() && outgoing.connection().isUp();
    boolean missing = up && presence.isNodeMissing();
    degraded = !up || missing;
    if (missing && !missingNodeLogged) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Another node no longer announces itself on Redis: until it does, its changes reach"
              + " clients late");
    }
    missingNodeLogged = missing;
    return up;
  }

  @Override
  public void publish(Hint hint) {
    local.publish(hint);
    outgoing.add(hint);
  }

  @Override
  public Subscription watch(AccountId account, Watcher watcher) {
    var watch = local.watch(account, watcher);
    context.runOnContext(_ -> subscriptions.join(account));
    var open = new AtomicBoolean(true);
    return () -> {
      watch.close();
      if (open.compareAndSet(true, false)) {
        context.runOnContext(_ -> subscriptions.leave(account));
      }
    };
  }

  @Override
  public boolean degraded() {
    return degraded;
  }

  @Override
  public void close() {
    closed = true;
    vertx.cancelTimer(timer);
    context.runOnContext(
        _ -> outgoing.announce(presence.stoppedMessage()).onComplete(_ -> closeConnections()));
  }

  private void closeConnections() {
    context.runOnContext(
        _ -> {
          subscriptions.connection().close();
          outgoing.connection().close();
          clients.forEach(Redis::close);
        });
  }
}
