package io.postern.app.wiring;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether the database has the schema of this package. Calls of the store wait for the check that
 * runs, and fail with it when the database does not answer. Safe for all threads.
 */
@Singleton
public final class SchemaStatus {
  /** The check that runs: waiting calls end with it. */
  private final AtomicReference<Promise<Void>> check = new AtomicReference<>(Promise.promise());

  /** The final result of all checks. */
  private final Promise<Void> result = Promise.promise();

  /** What the migration does that runs. */
  private final AtomicReference<Optional<String>> migrating =
      new AtomicReference<>(Optional.empty());

  /** A migration runs: what it does, and how far it is. */
  public void markMigrating(String progress) {
    migrating.set(Optional.of(progress));
  }

  /** What the migration does that runs, as it was reported last; empty when none does. */
  Optional<String> migrating() {
    return migrating.get();
  }

  /** The database has the schema. */
  public void markCurrent() {
    migrating.set(Optional.empty());
    check.get().complete();
    result.complete();
  }

  /** The database does not answer: fails the check that runs, and begins a new one. */
  public void markUnreachable(Throwable why) {
    check.getAndSet(Promise.promise()).fail(why);
  }

  /** The database cannot be used: fails the check that runs, and all calls after it at once. */
  public void markUnusable(Throwable why) {
    check.get().fail(why);
    result.fail(why);
  }

  /** Completes when the database has the schema; fails when the check that runs fails. */
  Future<Void> check() {
    return check.get().future();
  }

  /** Completes when the database has the schema, after however many checks. */
  public Uni<Void> whenCurrent() {
    return Uni.createFrom().completionStage(() -> result.future().toCompletionStage());
  }
}
