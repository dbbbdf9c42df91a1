package io.postern.embedded;

import io.quarkus.arc.lookup.LookupIfProperty;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether the bundled servers run, in readiness. The states are in system properties: the servers
 * are started by another class loader than the one that answers. Redis may be away, as in any
 * installation; PostgreSQL may not.
 */
@Readiness
@Singleton
@LookupIfProperty(name = "mail.embedded.enabled", stringValue = "true")
public final class ServerStates implements HealthCheck {
  static final String RUNNING = "running";

  private static final String STATE = "io.postern.embedded.state.";

  /** Says what a server does now. */
  static void publish(String server, String state) {
    System.setProperty(STATE + server, state);
  }

  private static String state(String server) {
    return System.getProperty(STATE + server, "unknown");
  }

  @Override
  public HealthCheckResponse call() {
    var postgres = state(Postgres.NAME);
    return HealthCheckResponse.named("bundled servers")
        .status(postgres.equals(RUNNING))
        .withData(Postgres.NAME, postgres)
        .withData(Redis.NAME, state(Redis.NAME))
        .build();
  }
}
