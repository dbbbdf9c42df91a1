package io.postern.sessions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The scripts of the house. */
final class Scripts {
  static final Path ROOT = Path.of("src", "test", "sessions");

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

  /** A test for each script, played on the target. */
  static Stream<DynamicTest> tests(Target target) {
    return below(ROOT).stream()
        .filter(file -> target.can(ScriptReader.read(file)))
        .map(
            file ->
                DynamicTest.dynamicTest(
                    ROOT.relativize(file).toString(),
                    file.toUri(),
                    () -> Player.play(target, mail(), ScriptReader.read(file))));
  }

  static Mail mail() {
    return new Mail(ROOT.resolve("mail"));
  }
}
