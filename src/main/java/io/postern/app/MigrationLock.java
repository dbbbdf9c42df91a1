package io.postern.app;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import java.util.Map;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Has Flyway hold its lock by the session and not by a transaction: {@code CREATE INDEX
 * CONCURRENTLY} waits for all transactions that have begun before it, and would wait for that one.
 */
@Singleton
final class MigrationLock implements FlywayConfigurationCustomizer {
  @Override
  public void customize(FluentConfiguration configuration) {
    configuration.configuration(Map.of("flyway.postgresql.transactional.lock", "false"));
  }
}
