package io.postern.app;

import io.postern.push.HintMeter;
import io.postern.push.Hints;
import io.postern.push.LocalHints;
import io.postern.push.RedisHints;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How nodes tell each other of changes: through the Redis at {@code quarkus.redis.hosts}; without
 * one, sessions of this node tell each other.
 */
final class PushWiring {
  private static final int CONNECT_MILLIS = 2_000;

  @Produces
  @Singleton
  Hints hints(
      Vertx vertx,
      HintMeter meter,
      @ConfigProperty(name = "quarkus.redis.hosts") Optional<List<String>> hosts,
      @ConfigProperty(name = "quarkus.redis.password") Optional<String> password) {
    if (hosts.isEmpty()) {
      return new LocalHints();
    }
    var net = new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpKeepAlive(true);
    var options = new RedisOptions().setNetClientOptions(net);
    hosts.get().forEach(host -> options.addConnectionString(host.strip()));
    password.ifPresent(options::setPassword);
    return new RedisHints(vertx, options, meter);
  }

  void close(@Disposes Hints hints) {
    if (hints instanceof RedisHints redis) {
      redis.close();
    }
  }
}
