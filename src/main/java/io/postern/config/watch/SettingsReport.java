package io.postern.config.watch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The settings as they are, for people to read.
 *
 * @param generation counts what was put in force, from 1
 * @param since when the generation was put in force
 * @param lastError why the files as they are now were not taken; empty when they are in force
 * @param settings all of them, by name
 */
public record SettingsReport(
    long generation, Instant since, Optional<Refused> lastError, List<Setting> settings) {
  /** Who can make a report of now. May be asked from any thread. */
  @FunctionalInterface
  public interface Reporter {
    /** The settings of now. */
    SettingsReport report();

    /** How often changed files were not taken. */
    default long errors() {
      return 0;
    }

    /** Whether the files as they are now are in force. */
    default boolean inForce() {
      return report().lastError().isEmpty();
    }
  }

  /**
   * One setting.
   *
   * @param key its name
   * @param value the value in force; of a secret only {@code set} or nothing
   * @param source where it comes from; {@code default} when nobody says anything
   * @param allowed its range or form
   * @param hot whether it takes effect while the server runs
   */
  public record Setting(String key, String value, String source, String allowed, boolean hot) {}

  /**
   * Files that were not taken.
   *
   * @param when they were read
   * @param problems what is wrong with them, all of it
   */
  public record Refused(Instant when, List<String> problems) {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  public SettingsReport {
    settings = List.copyOf(settings);
  }
}
