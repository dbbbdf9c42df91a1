package io.postern.config.watch;

import io.postern.config.BootSettings;
import io.postern.config.LiveSettings;
import io.postern.config.area.AuthSettings;
import io.postern.config.area.DrainSettings;
import io.postern.config.area.GuardSettings;
import io.postern.config.area.ImapSettings;
import io.postern.config.area.Keys;
import io.postern.config.area.LmtpSettings;
import io.postern.config.area.Pop3Settings;
import io.postern.config.area.ProbeSettings;
import io.postern.config.area.RetentionSettings;
import io.postern.config.area.TraceSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks settings against the bounds that are declared beside them, and reports all errors at once.
 */
public final class Bounds {
  private Bounds() {}

  /** The keys of hot settings. */
  public static Keys of(LiveSettings settings) {
    var keys = new Keys();
    LiveSettings.declare(settings, keys);
    ImapSettings.declare(settings.imap(), keys);
    Pop3Settings.declare(settings.pop3(), keys);
    AuthSettings.declare(settings.auth(), keys);
    LmtpSettings.declare(settings.lmtp(), keys);
    LiveSettings.Push.declare(settings.push(), keys);
    GuardSettings.declare(settings.guard(), keys);
    RetentionSettings.declare(settings.retention(), keys);
    DrainSettings.declare(settings.drain(), keys);
    TraceSettings.declare(settings.trace(), keys);
    ProbeSettings.declare(settings.probe(), keys);
    return keys;
  }

  /** The keys of boot settings. */
  public static Keys of(BootSettings settings) {
    var keys = new Keys();
    BootSettings.declare(settings, keys);
    return keys;
  }

  /**
   * Returns for each wrong value its key, the value and what is allowed. Empty when the settings
   * can be put in force.
   */
  public static List<String> problems(LiveSettings settings) {
    return of(settings).problems();
  }

  /** The same for boot settings. */
  public static List<String> problems(BootSettings settings) {
    return of(settings).problems();
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of its bounds, naming all such values
   */
  public static void check(LiveSettings live, BootSettings boot) {
    var problems = new ArrayList<>(problems(live));
    problems.addAll(problems(boot));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "The settings cannot be put in force: " + String.join("; ", problems));
    }
  }
}
