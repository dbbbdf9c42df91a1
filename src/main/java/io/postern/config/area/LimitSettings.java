package io.postern.config.area;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Limits of a protocol: connections in total, per address and per user, and throttling. Connections
 * are counted over all replicas.
 */
public interface LimitSettings {
  /**
   * Where to listen for load balancers that send a PROXY header before each connection, which then
   * begins in clear text and may use STARTTLS; {@code address:port}.
   */
  Optional<List<String>> proxyUnencryptedOrTlsBindings();

  /**
   * Where to listen for load balancers that send a PROXY header before each connection, which then
   * begins with TLS; {@code address:port}.
   */
  Optional<List<String>> proxySslBindings();

  /** The most connections; 1 to 2,147,483,647. Exchange: MaxConnections. */
  @WithDefault("2147483647")
  int maxConnections();

  /**
   * The most connections from one address; 1 to 2,147,483,647. Exchange: MaxConnectionFromSingleIP.
   */
  @WithDefault("2147483647")
  int maxConnectionFromSingleIp();

  /** The most sessions of one user; 1 to 2,147,483,647. Exchange: MaxConnectionsPerUser. */
  @WithDefault("16")
  int maxConnectionsPerUser();

  /** The most unauthenticated connections of one replica; 1 to 1,000,000. */
  @WithDefault("10000")
  int maxPreAuthenticatedConnections();

  /**
   * The most unauthenticated connections of one replica from one address, or from one /64 of IPv6;
   * 1 to 1,000,000. A load balancer that does not send its clients' addresses counts as one
   * address.
   */
  @WithDefault("500")
  int maxPreAuthenticatedConnectionsFromSingleIp();

  /**
   * When a user has as many sessions as allowed, and one of them was silent for this long, it is
   * evicted to make room for the new one; 0, for never, to 1 day.
   */
  @WithDefault("PT0S")
  Duration displaceSilentAfter();

  /** Throttling of one user's commands. */
  Throttle throttle();

  /** A budget of work per user, refilled at a steady rate; all times in milliseconds. */
  interface Throttle {
    /**
     * How much work may be done in one burst before commands wait; 0 to 1 day; less than 1 s is for
     * tests. Exchange: ImapMaxBurst, PopMaxBurst.
     */
    @WithDefault("3600000")
    long maxBurst();

    /**
     * How much of the budget is refilled in an hour; 1 s to 1 hour a core, at most 100 hours.
     * Exchange: ImapRechargeRate, PopRechargeRate.
     */
    @WithDefault("600000")
    long rechargeRate();

    /**
     * How far the budget may be overdrawn: the nearer, the longer commands wait; 1 to 1 day. Beyond
     * it each waits the full {@link #longestWait}. Exchange: ImapCutoffBalance, PopCutoffBalance.
     */
    @WithDefault("3000000")
    long cutoffBalance();

    /** The longest wait of one command; 0, for no throttling at all, to 60 s. */
    @WithDefault("20000")
    long longestWait();
  }

  /** The trusted load balancers. */
  interface Proxy {
    /**
     * Networks of load balancers in CIDR notation; without any, no load balancer is trusted. They
     * send clients' addresses in a PROXY header, and to the settings page in {@code
     * X-Forwarded-For}.
     */
    Optional<List<String>> trustedNetworks();
  }

  /** Declares the keys of a protocol with their bounds. */
  static void declare(String service, LimitSettings now, Keys keys) {
    keys.endpoints(
        service + ".proxy-unencrypted-or-tls-bindings", now.proxyUnencryptedOrTlsBindings());
    keys.endpoints(service + ".proxy-ssl-bindings", now.proxySslBindings());
    long most = Integer.MAX_VALUE;
    keys.count(service + ".max-connections", now.maxConnections(), 1, most);
    keys.count(
        service + ".max-connection-from-single-ip", now.maxConnectionFromSingleIp(), 1, most);
    keys.count(service + ".max-connections-per-user", now.maxConnectionsPerUser(), 1, most);
    keys.count(
        service + ".max-pre-authenticated-connections",
        now.maxPreAuthenticatedConnections(),
        1,
        1_000_000);
    keys.count(
        service + ".max-pre-authenticated-connections-from-single-ip",
        now.maxPreAuthenticatedConnectionsFromSingleIp(),
        1,
        1_000_000);
    keys.duration(
        service + ".displace-silent-after",
        now.displaceSilentAfter(),
        Duration.ZERO,
        Duration.ofDays(1));
    declare(service + ".throttle", now.throttle(), keys);
  }

  /** Checks that the service has an endpoint to listen on, for clients or for load balancers. */
  static void requireEndpoint(
      String service,
      boolean enabled,
      Optional<List<String>> startTls,
      Optional<List<String>> ssl,
      LimitSettings now,
      Keys keys) {
    keys.requireEndpoint(
        service,
        enabled,
        "one of "
            + service
            + ".unencrypted-or-tls-bindings, .ssl-bindings,"
            + " .proxy-unencrypted-or-tls-bindings and .proxy-ssl-bindings",
        List.of(startTls, ssl, now.proxyUnencryptedOrTlsBindings(), now.proxySslBindings()));
  }

  private static void declare(String key, Throttle now, Keys keys) {
    long day = Duration.ofDays(1).toMillis();
    keys.count(key + ".max-burst", now.maxBurst(), 0, day);
    keys.count(key + ".recharge-rate", now.rechargeRate(), 1_000, 100 * 3_600_000L);
    keys.count(key + ".cutoff-balance", now.cutoffBalance(), 1, day);
    keys.count(key + ".longest-wait", now.longestWait(), 0, 60_000);
  }

  /** Declares the keys of the PROXY protocol. */
  static void declare(Proxy now, Keys keys) {
    keys.networks("mail.proxy-protocol.trusted-networks", now.trustedNetworks().orElse(List.of()));
  }
}
