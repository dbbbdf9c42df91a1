package io.postern.limits;

import io.postern.auth.LoginAttempt;
import io.postern.config.Live;
import io.postern.config.area.GuardSettings;
import io.postern.config.net.Networks;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Delays and bans after failed logins, counted by account and by network on all replicas together:
 * the more failures, the longer the delay, and from a number on a ban for a time. An account's
 * failures do not count against a network from which its user has recently logged in, so that
 * others cannot lock users out of their own mailboxes.
 */
final class LoginGuard {
  /** The decision about an attempt. */
  sealed interface Verdict {
    /**
     * The attempt may continue, perhaps after a delay.
     *
     * @param familiar whether the user has recently logged in from this network
     * @param asOf how many attempts had failed on this replica when the verdict was requested
     */
    record Pass(Duration delay, boolean familiar, long asOf) implements Verdict {}

    /** The attempt is refused. */
    record Banned() implements Verdict {}

    /** The attempt continues at once, uncounted: the guard is off, or off for its network. */
    record Exempt() implements Verdict {}
  }

  /** How long a user's login from a network is remembered. */
  private static final Duration FAMILIAR = Duration.ofDays(30);

  private static final String FAMILIAR_KEY = "{postern}:familiar:";

  /** No setting bans only after more failures, so the count is capped here. */
  private static final int MOST_FAILURES = 1_000_000;

  // A value of another program under a key, of any type, is not a count; nor is one without an
  // expiry, as this class writes none.
  private static final String COUNT =
      """
      local function count(key)
        local n = redis.pcall('GET', key)
        n = type(n) == 'string' and string.match(n, '^%d%d?%d?%d?%d?%d?%d?$') and tonumber(n)
        return n and redis.call('PTTL', key) >= 0 and math.min(n, 1000000) or 0
      end
      """;

  // KEYS: the familiarity, then one or two failure counts
  private static final String READ =
      COUNT
          + """
          return {redis.call('EXISTS', KEYS[1]), count(KEYS[2]), KEYS[3] and count(KEYS[3]) or 0}
          """;

  // KEYS: the failure counts; ARGV: window, ban, the limit of each key
  private static final String FAILED =
      COUNT
          + """
          for i, key in ipairs(KEYS) do
            local n = count(key) + 1
            local life = ARGV[1]
            if n >= tonumber(ARGV[2 + i]) then life = ARGV[2] end
            redis.call('SET', key, string.format('%d', n), 'PX', life)
          end
          """;

  // KEYS: the account's failures, the familiarity; ARGV: its expiry
  private static final String SUCCEEDED =
      "redis.call('DEL', KEYS[1]) redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])";

  /**
   * The Redis keys of an attempt.
   *
   * @param network the key of its network
   * @param user the keys of its user; empty when it names none
   */
  private record Keys(String network, Optional<OfUser> user) {}

  private record OfUser(String account, String familiar) {}

  private record Failures(int account, int network, boolean familiar) {}

  private final ClusterBus bus;
  private final Supplier<GuardSettings> settings;
  private final Supplier<Networks> allowedNetworks;
  private final LocalCounters tallies = new LocalCounters();
  private final AtomicLong failures = new AtomicLong();

  LoginGuard(ClusterBus bus, Live live) {
    this.bus = bus;
    this.settings = () -> live.now().guard();
    this.allowedNetworks =
        live.derived(now -> Networks.parse(now.guard().allowedNetworks().orElse(List.of())));
  }

  /** Decides about the attempt. Never fails. */
  Uni<Verdict> check(LoginAttempt attempt) {
    long asOf = failures.get();
    if (free(attempt)) {
      return Uni.createFrom().item(new Verdict.Exempt());
    }
    var keys = keys(attempt);
    var asked =
        keys.user
            .map(it -> List.of(it.familiar, keys.network, it.account))
            // A network alone has no familiarity: no such key is ever written.
            .orElseGet(() -> List.of(FAMILIAR_KEY, keys.network));
    return Uni.createFrom()
        .voidItem()
        .emitOn(bus::run)
        .chain(() -> bus.evaluate(READ, asked, List.of()))
        .map(answer -> answer.flatMap(LoginGuard::shared).orElseGet(() -> own(keys)))
        .map(found -> verdict(found, asOf));
  }

