package io.postern.observe.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.Rejection;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionRegistry;
import io.postern.wire.registry.SessionStats;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** Meters of connections: how many are open in each state, were rejected, or ended and why. */
@Singleton
public class SessionMeters implements SessionObserver {
  private enum Count {
    OPENED("mail.connections.opened", "accepted connections"),
    REJECTED("mail.connections.rejected", "rejected connections"),
    HANDSHAKES("mail.tls.handshakes", "sessions that became encrypted"),
    ENDED("mail.sessions.ended", "sessions that ended, and why"),
    OCTETS("mail.sessions.octets", "octets of ended sessions");

    private final String meter;
    private final String description;

    Count(String meter, String description) {
      this.meter = meter;
      this.description = description;
    }
  }

  private record Key(Count count, Tags tags) {}

  private static final class OpenSessions {
    final AtomicInteger all = new AtomicInteger();
    final AtomicInteger loggedIn = new AtomicInteger();
    final AtomicInteger idle = new AtomicInteger();

    int unauthenticated() {
      return all.get() - loggedIn.get();
    }

    int active() {
      return loggedIn.get() - idle.get();
    }
  }

  private final MeterRegistry registry;
  private final Map<MailProtocol, OpenSessions> open = new EnumMap<>(MailProtocol.class);
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  SessionMeters(MeterRegistry registry) {
    this.registry = registry;
    // Registered before the first event: a rate query does not see the first value of a series.
    for (var protocol : MailProtocol.values()) {
      open.put(protocol, gauges(protocol));
      counter(Count.OPENED, protocol);
      counter(Count.OCTETS, protocol, "direction", "in");
      counter(Count.OCTETS, protocol, "direction", "out");
      handshakes(protocol, "TLSv1.3", true);
      handshakes(protocol, "TLSv1.3", false);
      for (var why : Rejection.values()) {
        counter(Count.REJECTED, protocol, "reason", label(why));
      }
    }
  }

  void register(@Observes StartupEvent event, SessionRegistry sessions) {
    Gauge.builder("mail.commands.orphaned", sessions, SessionRegistry::orphaned)
        .description("commands that still run although their connection has ended")
        .register(registry);
    Gauge.builder("mail.output.buffered", sessions, s -> s.output().used())
        .description("memory of output that clients have not read yet")
        .baseUnit("bytes")
        .register(registry);
  }

  private OpenSessions open(MailProtocol protocol) {
    return Objects.requireNonNull(open.get(protocol));
  }

  private OpenSessions gauges(MailProtocol protocol) {
    var states = new OpenSessions();
    gauge(states, protocol, "pre-auth", OpenSessions::unauthenticated);
    gauge(states, protocol, "authenticated", OpenSessions::active);
    gauge(states, protocol, "idle", s -> s.idle.get());
    return states;
  }

  private void gauge(
      OpenSessions states, MailProtocol protocol, String state, ToIntFunction<OpenSessions> value) {
    Gauge.builder("mail.connections", states, s -> Math.max(0, value.applyAsInt(s)))
        .description("open connections")
        .tag("protocol", protocol.label())
        .tag("state", state)
        .register(registry);
  }

  private Counter counter(Count count, MailProtocol protocol, String... tags) {
    return counters.computeIfAbsent(
        new Key(count, Tags.of("protocol", protocol.label()).and(tags)),
        key ->
            Counter.builder(key.count.meter)
                .description(key.count.description)
                .tags(key.tags)
                .register(registry));
  }

  private Counter handshakes(MailProtocol protocol, String version, boolean startTls) {
    var mode = startTls ? "starttls" : "implicit";
    return counter(Count.HANDSHAKES, protocol, "version", version, "mode", mode);
  }

  /** Adds to the number of idle sessions; subtracts when negative. */
  void idling(int more) {
    open(MailProtocol.IMAP).idle.addAndGet(more);
  }

  @Override
  public void opened(SessionInfo session) {
    open(session.protocol()).all.incrementAndGet();
    counter(Count.OPENED, session.protocol()).increment();
  }

  @Override
  public void secured(SessionInfo session, String version, boolean startTls) {
    handshakes(session.protocol(), version, startTls).increment();
  }

  @Override
  public void loggedIn(SessionInfo session) {
    open(session.protocol()).loggedIn.incrementAndGet();
  }

  @Override
  public void userLeft(SessionInfo session) {
    open(session.protocol()).loggedIn.decrementAndGet();
  }

  @Override
  public void closed(SessionInfo session, SessionStats stats, CloseReason why) {
    var states = open(session.protocol());
    session.user().ifPresent(_ -> states.loggedIn.decrementAndGet());
    states.all.decrementAndGet();
    if (why == CloseReason.FULL) {
      rejected(session.protocol(), Rejection.CONNECTIONS);
    } else if (why == CloseReason.ADDRESS_FULL) {
      rejected(session.protocol(), Rejection.ADDRESS);
    } else if (why == CloseReason.DENIED) {
      rejected(session.protocol(), Rejection.POLICY);
    } else if (why == CloseReason.EVICTED) {
      rejected(session.protocol(), Rejection.USER);
    }
    counter(Count.ENDED, session.protocol(), "reason", label(why)).increment();
    counter(Count.OCTETS, session.protocol(), "direction", "in")
        .increment((double) stats.octetsIn());
    counter(Count.OCTETS, session.protocol(), "direction", "out")
        .increment((double) stats.octetsOut());
  }

  @Override
  public void rejected(MailProtocol protocol, Rejection why) {
    counter(Count.REJECTED, protocol, "reason", label(why)).increment();
  }

  public static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
