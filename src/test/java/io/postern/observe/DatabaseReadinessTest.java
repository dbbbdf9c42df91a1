package io.postern.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

/** A database that does not answer makes a replica degraded, and unready only past the bound. */
class DatabaseReadinessTest {
  private static final Duration BOUND = Duration.ofMinutes(5);

  private final AtomicBoolean reachable = new AtomicBoolean(true);
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final DatabaseReadiness check = with(BOUND);

  private DatabaseReadiness with(Duration bound) {
    return new DatabaseReadiness(this::query, bound, now::get);
  }

  private Uni<Void> query() {
    return reachable.get()
        ? Uni.createFrom().voidItem()
        : Uni.createFrom().failure(new IllegalStateException("connection refused"));
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private void says(DatabaseReadiness asked, Status status, String state, long seconds) {
    var answer = asked.call().await().indefinitely();
    assertThat(answer.getStatus()).isEqualTo(status);
    assertThat(data(answer, "state")).isEqualTo(state);
    assertThat(data(answer, "outage-seconds")).isEqualTo(seconds);
  }

  private static Object data(HealthCheckResponse answer, String key) {
    return answer.getData().orElseThrow().getOrDefault(key, 0L);
  }

  @Test
  void aFailoverLeavesAReplicaReadyAndDegraded() {
    says(check, Status.UP, "ok", 0);
    reachable.set(false);
    says(check, Status.UP, "degraded", 0);
    pass(BOUND.minusNanos(1));
    says(check, Status.UP, "degraded", 299);
  }

  @Test
  void anOutageOfTheBoundMakesItUnready() {
    says(check, Status.UP, "ok", 0);
    reachable.set(false);
    says(check, Status.UP, "degraded", 0);
    pass(BOUND);
    says(check, Status.DOWN, "unreachable", 300);
  }

  @Test
  void anAnswerEndsTheOutage() {
    says(check, Status.UP, "ok", 0);
    reachable.set(false);
    says(check, Status.UP, "degraded", 0);
    pass(BOUND);
    reachable.set(true);
    says(check, Status.UP, "ok", 0);
    reachable.set(false);
    says(check, Status.UP, "degraded", 0);
  }

  @Test
  void aReplicaThatTheDatabaseNeverAnsweredIsNotReady() {
    reachable.set(false);
    says(check, Status.DOWN, "unreachable", 0);
    pass(Duration.ofSeconds(1));
    says(check, Status.DOWN, "unreachable", 1);
    reachable.set(true);
    says(check, Status.UP, "ok", 0);
  }

  @Test
  void aBoundOfZeroMakesItUnreadyAtOnce() {
    var impatient = with(Duration.ZERO);
    says(impatient, Status.UP, "ok", 0);
    reachable.set(false);
    says(impatient, Status.DOWN, "unreachable", 0);
  }

  @Test
  void aMigrationIsShownWithItsProgress() {
    var migrating =
        new DatabaseReadiness.Query() {
          @Override
          public Uni<Void> run() {
            return query();
          }

          @Override
          public Optional<String> migrating() {
            return Optional.of("6 of 10 mailboxes");
          }
        };
    reachable.set(false);
    var answer = new DatabaseReadiness(migrating, BOUND, now::get).call().await().indefinitely();
    assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
    assertThat(data(answer, "state")).isEqualTo("migrating");
    assertThat(data(answer, "migration")).isEqualTo("6 of 10 mailboxes");
  }
}
