package io.postern.config.area;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Limits on failed logins, counted over all replicas. Exchange has none of this. */
public interface GuardSettings {
  /** Whether failed logins are counted, delayed and refused. */
  @WithDefault("true")
  boolean enabled();

  /** Networks in CIDR notation whose logins are never delayed or refused, however many fail. */
  Optional<List<String>> allowedNetworks();

  /** The number of failures of an account after which its next logins are delayed; 1 to 1,000. */
  @WithDefault("5")
  int delayAfter();

  /** The first delay, which each further failure doubles; 0 to 10 s. */
  @WithDefault("PT1S")
  Duration firstDelay();

  /** The longest delay; 0 to 30 s. */
  @WithDefault("PT16S")
  Duration longestDelay();

  /**
   * The number of failures of an account after which it is refused, except from networks that its
   * user logged in from in the last 30 days; 2 to 1,000,000.
   */
  @WithDefault("20")
  int banAccountAfter();

  /**
   * The number of failures from an address, or an IPv6 network of 64 bits, after which it is
   * refused for all accounts; 2 to 1,000,000.
   */
  @WithDefault("100")
  int banNetworkAfter();

  /** How long a failure counts if no other follows; 1 s to 1 day. */
  @WithDefault("PT15M")
  Duration within();

  /** How long logins are refused; 1 s to 1 day. */
  @WithDefault("PT15M")
  Duration banFor();

  /** How many logins of one account are verified concurrently on a replica; 1 to 1,000. */
  @WithDefault("4")
  int accountAtOnce();

  /**
   * How many logins from one address, or IPv6 network of 64 bits, are verified concurrently on a
   * replica; 1 to 10,000.
   */
  @WithDefault("64")
  int networkAtOnce();

  /** Declares the keys with their bounds. */
  static void declare(GuardSettings now, Keys keys) {
    var day = Duration.ofDays(1);
    keys.flag("mail.guard.enabled", now.enabled());
    keys.networks("mail.guard.allowed-networks", now.allowedNetworks().orElse(List.of()));
    keys.count("mail.guard.delay-after", now.delayAfter(), 1, 1_000);
    keys.duration(
        "mail.guard.first-delay", now.firstDelay(), Duration.ZERO, Duration.ofSeconds(10));
    keys.duration(
        "mail.guard.longest-delay", now.longestDelay(), Duration.ZERO, Duration.ofSeconds(30));
    keys.count("mail.guard.ban-account-after", now.banAccountAfter(), 2, 1_000_000);
    keys.count("mail.guard.ban-network-after", now.banNetworkAfter(), 2, 1_000_000);
    keys.duration("mail.guard.within", now.within(), Duration.ofSeconds(1), day);
    keys.duration("mail.guard.ban-for", now.banFor(), Duration.ofSeconds(1), day);
    keys.count("mail.guard.account-at-once", now.accountAtOnce(), 1, 1_000);
    keys.count("mail.guard.network-at-once", now.networkAtOnce(), 1, 10_000);
  }
}
