package io.postern.observe;

import io.postern.config.BootSettings;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness of the database. All replicas share one database: if each became unready as soon as it
 * does not answer, a failover would close every port of the service at once, and clients would get
 * a refused connection in place of {@code NO [UNAVAILABLE]}, after which they keep their mail and
 * retry. So a replica that the database has answered before stays ready, and reports {@code
 * degraded}, until the outage has lasted for {@code mail.store.unready-after}. A replica that the
 * database has never answered is not ready: the fault may be the replica's own.
 *
 * <p>May be called from any thread; each call queries the database once.
 */
@Readiness
@Singleton
public class DatabaseReadiness implements AsyncHealthCheck {
  private static final String NAME = "database";
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** Queries the database. */
  @FunctionalInterface
  public interface Query {
    /** Completes when the database has answered; fails when it cannot. */
    Uni<Void> run();

    /** What the migration does that runs, and how far it is; the database answers after it. */
    default Optional<String> migrating() {
      return Optional.empty();
    }
  }

  /**
   * The state of the check.
   *
   * @param answered whether the database has ever answered
   * @param failingSince the time of the first failure since its last answer
   */
  private record State(boolean answered, OptionalLong failingSince) {}

  private final Query query;
  private final Duration bound;
  private final LongSupplier nanoTime;

  private final AtomicReference<State> state =
      new AtomicReference<>(new State(false, OptionalLong.empty()));

  @Inject
  DatabaseReadiness(Query query, BootSettings settings) {
    this(query, settings.store().unreadyAfter(), System::nanoTime);
  }

  /**
   * @param bound how long the database may be unreachable before this replica is unready
   * @param nanoTime a monotonic clock
   */
  DatabaseReadiness(Query query, Duration bound, LongSupplier nanoTime) {
    this.query = query;
    this.bound = bound;
    this.nanoTime = nanoTime;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return query
        .run()
        .ifNoItem()
        .after(TIMEOUT)
        .fail()
        .map(_ -> answered())
        .onFailure()
        .recoverWithItem(this::failed);
  }

  private HealthCheckResponse answered() {
    state.set(new State(true, OptionalLong.empty()));
    return HealthCheckResponse.named(NAME).up().withData("state", "ok").build();
  }

  private HealthCheckResponse failed() {
    long now = nanoTime.getAsLong();
    var known =
        state.updateAndGet(
            it -> new State(it.answered(), OptionalLong.of(it.failingSince().orElse(now))));
    var outage = Duration.ofNanos(now - known.failingSince().orElseThrow());
    boolean ready = known.answered() && outage.compareTo(bound) < 0;
    var response =
        HealthCheckResponse.named(NAME)
            .status(ready)
            .withData("outage-seconds", outage.toSeconds());
    return query
        .migrating()
        .map(what -> response.withData("state", "migrating").withData("migration", what))
        .orElseGet(() -> response.withData("state", ready ? "degraded" : "unreachable"))
        .build();
  }
}
