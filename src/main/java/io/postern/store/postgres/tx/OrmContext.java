package io.postern.store.postgres.tx;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** How work of Hibernate runs: each call on a context of its own. */
final class OrmContext {
  private OrmContext() {}

  /** Runs Hibernate on that context. */
  static <T> Future<T> isolated(Context context, Supplier<Uni<T>> work) {
    var promise = Promise.<T>promise();
    context.runOnContext(
        _ ->
            Uni.createFrom()
                .deferred(work::get)
                .subscribe()
                .with(promise::complete, promise::fail));
    return promise.future();
  }

  /**
   * A fresh context of the event loop: Hibernate keeps its session in the context, and refuses one
   * that several calls may share.
   */
  static Context context(LoopConnections loop) {
    var context = Objects.requireNonNull(VertxContext.createNewDuplicatedContext(loop.context()));
    VertxContextSafetyToggle.setContextSafe(context, true);
    return context;
  }

  /** Runs the body on the session, unless the call is over or cancelled. */
  static <S, T> Uni<T> begun(Call<T> call, S session, Function<S, Uni<T>> body) {
    return Uni.createFrom()
        .completionStage(() -> call.begin().toCompletionStage())
        .chain(() -> body.apply(session));
  }
}
