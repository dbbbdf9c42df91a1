package io.postern.app;

import io.postern.config.Components;
import io.postern.config.SettingsReport;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class Provisional {
  @Produces
  @Singleton
  @DefaultBean
  Components components() {
    return new Components() {
      @Override
      public List<Component> all() {
        return List.of(new Component("imap", true, State.ACTIVE, 0, List.of()));
      }

      @Override
      public Optional<Component> set(String name, State state) {
        return all().stream().filter(c -> c.name().equals(name)).findFirst();
      }
    };
  }

  @Produces
  @Singleton
  @DefaultBean
  SettingsReport.Reporter reporter() {
    return () -> new SettingsReport(1, Instant.now(), Optional.empty(), List.of());
  }
}
