package io.postern.observe.meter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postern.model.MailProtocol;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which engine performs the TLS handshakes. */
@Singleton
public class TlsEngineMeters {
  private static final List<String> NAMES = List.of("jdk", "openssl");

  /** The source of the engines. */
  @FunctionalInterface
  public interface Engines {
    /**
     * The name of the engine that performs new handshakes of a protocol: {@code jdk} or {@code
     * openssl}. Called at each scrape.
     */
    String name(MailProtocol protocol);
  }

  private final MeterRegistry registry;
  private final Engines engines;

  TlsEngineMeters(MeterRegistry registry, Engines engines) {
    this.registry = registry;
    this.engines = engines;
  }

  void register(@Observes @Nullable StartupEvent event) {
    for (var protocol : MailProtocol.values()) {
      for (var name : NAMES) {
        Gauge.builder(
                "mail.tls.engine", engines, source -> source.name(protocol).equals(name) ? 1 : 0)
            .description("1 for the engine that performs new TLS handshakes, 0 for the other")
            .tag("protocol", protocol.label())
            .tag("engine", name)
            .register(registry);
      }
    }
  }
}
