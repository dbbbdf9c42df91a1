package io.postern.observe.meter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When the certificate of the mail ports expires. */
@Singleton
public class CertificateMeters {
  /** The source of the certificates that clients are shown. */
  @FunctionalInterface
  public interface Certificates {
    /** When the first of them expires; empty when there is none. Called at each scrape. */
    Optional<Instant> notAfter();
  }

  private final MeterRegistry registry;
  private final Certificates certificates;

  CertificateMeters(MeterRegistry registry, Certificates certificates) {
    this.registry = registry;
    this.certificates = certificates;
  }

  void register(@Observes @Nullable StartupEvent event) {
    Gauge.builder("mail.tls.certificate.expiry.timestamp", certificates, CertificateMeters::seconds)
        .description("when the first of the mail ports' certificates expires, in Unix time")
        .baseUnit("seconds")
        .register(registry);
  }

  /** NaN without a certificate, so that no alert fires. */
  private static double seconds(Certificates certificates) {
    return certificates.notAfter().map(end -> (double) end.getEpochSecond()).orElse(Double.NaN);
  }
}
