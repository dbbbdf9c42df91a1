package io.postern.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is done about failed logins, counted over all replicas. Exchange has none of this. */
public interface GuardSettings {
  /** Whether anything is. */
  @WithDefault("true")
  boolean enabled();

  /** From where logins are never delayed nor refused, however many fail; in CIDR notation. */
  Optional<List<String>> allowedNetworks();

  /** After how many failures of an account its next logins are delayed; 1 to 1,000. */
  @WithDefault("5")
  int delayAfter();

  /** How long first; each failure more doubles it; 0 to 10 s. */
  @WithDefault("PT1S")
  Duration firstDelay();

  /** How long at most; 0 to 30 s. */
  @WithDefault("PT16S")
  Duration longestDelay();

  /**
   * After how many failures of an account it is refused everywhere but from networks that its user
   * came from in the last 30 days; 2 to 1,000,000.
   */
  @WithDefault("20")
  int banAccountAfter();

  /**
   * After how many failures from an address, or an IPv6 network of 64 bits, it is refused for all
   * accounts; 2 to 1,000,000.
   */
  @WithDefault("100")
  int banNetworkAfter();

  /** How long a failure counts if no other follows; 1 s to 1 day. */
  @WithDefault("PT15M")
  Duration within();

  /** How long is refused; 1 s to 1 day. */
  @WithDefault("PT15M")
  Duration banFor();

  /** How many logins of one account are verified at the same moment on a replica; 1 to 1,000. */
  @WithDefault("4")
  int accountAtOnce();

  /** The same for one address, or IPv6 network of 64 bits; 1 to 10,000. */
  @WithDefault("64")
  int networkAtOnce();

  /** The keys with their bounds. */
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
