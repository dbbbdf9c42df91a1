package io.postern.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postern.config.Live;
import io.postern.config.component.Components;
import io.postern.config.component.Components.State;
import io.postern.config.watch.SettingsReport;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;

/** Meters of the settings and of the services that they switch. */
@Singleton
public class SettingsMeters {
  private final MeterRegistry registry;
  private final Live live;
  private final SettingsReport.Reporter reporter;
  private final Components components;
  private final ListenerReadiness.Listeners listeners;

  SettingsMeters(
      MeterRegistry registry,
      Live live,
      SettingsReport.Reporter reporter,
      Components components,
      ListenerReadiness.Listeners listeners) {
    this.registry = registry;
    this.live = live;
    this.reporter = reporter;
    this.components = components;
    this.listeners = listeners;
  }

  void register(@Observes StartupEvent event) {
    Gauge.builder("mail.config.generation", live, Live::generation)
        .description("how often changed settings were put in force")
        .register(registry);
    FunctionCounter.builder("mail.config.errors", reporter, SettingsReport.Reporter::errors)
        .description("rejected changes of settings")
        .register(registry);
    Gauge.builder("mail.config.last.reload.success", reporter, it -> it.inForce() ? 1 : 0)
        .description("1 when the current files are in force")
        .register(registry);
    Gauge.builder("mail.listeners.failed", listeners, it -> it.failures().size())
        .description("endpoints that could not be bound")
        .register(registry);
    for (var component : components.all()) {
      for (var state : State.values()) {
        Gauge.builder("mail.component", components, all -> is(all, component.name(), state))
            .description("1 for the state of the service, 0 for the other states")
            .tag("component", component.name())
            .tag("state", state.name().toLowerCase(Locale.ROOT))
            .register(registry);
      }
    }
  }

  private static double is(Components components, String name, State state) {
    return components.all().stream().anyMatch(it -> it.name().equals(name) && it.state() == state)
        ? 1
        : 0;
  }
}
