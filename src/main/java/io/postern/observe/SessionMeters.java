package io.postern.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.postern.wire.CloseReason;
import io.postern.wire.Sessions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** What is counted of connections: how many there are in which state, and what became of them. */
@Singleton
public class SessionMeters implements Sessions.Log {
  private static final List<String> PROTOCOLS = List.of("imap", "pop3", "lmtp");

  private record Key(String name, Tags tags) {}

  private static final class Open {
    final AtomicInteger all = new AtomicInteger();
    final AtomicInteger loggedIn = new AtomicInteger();
    final AtomicInteger idle = new AtomicInteger();

    int strangers() {
      return all.get() - loggedIn.get();
    }

    int active() {
      return loggedIn.get() - idle.get();
    }
  }

  private final MeterRegistry registry;
  private final Map<String, Open> open = new ConcurrentHashMap<>();
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  SessionMeters(MeterRegistry registry) {
    this.registry = registry;
    PROTOCOLS.forEach(this::open);
    for (var protocol : PROTOCOLS) {
      for (var why : Sessions.Rejection.values()) {
        counter("mail.connections.rejected", protocol, "reason", label(why));
      }
    }
  }

  private Open open(String protocol) {
    return open.computeIfAbsent(protocol, this::gauges);
  }

  private Open gauges(String protocol) {
    var states = new Open();
    gauge(states, protocol, "pre-auth", Open::strangers);
    gauge(states, protocol, "authenticated", Open::active);
    gauge(states, protocol, "idle", s -> s.idle.get());
    return states;
  }

  private void gauge(Open states, String protocol, String state, ToIntFunction<Open> value) {
    Gauge.builder("mail.connections", states, s -> Math.max(0, value.applyAsInt(s)))
        .description("open connections")
        .tag("protocol", protocol)
        .tag("state", state)
        .register(registry);
  }

  private Counter counter(String name, String protocol, String... tags) {
    return counters.computeIfAbsent(
        new Key(name, Tags.of("protocol", protocol).and(tags)),
        key -> Counter.builder(key.name).tags(key.tags).register(registry));
  }

  /** So many sessions more idle; less when negative. */
  void idling(int more) {
    open("imap").idle.addAndGet(more);
  }

  @Override
  public void opened(Sessions.Open session) {
    open(session.protocol()).all.incrementAndGet();
    counter("mail.connections.opened", session.protocol()).increment();
  }

  @Override
  public void secured(Sessions.Open session, String version, boolean asked) {
    counter(
            "mail.tls.handshakes",
            session.protocol(),
            "version",
            version,
            "mode",
            asked ? "starttls" : "implicit")
        .increment();
  }

  @Override
  public void loggedIn(Sessions.Open session) {
    open(session.protocol()).loggedIn.incrementAndGet();
  }

  @Override
  public void closed(Sessions.Open session, Sessions.Tally tally, CloseReason why) {
    var states = open(session.protocol());
    session.user().ifPresent(_ -> states.loggedIn.decrementAndGet());
    states.all.decrementAndGet();
    if (why == CloseReason.FULL) {
      rejected(session.protocol(), Sessions.Rejection.CONNECTIONS);
    } else if (why == CloseReason.DENIED) {
      rejected(session.protocol(), Sessions.Rejection.POLICY);
    } else if (why == CloseReason.DISPLACED) {
      rejected(session.protocol(), Sessions.Rejection.USER);
    }
    counter("mail.sessions.ended", session.protocol(), "reason", label(why)).increment();
    counter("mail.sessions.octets", session.protocol(), "direction", "in")
        .increment((double) tally.octetsIn());
    counter("mail.sessions.octets", session.protocol(), "direction", "out")
        .increment((double) tally.octetsOut());
  }

  @Override
  public void rejected(String protocol, Sessions.Rejection why) {
    counter("mail.connections.rejected", protocol, "reason", label(why)).increment();
  }

  static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
