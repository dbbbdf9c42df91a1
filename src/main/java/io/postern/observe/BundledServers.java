package io.postern.observe;

import io.quarkus.arc.lookup.LookupIfProperty;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether the bundled servers of a single node run; only where there are such. Their supervisor
 * leaves the states in system properties, as no room may import the room {@code embedded}. Redis
 * may be away, as in any installation; PostgreSQL may not.
 */
@Readiness
@Singleton
@LookupIfProperty(name = "mail.embedded.enabled", stringValue = "true")
public class BundledServers implements HealthCheck {
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
