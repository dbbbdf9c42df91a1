package io.postern.observe.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postern.auth.IssuerKeysMeter;
import jakarta.inject.Singleton;

/** Meters of fetching the token issuer's keys (JWKS). */
@Singleton
public class IssuerKeysMeters implements IssuerKeysMeter {
  private final Counter good;
  private final Counter bad;
  private volatile boolean last = true;

  IssuerKeysMeters(MeterRegistry registry) {
    good = counter(registry, "ok");
    bad = counter(registry, "failed");
    Gauge.builder("mail.auth.jwks.up", this, meters -> meters.last ? 1 : 0)
        .description("1 when the last fetch of the issuer's keys succeeded, else 0")
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("mail.auth.jwks.fetches")
        .description("fetches of the keys of the tokens' issuer")
        .tag("result", result)
        .register(registry);
  }

  @Override
  public void fetched(boolean successful) {
    last = successful;
    (successful ? good : bad).increment();
  }
}
