package io.postern.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Notification of idle sessions about changes. */
public interface PushSettings {
  /** How often an idle session polls the store while Redis is down; 10 s to 29 min. */
  @WithDefault("PT1M")
  Duration pollInterval();

  /** Declares the keys with their bounds. */
  static void declare(PushSettings now, Keys keys) {
    keys.duration(
        "mail.push.poll-interval",
        now.pollInterval(),
        Duration.ofSeconds(10),
        Duration.ofMinutes(29));
  }
}
