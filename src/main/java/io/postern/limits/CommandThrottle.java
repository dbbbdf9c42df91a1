package io.postern.limits;

import io.postern.config.area.LimitSettings.Throttle;
import io.postern.model.MailProtocol;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Throttles commands by a budget of work per user, in milliseconds, refilled at a steady rate. A
 * user who overdraws it waits before each command, longer the more is overdrawn, and is never
 * refused. Held in memory, and synchronized with the other replicas every few seconds. Safe for all
 * threads.
 */
final class CommandThrottle {
  private static final double HOUR_NANOS = Duration.ofHours(1).toNanos();

  /** Less spent work than this is not published to the other replicas, milliseconds. */
  private static final double PUBLISHED_FROM = 1_000;

  // KEYS: the budget; ARGV: spent since last published, max-burst, recharge-rate, cutoff-balance
  private static final String SPEND =
      """
      local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)
      local most, rate = tonumber(ARGV[2]), tonumber(ARGV[3])
      local is = redis.call('TYPE', KEYS[1]).ok
      if is ~= 'hash' and is ~= 'none' then redis.call('DEL', KEYS[1]) end
      local kept = redis.call('HMGET', KEYS[1], 'balance', 'at')
      -- A value that is no finite number was not written by this script.
      local balance, at = tonumber(kept[1] or ''), tonumber(kept[2] or '')
      if not (balance and math.abs(balance) < 1e15) then balance = most end
      if not (at and at > 0 and at <= now) then at = now end
      balance = math.min(most, balance + (now - at) * rate / 3600000) - tonumber(ARGV[1])
      balance = math.max(balance, -tonumber(ARGV[4]))
      redis.call('HSET', KEYS[1], 'balance', balance, 'at', now)
      redis.call('PEXPIRE', KEYS[1], math.ceil((most - balance) / rate * 3600000) + 1000)
      return tostring(balance)
      """;

  /**
   * A budget at one moment.
   *
   * @param unpublished spent work that is not yet published to the other replicas
   */
  private record Budget(double balance, long at, double unpublished) {}

  private record Key(MailProtocol protocol, String user) {
    // Written out: a native executable interprets a record's generated methods, slowly.
    @Override
    public boolean equals(Object other) {
      return other instanceof Key it && protocol == it.protocol && user.equals(it.user);
    }

    @Override
    public int hashCode() {
      return 31 * protocol.hashCode() + user.hashCode();
    }
  }

  private final ClusterBus bus;
  private final Function<MailProtocol, Throttle> settings;
  private final LongSupplier nanos;
  private final ConcurrentHashMap<Key, Budget> budgets = new ConcurrentHashMap<>();

  /**
   * @param settings the throttle of a protocol
   */
  CommandThrottle(ClusterBus bus, Function<MailProtocol, Throttle> settings) {
    this(bus, settings, System::nanoTime);
    bus.eachTick(this::settle);
  }

  CommandThrottle(ClusterBus bus, Function<MailProtocol, Throttle> settings, LongSupplier nanos) {
    this.bus = bus;
    this.settings = settings;
    this.nanos = nanos;
  }

  /** Charges the work to the user; returns the delay before their next command. */
  Duration spend(MailProtocol protocol, String user, Duration work) {
    var throttle = settings.apply(protocol);
    if (throttle.longestWait() == 0) {
      return Duration.ZERO;
    }
    double millis = work.toNanos() / 1e6;
    var after =
        budgets.compute(
            new Key(protocol, user),
            (_, before) -> {
              var budget = refilled(before, throttle);
              double left = Math.max(budget.balance - millis, -(double) throttle.cutoffBalance());
              return new Budget(left, budget.at, budget.unpublished + millis);
            });
    return after.balance >= 0 ? Duration.ZERO : delay(after.balance, throttle);
  }

  private static Duration delay(double balance, Throttle throttle) {
    double part = Math.min(1, -balance / throttle.cutoffBalance());
    return Duration.ofMillis(Math.round(part * throttle.longestWait()));
  }

  private Budget refilled(@Nullable Budget before, Throttle throttle) {
    long now = nanos.getAsLong();
    if (before == null) {
      return new Budget(throttle.maxBurst(), now, 0);
    }
    double more = (now - before.at) / HOUR_NANOS * throttle.rechargeRate();
    return new Budget(
        Math.min((double) throttle.maxBurst(), before.balance + more), now, before.unpublished);
  }

  /** How many users' budgets are not full. */
  int size() {
    return budgets.size();
  }

  /** Removes budgets that are full again, and publishes what was spent. */
  void settle() {
    for (var key : budgets.keySet()) {
      var throttle = settings.apply(key.protocol);
      var now = budgets.computeIfPresent(key, (_, before) -> refilled(before, throttle));
      if (now == null) {
        continue;
      }
      if (now.balance >= throttle.maxBurst() && now.unpublished < PUBLISHED_FROM) {
        budgets.remove(key, now);
      } else if (now.unpublished >= PUBLISHED_FROM) {
        charge(key, now.unpublished, throttle);
      }
    }
  }

  private void charge(Key key, double spent, Throttle throttle) {
    var _ =
        bus.evaluate(
                SPEND,
                List.of("{postern}:budget:" + key.protocol + ":" + LoginGuard.digest(key.user)),
                List.of(
                    Double.toString(spent),
                    Long.toString(throttle.maxBurst()),
                    Long.toString(throttle.rechargeRate()),
                    Long.toString(throttle.cutoffBalance())))
            .subscribe()
            .with(answer -> charged(key, spent, answer.map(Response::toString)));
  }

  /** Takes over the balance of all replicas together, less what was spent here since. */
  private void charged(Key key, double spent, Optional<String> balance) {
    balance
        .flatMap(CommandThrottle::number)
        .ifPresent(
            left ->
                budgets.computeIfPresent(
                    key,
                    (_, now) -> {
                      double since = now.unpublished - spent;
                      return new Budget(left - since, now.at, since);
                    }));
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.parseDouble(text)).filter(Double::isFinite);
    } catch (NumberFormatException _) {
      // Not an answer of the script: the work counts as unpublished.
      return Optional.empty();
    }
  }
}
