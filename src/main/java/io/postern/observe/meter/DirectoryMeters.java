package io.postern.observe.meter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postern.auth.DirectoryMeter;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Meters of the calls of the LDAP directory. */
@Singleton
public class DirectoryMeters implements DirectoryMeter {
  private final Map<Call, Timer> good = new EnumMap<>(Call.class);
  private final Map<Call, Timer> bad = new EnumMap<>(Call.class);
  private volatile boolean last = true;

  DirectoryMeters(MeterRegistry registry) {
    for (var call : Call.values()) {
      good.put(call, timer(registry, call, "ok"));
      bad.put(call, timer(registry, call, "failed"));
    }
    Gauge.builder("mail.auth.directory.up", this, meters -> meters.last ? 1 : 0)
        .description("1 when the directory answered the last call, else 0")
        .register(registry);
  }

  private static Timer timer(MeterRegistry registry, Call call, String result) {
    return Timer.builder("mail.auth.directory.calls")
        .description("calls of the LDAP directory")
        .tag("call", call.name().toLowerCase(Locale.ROOT))
        .tag("result", result)
        .register(registry);
  }

  @Override
  public void called(Call call, boolean answered, Duration took) {
    last = answered;
    Objects.requireNonNull((answered ? good : bad).get(call)).record(took);
  }
}
