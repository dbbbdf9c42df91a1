package io.postern.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the servers' own tools and waits for them to end. */
final class Commands {

  private static final int TAIL_LINES = 20;

  private Commands() {}

  /** Creates a builder for the command, in the same environment for all tools. */
  static ProcessBuilder builder(List<String> prefix, List<String> command) {
    var words = new ArrayList<>(prefix);
    words.addAll(command);
    var builder = new ProcessBuilder(words);
    // Messages in one language, and no PG* variable that would direct a tool elsewhere.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  /**
   * Runs a command and waits for it.
   *
   * @param log receives the output of the command
   * @param within the longest time it may take; it is killed then
   * @throws IllegalStateException if it fails or takes too long, with the last lines of the log
   */
  static void run(List<String> prefix, List<String> command, Path log, Duration within)
      throws IOException, InterruptedException {
    var process =
        builder(prefix, command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " took longer than " + within + tail(log));
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          command + " ended with status " + process.exitValue() + tail(log));
    }
  }

  /** Whether a command can be run and exits with status 0; its output is discarded. */
  static boolean succeeds(String... command) throws InterruptedException {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException _) {
      // ProcessBuilder reports in this way that the command does not exist.
      return false;
    }
  }

  private static String tail(Path log) throws IOException {
    var lines = Files.readAllLines(log);
    return lines.stream()
        .skip(Math.max(0, lines.size() - TAIL_LINES))
        .reduce(";\nthe end of " + log + ":", (text, line) -> text + "\n  " + line);
  }
}
