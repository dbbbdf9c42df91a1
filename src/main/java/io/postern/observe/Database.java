package io.postern.observe;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether clients should be sent here: the database answers. */
@Readiness
@Singleton
public class Database implements AsyncHealthCheck {
  private static final String NAME = "database";
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Who can ask it. */
  @FunctionalInterface
  public interface Question {
    /** Completes when the database has answered something; fails when it cannot. */
    Uni<Void> ask();
  }

  private final Question question;

  Database(Question question) {
    this.question = question;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return question
        .ask()
        .ifNoItem()
        .after(PATIENCE)
        .fail()
        .map(_ -> HealthCheckResponse.up(NAME))
        .onFailure()
        .recoverWithItem(HealthCheckResponse.down(NAME));
  }
}
