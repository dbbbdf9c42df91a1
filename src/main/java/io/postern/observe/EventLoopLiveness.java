package io.postern.observe;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Liveness: each event loop runs a small task in time. A blocked loop serves none of its
 * connections, and only a restart frees it. Nothing outside the process is checked: a restart does
 * not repair a database.
 */
@Liveness
@Singleton
public class EventLoopLiveness implements AsyncHealthCheck {
  private static final String NAME = "event loops";

  /** Shorter than the timeout of a probe, longer than any garbage collection pause. */
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final VertxInternal vertx;

  EventLoopLiveness(Vertx vertx) {
    this.vertx = (VertxInternal) vertx;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    var turns = new ArrayList<Uni<Void>>();
    for (var loop : vertx.getEventLoopGroup()) {
      turns.add(Uni.createFrom().emitter(turned -> loop.execute(() -> turned.complete(null))));
    }
    return Uni.join()
        .all(turns)
        .andFailFast()
        .ifNoItem()
        .after(TIMEOUT)
        .fail()
        .map(_ -> HealthCheckResponse.up(NAME))
        .onFailure()
        .recoverWithItem(HealthCheckResponse.down(NAME));
  }
}
