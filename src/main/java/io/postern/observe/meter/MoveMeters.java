package io.postern.observe.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postern.site.move.MoveMeter;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Meters of moves of accounts. */
@Singleton
@Typed(MoveMeters.class)
public class MoveMeters implements MoveMeter {
  private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
  private final Timer frozen;
  private final Counter octets;

  MoveMeters(MeterRegistry registry) {
    for (var outcome : Outcome.values()) {
      outcomes.put(
          outcome,
          Counter.builder("mail.site.moves")
              .description("runs of moves of accounts to other sites")
              .tag("result", SessionMeters.label(outcome))
              .register(registry));
    }
    frozen =
        Timer.builder("mail.site.move.frozen")
            .description("how long changes of an account that moves were refused")
            .register(registry);
    octets =
        Counter.builder("mail.site.move.octets")
            .description("octets of messages copied to other sites")
            .register(registry);
  }

  @Override
  public void ended(Outcome outcome) {
    Objects.requireNonNull(outcomes.get(outcome)).increment();
  }

  @Override
  public void frozen(Duration time) {
    frozen.record(time);
  }

  @Override
  public void copied(long contents, long more) {
    octets.increment((double) more);
  }
}
