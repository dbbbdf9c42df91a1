package io.postern.app;

import io.postern.embedded.OwnRedis;
import java.nio.file.Path;
import java.util.Map;

/** Two packaged servers on the database of the tests and one Redis, which may be stopped. */
record TwoServers(OwnRedis redis, Packaged here, Packaged there) implements AutoCloseable {
  /**
   * Starts them.
   *
   * @param directory for the program of Redis
   * @param more settings, beyond those that make them serve
   */
  static TwoServers start(Path directory, Map<String, String> more) throws Exception {
    var redis = new OwnRedis(directory);
    return new TwoServers(redis, Packaged.launch(redis, more), Packaged.launch(redis, more));
  }

  @Override
  public void close() {
    here.close();
    there.close();
    redis.close();
  }
}
