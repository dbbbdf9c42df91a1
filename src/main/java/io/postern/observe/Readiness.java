package io.postern.observe;

import io.postern.push.Hints;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Whether clients should be sent here: the listeners take connections. That the database answers is
 * the platform's own check; a Redis that does not costs freshness only, so it is no reason.
 */
@org.eclipse.microprofile.health.Readiness
@Singleton
public class Readiness implements HealthCheck {
  /** Who knows the listeners. */
  public interface Listeners {
    /** Whether all that the settings ask for are bound, and none is being closed. */
    boolean listening();

    /** Where they listen. */
    List<String> places();

    /** What cannot be had, and why. */
    default List<String> failures() {
      return List.of();
    }
  }

  private final Listeners listeners;
  private final Hints hints;

  Readiness(Listeners listeners, Hints hints) {
    this.listeners = listeners;
    this.hints = hints;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("mail listeners").status(listeners.listening());
    var places = String.join(", ", listeners.places());
    return response
        .withData("places", places.isEmpty() ? "none enabled" : places)
        .withData("failures", String.join("; ", listeners.failures()))
        .withData("push", hints.degraded() ? "degraded" : "ok")
        .build();
  }
}
