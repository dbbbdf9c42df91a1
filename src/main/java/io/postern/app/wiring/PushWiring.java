package io.postern.app.wiring;

import io.postern.push.HintMeter;
import io.postern.push.Hints;
import io.postern.push.LocalHints;
import io.postern.push.RedisHints;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Wires the publication of changes: between nodes through the Redis at {@code quarkus.redis.hosts};
 * without one, between the sessions of this node only.
 */
final class PushWiring {
  @Produces
  @Singleton
  Hints hints(
      Vertx vertx,
      HintMeter meter,
      RedisEndpoints endpoints,
      Instance<Redis> client,
      @ConfigProperty(name = "quarkus.redis.hosts") Optional<List<String>> hosts) {
    return hosts.isEmpty() ? new LocalHints() : new RedisHints(vertx, endpoints.of(client), meter);
  }

  void close(@Disposes Hints hints) {
    if (hints instanceof RedisHints redis) {
      redis.close();
    }
  }
}
