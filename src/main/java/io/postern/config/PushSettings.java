package io.postern.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Push. */
public interface PushSettings {
  /**
   * How often an idling session looks for changes by itself while Redis is away; 10 s to 29 min.
   */
  @WithDefault("PT1M")
  Duration pollInterval();

  /** The keys with their bounds. */
  static void declare(PushSettings now, Keys keys) {
    keys.duration(
        "mail.push.poll-interval",
        now.pollInterval(),
        Duration.ofSeconds(10),
        Duration.ofMinutes(29));
  }
}
