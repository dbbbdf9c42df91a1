package io.postern.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How sessions leave when a service or the process ends. */
public interface DrainSettings {
  /**
   * Over how long sessions leave and are taken in elsewhere, so that they don't all come back at
   * once. They are asked to over four fifths of it. Few leave faster: at least ten a second.
   */
  @WithDefault("PT30S")
  Duration spread();

  /**
   * How long a command that runs when its session is asked to leave may take. The process needs the
   * spread, this and ten seconds to end: {@code terminationGracePeriodSeconds} must be more.
   */
  @WithDefault("PT15S")
  Duration lastCommand();

  /** The keys with their bounds. */
  static void declare(DrainSettings now, Keys keys) {
    keys.duration("mail.drain.spread", now.spread(), Duration.ZERO, Duration.ofMinutes(10));
    keys.duration(
        "mail.drain.last-command",
        now.lastCommand(),
        Duration.ofSeconds(1),
        Duration.ofMinutes(10));
  }
}
