package io.postern.sessions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

  static Mail mail() {
    return new Mail(ROOT.resolve("mail"));
  }
}
