package io.postern.config.watch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A report of the settings in force, for people to read.
 *
 * @param generation counts how often settings were put in force, from 1
 * @param since when the generation was put in force
 * @param lastError why the current files were rejected; empty when they are in force
 * @param settings all of them, by name
 */
public record SettingsReport(
    long generation, Instant since, Optional<RejectedFiles> lastError, List<Setting> settings) {
  /** Makes reports of the current settings. May be called from any thread. */
  @FunctionalInterface
  public interface Reporter {
    /** Returns the current settings. */
    SettingsReport report();

    /** How often changed files were rejected. */
    default long errors() {
      return 0;
    }

    /** Whether the current files are in force. */
    default boolean inForce() {
      return report().lastError().isEmpty();
    }
  }

  /**
   * One setting.
   *
   * @param key its name
   * @param value the value in force; of a secret {@code set} or nothing
   * @param source where the value comes from; {@code default} when no source sets it
   * @param allowed its range or form
   * @param hot whether it takes effect while the server runs
   */
  public record Setting(String key, String value, String source, String allowed, boolean hot) {}

  /**
   * Rejected files.
   *
   * @param when they were read
   * @param problems all that is wrong with them
   */
  public record RejectedFiles(Instant when, List<String> problems) {
    public RejectedFiles {
      problems = List.copyOf(problems);
    }
  }

  public SettingsReport {
    settings = List.copyOf(settings);
  }
}