  /** Whether an attempt has failed on this replica since the verdict was requested. */
  boolean outdated(Verdict.Pass pass) {
    return failures.get() != pass.asOf;
  }

  /** Counts a failed attempt. */
  void failed(LoginAttempt attempt) {
    if (free(attempt)) {
      return;
    }
    failures.incrementAndGet();
    var now = settings.get();
    var keys = keys(attempt);
    keys.user.ifPresent(it -> note(it.account, now, now.banAccountAfter()));
    note(keys.network, now, now.banNetworkAfter());
    var arguments =
        Stream.of(
            Long.toString(now.within().toMillis()),
            Long.toString(now.banFor().toMillis()),
            Integer.toString(now.banNetworkAfter()),
            Integer.toString(now.banAccountAfter()));
    run(
        FAILED,
        Stream.concat(Stream.of(keys.network), keys.user.map(OfUser::account).stream()).toList(),
        arguments.toList());
  }

  private void note(String key, GuardSettings now, int most) {
    tallies.add(key, tallies.of(key) + 1 >= most ? now.banFor() : now.within());
  }

  /** Records a successful login. Nothing is recorded for an attempt that names no user. */
  void succeeded(LoginAttempt attempt) {
    if (free(attempt)) {
      return;
    }
    keys(attempt)
        .user
        .ifPresent(
            it -> {
              tallies.forget(it.account);
              tallies.add(it.familiar, FAMILIAR);
              run(
                  SUCCEEDED,
                  List.of(it.account, it.familiar),
                  List.of(Long.toString(FAMILIAR.toMillis())));
            });
  }

  private void run(String script, List<String> keys, List<String> arguments) {
    bus.run(
        () -> {
          var _ = bus.evaluate(script, keys, arguments).subscribe().with(done -> {});
        });
  }

  private boolean free(LoginAttempt attempt) {
    var now = settings.get();
    var address = attempt.client().address();
    // An attempt that another site passes on was counted there.
    return !now.enabled()
        || address.isEmpty()
        || attempt.client().front().isPresent()
        || allowedNetworks.get().contains(address);
  }

  private Verdict verdict(Failures failures, long asOf) {
    var now = settings.get();
    int account = failures.familiar ? 0 : failures.account;
    if (account >= now.banAccountAfter() || failures.network >= now.banNetworkAfter()) {
      return new Verdict.Banned();
    }
    // The network's count sums the mistakes of many users: it bans, and does not delay.
    int over = account - now.delayAfter();
    if (over < 0) {
      return new Verdict.Pass(Duration.ZERO, failures.familiar, asOf);
    }
    long longest = now.longestDelay().toMillis();
    long delay = now.firstDelay().toMillis() << Math.min(over, 20);
    return new Verdict.Pass(Duration.ofMillis(Math.min(delay, longest)), failures.familiar, asOf);
  }

  /** The shared counts; empty when the answer is not the script's. */
  private static Optional<Failures> shared(Response answer) {
    if (answer.type() != ResponseType.MULTI || answer.size() != 3) {
      return Optional.empty();
    }
    return Optional.of(new Failures(number(answer, 2), number(answer, 1), number(answer, 0) > 0));
  }

  private static int number(Response answer, int at) {
    return Optional.ofNullable(answer.get(at))
        .filter(value -> value.type() == ResponseType.NUMBER)
        .map(Response::toLong)
        .map(number -> Math.clamp(number, 0, MOST_FAILURES))
        .orElse(0);
  }

  private Failures own(Keys keys) {
    return new Failures(
        keys.user.map(it -> tallies.of(it.account)).orElse(0),
        tallies.of(keys.network),
        keys.user.filter(it -> tallies.of(it.familiar) > 0).isPresent());
  }

  private static Keys keys(LoginAttempt attempt) {
    var network = Networks.ofClient(attempt.client().address());
    return new Keys(
        "{postern}:failed:network:" + network,
        attempt
            .subject()
            .map(LoginGuard::digest)
            .map(
                account ->
                    new OfUser(
                        "{postern}:failed:account:" + account,
                        FAMILIAR_KEY + account + ":" + network)));
  }

  /** Names can be of any length, and readers of Redis must not see them. */
  static String digest(String name) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      var octets = sha.digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(octets, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
