package io.postern.limits;

import io.postern.auth.LoginAttempt;
import io.postern.config.GuardSettings;
import io.postern.config.net.Networks;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Remembers failed logins, by account and by network, on all replicas together: the more there
 * were, the later the next one is tried, and from a number on none is for a time. An account's
 * failures do not count against a network from which its user has logged in not long ago, so that
 * nobody is locked out of their own mailbox by others.
 */
final class LoginGuard {
  /** What is done with an attempt. */
  sealed interface Verdict {
    /**
     * It goes on, late perhaps.
     *
     * @param familiar whether the user has logged in from this network not long ago
     * @param asOf how many attempts had failed here when it was asked
     */
    record Pass(Duration delay, boolean familiar, long asOf) implements Verdict {}

    /** It is not tried. */
    record Banned() implements Verdict {}

    /** It goes on at once, and nothing about it is counted: the guard is off, or off for it. */
    record Exempt() implements Verdict {}
  }

  /** How long it is remembered that a user came from a network. */
  private static final Duration FAMILIAR = Duration.ofDays(30);

  private static final String FAMILIAR_KEY = "{postern}:familiar:";

  /** No setting bans later than this, so nothing above it is worth knowing. */
  private static final int MOST_FAILURES = 1_000_000;

  // What somebody else put under a key, of any type, is no count of failures; nor is one that
  // would stay for ever, as none of ours does.
  private static final String COUNT =
      """
      local function count(key)
        local n = redis.pcall('GET', key)
        n = type(n) == 'string' and string.match(n, '^%d%d?%d?%d?%d?%d?%d?$') and tonumber(n)
        return n and redis.call('PTTL', key) >= 0 and math.min(n, 1000000) or 0
      end
      """;

  // KEYS: the familiarity, then whose failures are counted, one or two
  private static final String LOOK =
      COUNT
          + """
          return {redis.call('EXISTS', KEYS[1]), count(KEYS[2]), KEYS[3] and count(KEYS[3]) or 0}
          """;

  // KEYS: whose failures are counted; ARGV: window, ban, the most of each key
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

  // KEYS: the account's failures, the familiarity; ARGV: its life
  private static final String CAME_IN =
      "redis.call('DEL', KEYS[1]) redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])";

  /**
   * What an attempt counts under.
   *
   * @param network its network
   * @param user its user's; empty when it names none
   */
  private record Keys(String network, Optional<OfUser> user) {}

  private record OfUser(String account, String familiar) {}

  private record Failures(int account, int network, boolean familiar) {}

  private final ClusterBus bus;
  private final Supplier<GuardSettings> settings;
  private final LocalCounters tallies = new LocalCounters();
  private final AtomicLong failures = new AtomicLong();

  LoginGuard(ClusterBus bus, Supplier<GuardSettings> settings) {
    this.bus = bus;
    this.settings = settings;
  }

  /** What is done with the attempt. Never fails. */
  Uni<Verdict> look(LoginAttempt attempt) {
    long asOf = failures.get();
    if (free(attempt)) {
      return Uni.createFrom().item(new Verdict.Exempt());
    }
    var keys = keys(attempt);
    var asked =
        keys.user
            .map(it -> List.of(it.familiar, keys.network, it.account))
            // Of a network alone there is no familiarity: no such key is ever written.
            .orElseGet(() -> List.of(FAMILIAR_KEY, keys.network));
    return Uni.createFrom()
        .voidItem()
        .emitOn(bus::here)
        .chain(() -> bus.ask(LOOK, asked, List.of()))
        .map(answer -> answer.flatMap(LoginGuard::shared).orElseGet(() -> own(keys)))
        .map(found -> verdict(found, asOf));
  }

  /** Whether an attempt has failed here since the verdict was asked for. */
  boolean outdated(Verdict.Pass pass) {
    return failures.get() != pass.asOf;
  }

  /** It failed. */
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

  /** They came in. An attempt that names no user is remembered of none. */
  void cameIn(LoginAttempt attempt) {
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
                  CAME_IN,
                  List.of(it.account, it.familiar),
                  List.of(Long.toString(FAMILIAR.toMillis())));
            });
  }

  private void run(String script, List<String> keys, List<String> arguments) {
    bus.here(
        () -> {
          var _ = bus.ask(script, keys, arguments).subscribe().with(done -> {});
        });
  }

  private boolean free(LoginAttempt attempt) {
    var now = settings.get();
    var address = attempt.client().address();
    return !now.enabled()
        || address.isEmpty()
        || Networks.parse(now.allowedNetworks().orElse(List.of())).contains(address);
  }

  private Verdict verdict(Failures failures, long asOf) {
    var now = settings.get();
    int account = failures.familiar ? 0 : failures.account;
    if (account >= now.banAccountAfter() || failures.network >= now.banNetworkAfter()) {
      return new Verdict.Banned();
    }
    // The network's count is of many users' slips: it bans, and does not delay.
    int over = account - now.delayAfter();
    if (over < 0) {
      return new Verdict.Pass(Duration.ZERO, failures.familiar, asOf);
    }
    long longest = now.longestDelay().toMillis();
    long delay = now.firstDelay().toMillis() << Math.min(over, 20);
    return new Verdict.Pass(Duration.ofMillis(Math.min(delay, longest)), failures.familiar, asOf);
  }

  /** What the replicas know; empty when the answer is none of the script's. */
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
    var network = network(attempt.client().address());
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

  /** One address is a network of its own; of IPv6, where a home has as many as it likes, a /64. */
  static String network(String address) {
    int zone = address.indexOf('%');
    var octets =
        InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone)).getAddress();
    return HexFormat.of().formatHex(octets.length == 16 ? Arrays.copyOf(octets, 8) : octets);
  }

  /** Names are as long as clients like, and nobody's concern who reads Redis. */
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
