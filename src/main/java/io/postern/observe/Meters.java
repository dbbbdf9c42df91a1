package io.postern.observe;

import io.micrometer.core.instrument.DistributionSummary;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What is counted: commands with their time, open sessions, how late push is. */
@Singleton
public class Meters implements Ports.CommandLog {
  private record Command(String protocol, String verb, String outcome) {}

  private final MeterRegistry registry;
  private final Sessions sessions;
  private final AtomicInteger idle = new AtomicInteger();
  private final Timer lag;
  private final DistributionSummary behind;
  // Looked up by every command: the registry's own look-up builds lists.
  private final ConcurrentHashMap<Command, Timer> timers = new ConcurrentHashMap<>();

  Meters(MeterRegistry registry, Sessions sessions) {
    this.registry = registry;
    this.sessions = sessions;
    this.lag =
        Timer.builder("mail.push.lag")
            .description(
                "from the commit of a change, on any node, until an idling client was told")
            .serviceLevelObjectives(
                Stream.of(1, 2, 5, 10, 20, 50, 100, 500, 2_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new))
            .register(registry);
    this.behind =
        DistributionSummary.builder("mail.view.lag")
            .description("how many mod-sequences a view was behind when its client was told all")
            .serviceLevelObjectives(1, 2, 5, 10, 100, 1_000, 10_000)
            .register(registry);
  }

  void register(@Observes StartupEvent event) {
    Gauge.builder("mail.sessions.idle", idle, AtomicInteger::get)
        .description("sessions that idle")
        .register(registry);
    for (var protocol : List.of("imap", "pop3", "lmtp")) {
      Gauge.builder("mail.sessions", sessions, open -> open.count(protocol))
          .description("open sessions")
          .tag("protocol", protocol)
          .register(registry);
    }
  }

  @Override
  public void ran(String verb, String outcome, long nanos) {
    ran("imap", verb, outcome, nanos);
  }

  /** A command of any protocol ended; its verb is of a closed list, else this would not be. */
  public void ran(String protocol, String verb, String outcome, long nanos) {
    timers
        .computeIfAbsent(new Command(protocol, verb, outcome), this::timer)
        .record(Duration.ofNanos(nanos));
  }

  @Override
  public void idling(int more) {
    idle.addAndGet(more);
  }

  @Override
  public void pushed(long nanos) {
    lag.record(Duration.ofNanos(nanos));
  }

  @Override
  public void caughtUp(long modSeqs) {
    behind.record((double) modSeqs);
  }

  private Timer timer(Command command) {
    return Timer.builder("mail.command")
        .description("from a command's last octet to the end of its answer")
        .tag("protocol", command.protocol())
        .tag("verb", command.verb())
        .tag("outcome", command.outcome())
        .register(registry);
  }
}
