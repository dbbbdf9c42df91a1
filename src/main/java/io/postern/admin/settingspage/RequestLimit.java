package io.postern.admin.settingspage;

import io.postern.config.Live;
import io.postern.config.net.Networks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Bounds the requests of one client in a minute: of an IPv4 address, or of a /64 of IPv6. Counts of
 * this replica. May be used from any thread.
 */
public final class RequestLimit {
  /** Clients that are counted singly; further ones share a count. */
  static final int MAX_CLIENTS = 50_000;

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final String OTHERS = "others";

  private record Window(long minute, Map<String, AtomicInteger> counts) {}

  private final Live live;
  private final InstantSource clock;
  private final Supplier<Networks> balancers;
  private final AtomicReference<Window> window =
      new AtomicReference<>(new Window(-1, new ConcurrentHashMap<>()));

  public RequestLimit(Live live, InstantSource clock) {
    this.live = live;
    this.clock = clock;
    this.balancers =
        live.derived(
            now -> Networks.parse(now.proxyProtocol().trustedNetworks().orElse(List.of())));
  }

  /**
   * Counts a request.
   *
   * @param peer the address of the connection
   * @param forwarded the value of {@code X-Forwarded-For}, which is used if the peer is a trusted
   *     load balancer: its last address is the one that the balancer has seen
   * @return whether it is within the limit
   */
  boolean admit(String peer, Optional<String> forwarded) {
    long minute = clock.millis() / MINUTE;
    var current =
        window.updateAndGet(
            it -> it.minute == minute ? it : new Window(minute, new ConcurrentHashMap<>()));
    var client = client(peer, forwarded);
    var counted =
        current.counts.size() < MAX_CLIENTS || current.counts.containsKey(client) ? client : OTHERS;
    int count = current.counts.computeIfAbsent(counted, _ -> new AtomicInteger()).incrementAndGet();
    return count <= live.now().settingsPage().requestsPerMinute();
  }

  private boolean trusts(String peer) {
    return balancers.get().contains(peer);
  }

  private String client(String peer, Optional<String> forwarded) {
    return forwarded
        .filter(_ -> trusts(peer))
        .map(list -> list.substring(list.lastIndexOf(',') + 1).strip())
        .flatMap(RequestLimit::network)
        .orElseGet(() -> Networks.ofClient(peer));
  }

  private static Optional<String> network(String address) {
    try {
      return Optional.of(Networks.ofClient(address));
    } catch (IllegalArgumentException _) {
      // The balancer has written no address.
      return Optional.empty();
    }
  }
}
