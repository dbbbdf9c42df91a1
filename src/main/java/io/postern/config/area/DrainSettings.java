package io.postern.config.area;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Draining: how sessions end when a service or the process stops. */
public interface DrainSettings {
  /**
   * The time over which sessions are ended and reconnect elsewhere, so that they do not all
   * reconnect at once. They are ended over four fifths of it; a small number is ended faster, at
   * least ten a second.
   */
  @WithDefault("PT30S")
  Duration spread();

  /**
   * How long a command may still run after its session was asked to end. The process needs the
   * spread, this and ten seconds to stop: {@code terminationGracePeriodSeconds} must be more.
   */
  @WithDefault("PT15S")
  Duration lastCommand();

  /** Declares the keys with their bounds. */
  static void declare(DrainSettings now, Keys keys) {
    keys.duration("mail.drain.spread", now.spread(), Duration.ZERO, Duration.ofMinutes(10));
    keys.duration(
        "mail.drain.last-command",
        now.lastCommand(),
        Duration.ofSeconds(1),
        Duration.ofMinutes(10));
  }
}
