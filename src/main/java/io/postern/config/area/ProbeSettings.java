package io.postern.config.area;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Periodic probes of this server's own listeners, as a mail client. */
public interface ProbeSettings {
  /**
   * Whether the listeners of IMAP and POP3 are probed, each replica its own; the results are meters
   * and health groups, and change neither readiness nor liveness. Exchange: the probes of the
   * health sets IMAP and POP.
   */
  @WithDefault("false")
  boolean enabled();

  /** How often; 10 s to 1 h. */
  @WithDefault("PT1M")
  Duration interval();

  /** The longest time of one probe; 1 s to 2 min. */
  @WithDefault("PT10S")
  Duration timeout();

  /**
   * The login name of a mailbox that is read; without one, probes do not log in. Its logins come
   * from this machine, and failed ones count in {@code mail.guard}.
   */
  Optional<String> user();

  /** A file with its password; read again for each probe. */
  Optional<String> passwordFile();

  /** Declares the keys with their bounds. */
  static void declare(ProbeSettings now, Keys keys) {
    keys.flag("mail.probe.enabled", now.enabled());
    keys.duration(
        "mail.probe.interval", now.interval(), Duration.ofSeconds(10), Duration.ofHours(1));
    keys.duration(
        "mail.probe.timeout", now.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(2));
    keys.matching(
        "mail.probe.user", now.user(), "\\P{Cntrl}{1,320}", "a login name of 1 to 320 characters");
    keys.matching("mail.probe.password-file", now.passwordFile(), ".+", "a file");
    keys.rule(
        now.user().isPresent() == now.passwordFile().isPresent(),
        "mail.probe.user and mail.probe.password-file need each other: set both, or none");
  }
}
