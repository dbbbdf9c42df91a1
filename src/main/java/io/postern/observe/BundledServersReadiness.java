package io.postern.observe;

import io.quarkus.arc.lookup.LookupIfProperty;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness of the bundled servers of a single node; exists only with them. Their supervisor writes
 * the states to system properties, as no package may import {@code embedded}. Redis may be down, as
 * in any installation; PostgreSQL may not.
 */
@Readiness
@Singleton
@LookupIfProperty(name = "mail.embedded.enabled", stringValue = "true")
public class BundledServersReadiness implements HealthCheck {
  private static final String STATE = "io.postern.embedded.state.";
  private static final String RUNNING = "running";
  private static final String POSTGRESQL = "postgresql";
  private static final String REDIS = "redis";

  @Override
  public HealthCheckResponse call() {
    var postgres = state(POSTGRESQL);
    return HealthCheckResponse.named("bundled servers")
        .status(postgres.equals(RUNNING))
        .withData(POSTGRESQL, postgres)
        .withData(REDIS, state(REDIS))
        .build();
  }

  private static String state(String server) {
    return System.getProperty(STATE + server, "unknown");
  }
}
