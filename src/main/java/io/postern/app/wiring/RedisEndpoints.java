package io.postern.app.wiring;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The endpoints of Redis from the platform's settings: {@code quarkus.redis.*}, TLS, user and kind
 * of client included. The platform passes these options to its customizers; this one records them,
 * and the platform's own client is not used.
 */
@Singleton
final class RedisEndpoints implements RedisOptionsCustomizer {
  private static final String MAIN_CLIENT = "<default>";

  private final List<RedisOptions> recorded = new CopyOnWriteArrayList<>();

  @Override
  public void customize(String client, RedisOptions options) {
    if (client.equals(MAIN_CLIENT)) {
      recorded.add(options);
    }
  }

  /**
   * Equivalent endpoints, for one connection each; none when no Redis is set.
   *
   * @param client the platform's client, created on first use
   */
  List<RedisOptions> of(Instance<Redis> client) {
    client.get();
    return recorded.stream().limit(1).flatMap(options -> equivalent(options).stream()).toList();
  }

  /**
   * Every node of a cluster forwards published messages to all others, so any one will do.
   * Otherwise the client finds the master.
   */
  static List<RedisOptions> equivalent(RedisOptions options) {
    if (options.getType() != RedisClientType.CLUSTER) {
      return List.of(options);
    }
    return options.getEndpoints().stream()
        .map(
            endpoint ->
                new RedisOptions(options)
                    .setType(RedisClientType.STANDALONE)
                    .setEndpoints(List.of(endpoint)))
        .toList();
  }
}
