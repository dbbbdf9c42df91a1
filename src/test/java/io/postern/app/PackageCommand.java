package io.postern.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** What starts the packaged server, a JAR or a native executable, whichever was built last. */
final class PackageCommand {
  private static final Path TARGET = Path.of("target");
  private static final Path BUILT = TARGET.resolve("quarkus-artifact.properties");
  private static final String HEAP = "-Xmx256m";

  /** Tests are short: what the second compiler would take of the processor does not pay. */
  private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

  private PackageCommand() {}

  /** The words of the command. */
  static List<String> of(Map<String, String> settings) {
    var artifact = artifact();
    var path = TARGET.resolve(artifact.getProperty("path"));
    return artifact.getProperty("type").equals("native")
        ? command(path.toString(), settings)
        : java("-XX:SharedArchiveFile=" + ClassArchive.of(TARGET, BUILT, path), path, settings);
  }

  /** The same for the JAR of another package, of which there is no archive of classes. */
  static List<String> ofJar(Path jar, Map<String, String> settings) {
    return java("-Xshare:auto", jar, settings);
  }

  /** The same for a JAR that writes an archive of its classes when it ends. */
  static List<String> writingClasses(Path jar, Path archive, Map<String, String> settings) {
    return java("-XX:ArchiveClassesAtExit=" + archive, jar, settings);
  }

  private static List<String> java(String sharing, Path jar, Map<String, String> settings) {
    var java = ProcessHandle.current().info().command().orElseThrow();
    var command = command(java, settings);
    command.addAll(List.of(sharing, FIRST_COMPILER, "-jar", jar.toString()));
    return command;
  }

  private static List<String> command(String executable, Map<String, String> settings) {
    var command = new ArrayList<>(List.of(executable, HEAP));
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    return command;
  }

  private static Properties artifact() {
    try (var file = Files.newBufferedReader(BUILT)) {
      var artifact = new Properties();
      artifact.load(file);
      return artifact;
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is packaged: ./mvnw package", e);
    }
  }
}
