package io.postern.observe.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postern.model.MailProtocol;
import io.postern.site.SiteMeter;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of what happens between sites. Series of other sites appear with their first event. */
@Singleton
@Typed(SiteMeters.class)
public class SiteMeters implements SiteMeter {
  private record Passed(MailProtocol protocol, String site, Outcome outcome) {}

  private record Broken(MailProtocol protocol, String site) {}

  private final MeterRegistry registry;
  private final Map<Lookup, Counter> lookups = new EnumMap<>(Lookup.class);
  private final Map<Passed, Counter> passed = new ConcurrentHashMap<>();
  private final Map<Broken, Counter> broken = new ConcurrentHashMap<>();
  private final Map<String, Counter> certificates = new ConcurrentHashMap<>();
  private final Map<MailProtocol, Counter> untrusted = new EnumMap<>(MailProtocol.class);
  private final Map<MailProtocol, Counter> looped = new EnumMap<>(MailProtocol.class);
  private final Map<MailProtocol, AtomicInteger> piped = new EnumMap<>(MailProtocol.class);

  SiteMeters(MeterRegistry registry) {
    this.registry = registry;
    for (var how : Lookup.values()) {
      lookups.put(
          how,
          Counter.builder("mail.site.directory.lookups")
              .description("lookups of an account's home")
              .tag("result", SessionMeters.label(how))
              .register(registry));
    }
    for (var protocol : MailProtocol.values()) {
      if (protocol != MailProtocol.LMTP) {
        untrusted.put(protocol, refused(protocol, "untrusted"));
        looped.put(protocol, refused(protocol, "loop"));
        var number = new AtomicInteger();
        piped.put(protocol, number);
        Gauge.builder("mail.site.piped", number, AtomicInteger::get)
            .description("connections that are passed on to other sites")
            .tag("protocol", protocol.label())
            .register(registry);
      }
    }
    for (var why : CertificateFault.values()) {
      certificate(true, why);
      certificate(false, why);
    }
  }

  private Counter refused(MailProtocol protocol, String why) {
    return Counter.builder("mail.site.hand.overs.refused")
        .description("peers that claimed to pass on a connection, and were refused")
        .tag("protocol", protocol.label())
        .tag("reason", why)
        .register(registry);
  }

  private Counter certificate(boolean incoming, CertificateFault why) {
    var side = incoming ? "incoming" : "outgoing";
    return certificates.computeIfAbsent(
        side + " " + why,
        _ ->
            Counter.builder("mail.site.certificates.refused")
                .description("certificates of other sites that were refused")
                .tag("direction", side)
                .tag("reason", SessionMeters.label(why))
                .register(registry));
  }

  @Override
  public void lookedUp(Lookup how) {
    count(lookups, how);
  }

  @Override
  public void passedOn(MailProtocol protocol, String site, Outcome outcome) {
    passed
        .computeIfAbsent(
            new Passed(protocol, site, outcome),
            key ->
                Counter.builder("mail.site.passed.on")
                    .description("connections that were passed on to other sites, or should be")
                    .tag("protocol", key.protocol.label())
                    .tag("site", key.site)
                    .tag("result", SessionMeters.label(key.outcome))
                    .register(registry))
        .increment();
  }

  @Override
  public void piped(MailProtocol protocol, int change) {
    var number = piped.get(protocol);
    if (number != null) {
      number.addAndGet(change);
    }
  }

  @Override
  public void broke(MailProtocol protocol, String site) {
    broken
        .computeIfAbsent(
            new Broken(protocol, site),
            key ->
                Counter.builder("mail.site.pipes.broken")
                    .description("connections to other sites that broke while in use")
                    .tag("protocol", key.protocol.label())
                    .tag("site", key.site)
                    .register(registry))
        .increment();
  }

  @Override
  public void certificateRefused(boolean incoming, CertificateFault why) {
    certificate(incoming, why).increment();
  }

  @Override
  public void untrustedHandOver(MailProtocol protocol, String session, String address) {
    count(untrusted, protocol);
  }

  @Override
  public void looped(MailProtocol protocol) {
    count(looped, protocol);
  }

  private static <K> void count(Map<K, Counter> counters, K key) {
    var counter = counters.get(key);
    if (counter != null) {
      counter.increment();
    }
  }
}
