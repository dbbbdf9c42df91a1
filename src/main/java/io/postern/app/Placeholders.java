package io.postern.app;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Finds secrets that still have the value of the examples in {@code k8s/}. A server that started
 * with one would be open to every reader of the examples.
 */
final class Placeholders {
  /** The examples' placeholder for each secret. */
  static final String VALUE = "replace-me";

  private static final List<String> PREFIXES = List.of("mail.", "quarkus.", "mp.");

  private Placeholders() {}

  /**
   * Checks that no setting holds a placeholder.
   *
   * @throws IllegalStateException when some do, naming all of them
   */
  static void refuse(Map<String, String> environment, Properties properties) {
    var names = settings(environment, properties);
    if (!names.isEmpty()) {
      throw new IllegalStateException(
          "The server does not start with \"%s\", the placeholder of the examples; set secrets of your own: %s"
              .formatted(VALUE, String.join(", ", names)));
    }
  }

  /** The names of the settings whose value holds a placeholder, sorted. */
  static List<String> settings(Map<String, String> environment, Properties properties) {
    var all = new TreeMap<>(environment);
    properties.stringPropertyNames().forEach(name -> all.put(name, properties.getProperty(name)));
    return all.entrySet().stream()
        .filter(entry -> isSetting(entry.getKey()) && entry.getValue().contains(VALUE))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Ignores other programs' environment variables. */
  private static boolean isSetting(String name) {
    var key = name.toLowerCase(Locale.ROOT).replace('_', '.');
    return PREFIXES.stream().anyMatch(key::startsWith);
  }
}
