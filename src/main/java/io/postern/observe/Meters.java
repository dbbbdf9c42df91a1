package io.postern.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postern.imap.session.Ports;
import io.postern.wire.Sessions;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** What is counted: commands with their time, open sessions. */
@Singleton
public class Meters implements Ports.CommandLog {
  private record Command(String verb, String outcome) {}

  private final MeterRegistry registry;
  private final Sessions sessions;
  // Looked up by every command: the registry's own look-up builds lists.
  private final ConcurrentHashMap<Command, Timer> timers = new ConcurrentHashMap<>();

  Meters(MeterRegistry registry, Sessions sessions) {
    this.registry = registry;
    this.sessions = sessions;
  }

  void register(@Observes StartupEvent event) {
    for (var protocol : List.of("imap", "pop3", "lmtp")) {
      Gauge.builder("mail.sessions", sessions, open -> open.count(protocol))
          .description("open sessions")
          .tag("protocol", protocol)
          .register(registry);
    }
  }

  @Override
  public void ran(String verb, String outcome, long nanos) {
    timers.computeIfAbsent(new Command(verb, outcome), this::timer).record(Duration.ofNanos(nanos));
  }

  private Timer timer(Command command) {
    return Timer.builder("mail.command")
        .description("from a command's last octet to its tagged answer")
        .tag("protocol", "imap")
        .tag("verb", command.verb())
        .tag("outcome", command.outcome())
        .register(registry);
  }
}
