package io.postern.push;

import io.postern.bus.ReconnectingRedis;
import io.postern.model.Ids.MailboxKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Outgoing hints to Redis: of each mailbox the last one. They wait while Redis does not answer or
 * is slow; when too many wait, all nodes are asked to resync instead.
 */
final class RedisOutgoing implements ReconnectingRedis.Listener {
  /** The most mailboxes whose hints may wait. */
  static final int MAX_WAITING = 10_000;

  /** The most hints that may be sent and not acknowledged. */
  private static final int MAX_UNACKNOWLEDGED = 256;

  private final Context context;
  private final NodePresence presence;
  private final HintMeter meter;
  private final Consumer<Optional<Throwable>> health;
  private final ReconnectingRedis connection;
  private final ConcurrentMap<MailboxKey, Hint> waiting = new ConcurrentHashMap<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicBoolean overflowed = new AtomicBoolean();
  private int unacknowledged;

  RedisOutgoing(
      Context context,
      List<Redis> clients,
      NodePresence presence,
      HintMeter meter,
      Consumer<Optional<Throwable>> health) {
    this.context = context;
    this.presence = presence;
    this.meter = meter;
    this.health = health;
    this.connection = new ReconnectingRedis(context, clients, this);
  }

  ReconnectingRedis connection() {
    return connection;
  }

  /** Called from any thread; never waits. */
  void add(Hint hint) {
    queue(hint);
    if (scheduled.compareAndSet(false, true)) {
      context.runOnContext(
          _ -> {
            scheduled.set(false);
            send();
          });
    }
  }

  private void queue(Hint hint) {
    waiting.merge(hint.mailbox(), hint, Hint::merge);
    if (waiting.size() > MAX_WAITING) {
      overflowed.set(true);
      waiting.clear();
      meter.dropped(HintMeter.Dropped.OVERFLOW);
    }
  }

  private void send() {
    if (connection.isUp() && overflowed.compareAndSet(true, false)) {
      post(HintText.ALL, HintText.RESYNC, () -> overflowed.set(true));
    }
    for (var mailbox : waiting.keySet()) {
      if (!connection.isUp() || unacknowledged >= MAX_UNACKNOWLEDGED) {
        return;
      }
      Optional.ofNullable(waiting.remove(mailbox)).ifPresent(this::post);
    }
  }

  private void post(Hint hint) {
    post(HintText.channel(hint.mailbox().account()), HintText.payload(hint), () -> queue(hint));
  }

  private void post(String channel, String payload, Runnable requeue) {
    unacknowledged++;
    connection
        .send(Request.cmd(Command.PUBLISH).arg(channel).arg(payload))
        .onComplete(
            result ->
                context.runOnContext(
                    _ -> {
                      unacknowledged--;
                      if (result.succeeded()) {
                        meter.published();
                        send();
                      } else {
                        meter.dropped(HintMeter.Dropped.UNSENT);
                        requeue.run();
                      }
                    }));
  }

  /** Sends at the latest now what a failed send has left. */
  void tick() {
    connection.check();
    announce(presence.aliveMessage());
    send();
  }

  /** Publishes a presence message; the connection itself detects a failure. */
  Future<?> announce(String message) {
    return connection.send(Request.cmd(Command.PUBLISH).arg(NodePresence.CHANNEL).arg(message));
  }

  @Override
  public void up() {
    health.accept(Optional.empty());
    announce(presence.aliveMessage());
    send();
  }

  @Override
  public void down(Throwable why) {
    health.accept(Optional.of(why));
  }

  @Override
  public void received(Response message) {
    // Every reply on this connection belongs to a request.
  }
}
