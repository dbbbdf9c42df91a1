package io.postern.observe.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.postern.limits.AdmissionMeter;
import io.postern.model.MailProtocol;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of refused connections and logins, throttled commands, and ended sessions. */
@Singleton
public class AdmissionMeters implements AdmissionMeter {
  private record Key(MailProtocol protocol, String why) {}

  private final MeterRegistry registry;
  private final Map<Key, Counter> refused = new ConcurrentHashMap<>();
  private final Map<MailProtocol, Counter> throttled = new ConcurrentHashMap<>();
  private final Map<MailProtocol, Counter> ended = new ConcurrentHashMap<>();

  AdmissionMeters(MeterRegistry registry) {
    this.registry = registry;
    // Registered before the first event: a rate query does not see the first value of a series.
    for (var protocol : MailProtocol.values()) {
      for (var why : Why.values()) {
        refusals(protocol, why);
      }
    }
  }

  @Override
  public void refused(MailProtocol protocol, Why why) {
    refusals(protocol, why).increment();
  }

  private Counter refusals(MailProtocol protocol, Why why) {
    return refused.computeIfAbsent(
        new Key(protocol, SessionMeters.label(why)),
        key ->
            Counter.builder("mail.access.refused")
                .description("refused connections and logins")
                .tag("protocol", key.protocol().label())
                .tag("reason", key.why())
                .register(registry));
  }

  @Override
  public void throttled(MailProtocol protocol, Duration wait) {
    throttled
        .computeIfAbsent(
            protocol,
            name ->
                Counter.builder("mail.throttled")
                    .description("delay of commands by the throttle")
                    .baseUnit("seconds")
                    .tag("protocol", name.label())
                    .register(registry))
        .increment(wait.toMillis() / 1000.0);
  }

  @Override
  public void ended(MailProtocol protocol) {
    ended
        .computeIfAbsent(
            protocol,
            name ->
                Counter.builder("mail.sessions.revoked")
                    .description("sessions ended because their user's access was revoked")
                    .tag("protocol", name.label())
                    .register(registry))
        .increment();
  }
}
