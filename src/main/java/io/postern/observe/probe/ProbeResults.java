package io.postern.observe.probe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postern.config.Live;
import io.postern.model.MailProtocol;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last result of each probe: meters {@code mail.probe.success} and {@code mail.probe.latency},
 * NaN for a probe that was not made. May be used from any thread.
 */
@Singleton
public final class ProbeResults {
  /** The protocols that are probed. */
  public static final List<MailProtocol> PROTOCOLS = List.of(MailProtocol.IMAP, MailProtocol.POP3);

  private static final double NANOS = 1e9;

  /** Which probe. */
  private record Key(MailProtocol protocol, HealthSet set) {}

  /**
   * A result.
   *
   * @param made whether the probe was made
   * @param error why it failed, or was not made
   * @param latency of all its steps
   * @param at when it ended
   */
  public record ProbeResult(boolean made, Optional<String> error, Duration latency, Instant at) {
    /** Whether it was made and failed. */
    public boolean failed() {
      return made && error.isPresent();
    }
  }

  private final Live live;
  private final Map<Key, ProbeResult> results = new ConcurrentHashMap<>();

  public ProbeResults(Live live, MeterRegistry registry) {
    this.live = live;
    for (var protocol : PROTOCOLS) {
      for (var set : HealthSet.values()) {
        Gauge.builder("mail.probe.success", this, it -> it.success(protocol, set))
            .description("1 when the last probe succeeded, 0 when it failed, NaN without one")
            .tag("protocol", protocol.label())
            .tag("probe", set.label())
            .register(registry);
        Gauge.builder("mail.probe.latency", this, it -> it.latency(protocol, set))
            .description("the duration of the last probe")
            .baseUnit("seconds")
            .tag("protocol", protocol.label())
            .tag("probe", set.label())
            .register(registry);
      }
    }
  }

  /** Records a result. */
  public void record(MailProtocol protocol, HealthSet set, ProbeResult result) {
    results.put(new Key(protocol, set), result);
  }

  /** The last result; empty while probes are off, and before the first. */
  public Optional<ProbeResult> last(MailProtocol protocol, HealthSet set) {
    return live.now().probe().enabled()
        ? Optional.ofNullable(results.get(new Key(protocol, set)))
        : Optional.empty();
  }

  /** Whether probes are made. */
  boolean enabled() {
    return live.now().probe().enabled();
  }

  private double success(MailProtocol protocol, HealthSet set) {
    return last(protocol, set)
        .filter(ProbeResult::made)
        .map(it -> it.failed() ? 0.0 : 1.0)
        .orElse(Double.NaN);
  }

  private double latency(MailProtocol protocol, HealthSet set) {
    return last(protocol, set)
        .filter(ProbeResult::made)
        .map(it -> it.latency.toNanos() / NANOS)
        .orElse(Double.NaN);
  }
}
