package io.postern.push;

import io.postern.bus.ReconnectingRedis;
import io.postern.model.Ids.AccountId;
import io.vertx.core.Context;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The accounts that this node is subscribed to, all on one connection, with the number of their
 * watchers. When a subscription is confirmed, at first or after a loss, the account's watchers
 * resync: earlier hints did not arrive. Used on one context only.
 */
final class RedisSubscriptions implements ReconnectingRedis.Listener {
  /** The most channels that one SUBSCRIBE names. */
  private static final int BATCH = 1_000;

  /** How many accounts resync at a time; the next do after {@link #BETWEEN_SLICES_MILLIS}. */
  private static final int SLICE = 200;

  private static final long BETWEEN_SLICES_MILLIS = 20;

  private static final class Subscription {
    int watchers;
    long unusedSince;
  }

  private final Context context;
  private final LocalHints local;
  private final NodePresence presence;
  private final HintMeter meter;
  private final Duration linger;
  private final Consumer<Optional<Throwable>> health;
  private final ReconnectingRedis connection;
  private final Map<AccountId, Subscription> subscriptions = new HashMap<>();
  private final Set<AccountId> toSubscribe = new LinkedHashSet<>();
  private final Queue<AccountId> toResync = new ArrayDeque<>();
  private boolean subscribing;
  private boolean resyncing;

  RedisSubscriptions(
      Context context,
      List<Redis> clients,
      LocalHints local,
      NodePresence presence,
      HintMeter meter,
      Duration linger,
      Consumer<Optional<Throwable>> health) {
    this.context = context;
    this.local = local;
    this.presence = presence;
    this.meter = meter;
    this.linger = linger;
    this.health = health;
    this.connection = new ReconnectingRedis(context, clients, this);
  }

  ReconnectingRedis connection() {
    return connection;
  }

  void join(AccountId account) {
    var known = Optional.ofNullable(subscriptions.get(account));
    known.ifPresent(subscription -> subscription.watchers++);
    if (known.isEmpty()) {
      var subscription = new Subscription();
      subscription.watchers = 1;
      subscriptions.put(account, subscription);
      meter.subscribed(1);
      scheduleSubscribe(account);
    }
  }

  void leave(AccountId account) {
    Optional.ofNullable(subscriptions.get(account))
        .filter(subscription -> --subscription.watchers == 0)
        .ifPresent(subscription -> subscription.unusedSince = System.nanoTime());
  }

  /** Accounts that are added in one iteration of the event loop are subscribed in one command. */
  private void scheduleSubscribe(AccountId account) {
    toSubscribe.add(account);
    if (!subscribing && connection.isUp()) {
      subscribing = true;
      context.runOnContext(
          _ -> {
            subscribing = false;
            subscribe(toSubscribe.stream().map(HintText::channel).toList());
            toSubscribe.clear();
          });
    }
  }

  private void subscribe(List<String> channels) {
    batched(Command.SUBSCRIBE, channels);
  }

  private void batched(Command command, List<String> channels) {
    for (int at = 0; at < channels.size(); at += BATCH) {
      var request = Request.cmd(command);
      channels.subList(at, Math.min(channels.size(), at + BATCH)).forEach(request::arg);
      // A failure means that the connection is lost: all is subscribed again when it is back.
      connection.send(request).onFailure(why -> context.runOnContext(_ -> connection.doubt(why)));
    }
  }

  /** Unsubscribes from accounts that had no watcher for long enough, and checks the connection. */
  void tick() {
    connection.check();
    long now = System.nanoTime();
    unsubscribe(s -> s.watchers == 0 && now - s.unusedSince >= linger.toNanos());
  }

  private void unsubscribe(Predicate<Subscription> unused) {
    var accounts = new ArrayList<AccountId>();
    subscriptions.forEach(
        (account, subscription) -> {
          if (unused.test(subscription)) {
            accounts.add(account);
          }
        });
    accounts.forEach(subscriptions::remove);
    accounts.forEach(toSubscribe::remove);
    meter.subscribed(-accounts.size());
    if (connection.isUp()) {
      batched(Command.UNSUBSCRIBE, accounts.stream().map(HintText::channel).toList());
    }
  }

  @Override
  public void up() {
    presence.resetTimes();
    health.accept(Optional.empty());
    toSubscribe.clear();
    var channels = new ArrayList<String>();
    channels.add(HintText.ALL);
    channels.add(NodePresence.CHANNEL);
    subscriptions.keySet().forEach(account -> channels.add(HintText.channel(account)));
    subscribe(channels);
  }

  @Override
  public void down(Throwable why) {
    health.accept(Optional.of(why));
    unsubscribe(subscription -> subscription.watchers == 0);
  }

  /** Handles a message or a confirmation: its kind, its channel, its payload. */
  @Override
  public void received(Response message) {
    boolean several = message.type() == ResponseType.PUSH || message.type() == ResponseType.MULTI;
    if (!several || message.size() < 3) {
      return;
    }
    var channel = message.get(1).toString();
    switch (message.get(0).toString()) {
      case "subscribe" -> HintText.account(channel).ifPresent(it -> resyncLater(List.of(it)));
      case "message" -> receive(channel, message.get(2).toString());
      default -> {
        // Other confirmations need no action.
      }
    }
  }

  private void receive(String channel, String payload) {
    if (channel.equals(NodePresence.CHANNEL)) {
      if (!presence.receive(payload)) {
        meter.dropped(HintMeter.Dropped.MALFORMED);
      }
      return;
    }
    if (channel.equals(HintText.ALL) && payload.equals(HintText.RESYNC)) {
      meter.received();
      resyncLater(subscriptions.keySet());
      return;
    }
    var hint = HintText.account(channel).flatMap(account -> HintText.hint(account, payload));
    hint.ifPresentOrElse(
        it -> {
          meter.received();
          local.publish(it);
        },
        () -> meter.dropped(HintMeter.Dropped.MALFORMED));
  }

  /** In slices, so that not every mailbox is read at the same moment. */
  private void resyncLater(Collection<AccountId> accounts) {
    toResync.addAll(accounts);
    if (!resyncing) {
      resync();
    }
  }

  private void resync() {
    for (int i = 0; i < SLICE && !toResync.isEmpty(); i++) {
      local.resync(toResync.remove());
    }
    resyncing = !toResync.isEmpty();
    if (resyncing) {
      context.owner().setTimer(BETWEEN_SLICES_MILLIS, _ -> context.runOnContext(_ -> resync()));
    }
  }
}
