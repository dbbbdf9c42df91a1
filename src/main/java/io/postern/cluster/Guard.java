package io.postern.cluster;

import io.postern.auth.Attempt;
import io.postern.config.GuardSettings;
import io.postern.config.net.Networks;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Response;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Remembers failed logins, by account and by network, on all replicas together: the more there
 * were, the later the next one is tried, and from a number on none is for a time. An account's
 * failures do not count against a network from which its user has logged in not long ago, so that
 * nobody is locked out of their own mailbox by others.
 */
final class Guard {
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
  }

  /** How long it is remembered that a user came from a network. */
  private static final Duration FAMILIAR = Duration.ofDays(30);

  // KEYS: the account's failures, the network's, their familiarity
  private static final String LOOK =
      "return (redis.call('GET', KEYS[1]) or '0') .. ' ' .. (redis.call('GET', KEYS[2]) or '0')"
          + " .. ' ' .. redis.call('EXISTS', KEYS[3])";

  // KEYS: the account's failures, the network's; ARGV: window, ban, the account's most, the
  // network's most
  private static final String FAILED =
      """
      for i = 1, 2 do
        local n = redis.call('INCR', KEYS[i])
        local life = ARGV[1]
        if n >= tonumber(ARGV[2 + i]) then life = ARGV[2] end
        redis.call('PEXPIRE', KEYS[i], life)
      end
      """;

  // KEYS: the account's failures, the familiarity; ARGV: its life
  private static final String CAME_IN =
      "redis.call('DEL', KEYS[1]) redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])";

  private record Keys(String account, String network, String familiar) {}

  private record Failures(int account, int network, boolean familiar) {}

  private final Link link;
  private final Supplier<GuardSettings> settings;
  private final Tallies tallies = new Tallies();
  private final AtomicLong failures = new AtomicLong();

  Guard(Link link, Supplier<GuardSettings> settings) {
    this.link = link;
    this.settings = settings;
  }

  /** What is done with the attempt. Never fails. */
  Uni<Verdict> look(Attempt attempt) {
    long asOf = failures.get();
    if (free(attempt)) {
      return Uni.createFrom().item(new Verdict.Pass(Duration.ZERO, true, asOf));
    }
    var keys = keys(attempt);
    return Uni.createFrom()
        .voidItem()
        .emitOn(link::here)
        .chain(() -> link.ask(LOOK, List.of(keys.account, keys.network, keys.familiar), List.of()))
        .map(answer -> answer.map(Guard::shared).orElseGet(() -> own(keys)))
        .map(found -> verdict(found, asOf));
  }

  /** Whether an attempt has failed here since the verdict was asked for. */
  boolean outdated(Verdict.Pass pass) {
    return failures.get() != pass.asOf;
  }

  /** It failed. */
  void failed(Attempt attempt) {
    if (free(attempt)) {
      return;
    }
    failures.incrementAndGet();
    var now = settings.get();
    var keys = keys(attempt);
    tallies.add(keys.account, life(now, tallies.of(keys.account) + 1 >= now.banAccountAfter()));
    tallies.add(keys.network, life(now, tallies.of(keys.network) + 1 >= now.banNetworkAfter()));
    var arguments =
        List.of(
            Long.toString(now.within().toMillis()),
            Long.toString(now.banFor().toMillis()),
            Integer.toString(now.banAccountAfter()),
            Integer.toString(now.banNetworkAfter()));
    run(FAILED, List.of(keys.account, keys.network), arguments);
  }

  /** They came in. */
  void cameIn(Attempt attempt) {
    if (free(attempt)) {
      return;
    }
    var keys = keys(attempt);
    tallies.forget(keys.account);
    tallies.add(keys.familiar, FAMILIAR);
    run(CAME_IN, List.of(keys.account, keys.familiar), List.of(Long.toString(FAMILIAR.toMillis())));
  }

  private void run(String script, List<String> keys, List<String> arguments) {
    link.here(
        () -> {
          var _ = link.ask(script, keys, arguments).subscribe().with(done -> {});
        });
  }

  private boolean free(Attempt attempt) {
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

  private static Duration life(GuardSettings now, boolean banned) {
    return banned ? now.banFor() : now.within();
  }

  private static Failures shared(Response answer) {
    var parts = answer.toString().split(" ", 3);
    return new Failures(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2].equals("1"));
  }

  private Failures own(Keys keys) {
    return new Failures(
        tallies.of(keys.account), tallies.of(keys.network), tallies.of(keys.familiar) > 0);
  }

  private static Keys keys(Attempt attempt) {
    var account = account(attempt);
    var network = network(attempt.client().address());
    return new Keys(
        "{postern}:failed:account:" + account,
        "{postern}:failed:network:" + network,
        "{postern}:familiar:" + account + ":" + network);
  }

  /** The account that it is about. */
  static String account(Attempt attempt) {
    return digest(attempt.name().toLowerCase(Locale.ROOT));
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
