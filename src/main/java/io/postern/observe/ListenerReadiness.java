package io.postern.observe;

import io.postern.push.Hints;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness of the mail listeners: whether they accept connections. {@code DatabaseReadiness}
 * checks the database; without Redis only updates come later, so it does not make the node unready.
 */
@Readiness
@Singleton
public class ListenerReadiness implements HealthCheck {
  /** The state of the listeners. */
  public interface Listeners {
    /** Whether all listeners of the settings are bound and none is being closed. */
    boolean listening();

    /** The endpoints they listen on. */
    List<String> endpoints();

    /** The listeners that could not be bound, and why. */
    default List<String> failures() {
      return List.of();
    }
  }

  private final Listeners listeners;
  private final Hints hints;

  ListenerReadiness(Listeners listeners, Hints hints) {
    this.listeners = listeners;
    this.hints = hints;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("mail listeners").status(listeners.listening());
    var endpoints = String.join(", ", listeners.endpoints());
    return response
        .withData("endpoints", endpoints.isEmpty() ? "none enabled" : endpoints)
        .withData("failures", String.join("; ", listeners.failures()))
        .withData("push", hints.degraded() ? "degraded" : "ok")
        .build();
  }
}
