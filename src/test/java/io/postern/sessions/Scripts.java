package io.postern.sessions;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The scripts of the house. */
final class Scripts {
  static final Path ROOT = Path.of("src", "test", "sessions");

  private static final Logger LOG = System.getLogger(Scripts.class.getName());

  private Scripts() {}

  /** The scripts below the folder whose path holds the text of {@code -Dsession=}, by name. */
  static List<Path> below(Path folder) {
    var filter = System.getProperty("session", "");
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".session"))
          .filter(file -> file.toString().contains(filter))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A test for each script, run on the target. Those that it can't be set up for are skipped with
   * the reason, and their number is printed.
   */
  static Stream<DynamicTest> tests(Target target) {
    var scripts = below(ROOT).stream().map(ScriptReader::read).toList();
    var leftOut = scripts.stream().flatMap(script -> target.obstacle(script).stream()).toList();
    LOG.log(
        Level.INFO,
        "{0} scripts, {1} left out {2}",
        scripts.size(),
        leftOut.size(),
        Set.copyOf(leftOut));
    return scripts.stream()
        .map(
            script ->
                DynamicTest.dynamicTest(
                    ROOT.relativize(script.file()).toString(),
                    script.file().toUri(),
                    () -> play(target, script)))
        .onClose(() -> target.set(List.of()));
  }

  private static void play(Target target, Script script) throws IOException {
    var obstacle = target.obstacle(script);
    assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    Player.play(target, mail(), script);
  }

  static Mail mail() {
    return new Mail(ROOT.resolve("mail"));
  }
}
