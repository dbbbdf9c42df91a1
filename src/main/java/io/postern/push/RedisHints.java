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
 * <p>While Redis is away, no change is lost: of each mailbox the last hint waits, and when Redis is
 * back the hints are sent and all watchers resync. While only one node is cut off, the others miss
 * it and are degraded too. The Redis state is used on one context only.
 */
public final class RedisHints implements Hints, AutoCloseable {
  /** How long an account without watchers stays subscribed. */
  static final Duration LINGER = Duration.ofSeconds(30);

  private static final System.Logger LOG = System.getLogger(RedisHints.class.getName());
  private static final Duration TICK = Duration.ofSeconds(5);

  /** How many ticks in a row another node may be silent. */
  private static final int PATIENCE = 3;

  private final LocalHints local = new LocalHints();
  private final Vertx vertx;
  private final Context context;
  private final List<Redis> places;
  private final NodePresence roll;
  private final RedisSubscriptions subscriptions;
  private final RedisOutgoing outgoing;
  private final long ticks;

  /** Whether it was logged that Redis is away, and that a node is. */
  private boolean complained;

  private boolean missed;

  private volatile boolean closed;

  private volatile boolean degraded = true;

  /**
   * Connects in the background and retries for as long as it takes.
   *
   * @param places equal endpoints of Redis, one client each; the pool sizes are set here. A message
   *     published at one endpoint must reach the subscribers of all
   */
  public RedisHints(Vertx vertx, List<RedisOptions> places, HintMeter meter) {
    this(vertx, places, meter, LINGER, TICK);
  }

  RedisHints(
      Vertx vertx, List<RedisOptions> places, HintMeter meter, Duration linger, Duration tick) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.places =
        places.stream().map(options -> Redis.createClient(vertx, bounded(options))).toList();
    this.roll = new NodePresence(tick.multipliedBy(PATIENCE));
    this.subscriptions =
        new RedisSubscriptions(context, this.places, local, roll, meter, linger, this::health);
    this.outgoing = new RedisOutgoing(context, this.places, roll, meter, this::health);
    this.ticks = vertx.setPeriodic(tick.toMillis(), _ -> context.runOnContext(_ -> tick()));
    context.runOnContext(
        _ -> {
          subscriptions.line().open();
          outgoing.line().open();
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
    judge();
  }

  /** Called at each change of a connection, with the cause if it was lost. */
  private void health(Optional<Throwable> lost) {
    boolean up = judge();
    if (up && complained) {
      complained = false;
      LOG.log(System.Logger.Level.INFO, "Redis is back; all idling sessions look again");
    }
    if (lost.isPresent() && !complained && !closed) {
      complained = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "Redis is away ({0}): until it is back, changes on other nodes are told late",
          lost.get().getMessage());
    }
  }

  /** Degraded while this node, or another one, is cut off; returns whether Redis is up. */
  private boolean judge() {
    boolean up = subscriptions.line().isUp() && outgoing.line().isUp();
    boolean missing = up && roll.someoneMissing();
    degraded = !up || missing;
    if (missing && !missed) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Another node fell silent on Redis: until it is back, its changes are told late");
    }
    missed = missing;
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
    vertx.cancelTimer(ticks);
    context.runOnContext(_ -> outgoing.call(roll.gone()).onComplete(_ -> hangUp()));
  }

  private void hangUp() {
    context.runOnContext(
        _ -> {
          subscriptions.line().close();
          outgoing.line().close();
          places.forEach(Redis::close);
        });
  }
}
