package io.postern.observe.meter;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postern.imap.selected.UpdateMeter;
import io.postern.model.MailProtocol;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Meters of commands, with their number and duration, and of push latency. */
@Singleton
public class CommandMeters implements SessionObserver, UpdateMeter {
  private record Command(MailProtocol protocol, String verb, String outcome) {
    // Explicit: a native executable interprets the generated methods of a record, which is slow.
    @Override
    public boolean equals(Object other) {
      return other instanceof Command it
          && protocol == it.protocol
          && verb.equals(it.verb)
          && outcome.equals(it.outcome);
    }

    @Override
    public int hashCode() {
      return (31 * protocol.hashCode() + verb.hashCode()) * 31 + outcome.hashCode();
    }
  }

  private final MeterRegistry registry;
  private final SessionMeters sessions;
  private final Timer lag;
  private final DistributionSummary modSeqsBehind;
  // Every command looks up its meter here: the registry's own look-up builds lists.
  private final ConcurrentHashMap<Command, Timer> timers = new ConcurrentHashMap<>();

  CommandMeters(MeterRegistry registry, SessionMeters sessions) {
    this.registry = registry;
    this.sessions = sessions;
    this.lag =
        Timer.builder("mail.push.lag")
            .description(
                "from the commit of a change, on any node, to the update of an idling client")
            .serviceLevelObjectives(
                Stream.of(1, 2, 5, 10, 20, 50, 100, 500, 2_000, 10_000, 60_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new))
            .register(registry);
    this.modSeqsBehind =
        DistributionSummary.builder("mail.view.lag")
            .description("mod-sequences that a client was behind when it was updated")
            .serviceLevelObjectives(1, 2, 5, 10, 100, 1_000, 10_000)
            .register(registry);
  }

  @Override
  public void commandEnded(SessionInfo session, String verb, String outcome, long nanos) {
    timers
        .computeIfAbsent(new Command(session.protocol(), verb, outcome), this::timer)
        .record(Duration.ofNanos(nanos));
  }

  @Override
  public void idling(int more) {
    sessions.idling(more);
  }

  @Override
  public void pushed(long nanos) {
    lag.record(Duration.ofNanos(nanos));
  }

  @Override
  public void caughtUp(long modSeqs) {
    modSeqsBehind.record((double) modSeqs);
  }

  private Timer timer(Command command) {
    return Timer.builder("mail.command")
        .description("from a command's last octet to the end of its answer")
        .tag("protocol", command.protocol().label())
        .tag("command", command.verb())
        .tag("outcome", command.outcome())
        .serviceLevelObjectives(Buckets.COMMANDS)
        .register(registry);
  }
}
