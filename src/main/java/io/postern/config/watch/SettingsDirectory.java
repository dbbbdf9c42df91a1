package io.postern.config.watch;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A directory of settings files: a file named by a key holds its value, one whose name ends in
 * {@code .properties} holds many. Kubernetes mounts a ConfigMap so that {@code ..data} is a link to
 * the current version, which it swaps atomically.
 */
final class SettingsDirectory {
  /** The link that Kubernetes swaps. */
  private static final String VERSION = "..data";

  private static final String MANY = ".properties";

  /** The largest size of a ConfigMap. */
  private static final long MAX_OCTETS = 1024 * 1024;

  /**
   * The content of all files at one moment.
   *
   * @param values by key
   * @param problems what cannot be read
   * @param whole whether the files are swapped together, so that none is half-written
   */
  record Content(Map<String, String> values, List<String> problems, boolean whole) {
    static final Content NONE = new Content(Map.of(), List.of(), true);

    Content {
      values = Map.copyOf(values);
      problems = List.copyOf(problems);
    }

    /** Whether both have the same values and problems. */
    boolean hasSameContent(Content other) {
      return values.equals(other.values) && problems.equals(other.problems);
    }
  }

  private record Stamp(FileTime changed, long octets) {}

  private final Path directory;

  SettingsDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Reads all files. A directory that does not exist has no values.
   *
   * @throws IOException when the files changed meanwhile or cannot be listed; the caller retries
   */
  Content read() throws IOException {
    if (!Files.isDirectory(directory)) {
      return Content.NONE;
    }
    var link = directory.resolve(VERSION);
    boolean whole = Files.exists(link);
    // The link is resolved once, so all files are of one version even if it is swapped meanwhile.
    var version = whole ? link.toRealPath() : directory;
    var before = stamps(version);
    var content = content(before.keySet().stream().sorted().toList(), whole);
    if (!stamps(version).equals(before)) {
      throw new IOException(directory + " changed while it was read");
    }
    return content;
  }

  private static Map<Path, Stamp> stamps(Path version) throws IOException {
    var stamps = new HashMap<Path, Stamp>();
    try (var entries = Files.newDirectoryStream(version)) {
      for (var file : entries) {
        if (Files.isRegularFile(file) && isSetting(file)) {
          stamps.put(file, new Stamp(Files.getLastModifiedTime(file), Files.size(file)));
        }
      }
    }
    return stamps;
  }

  /** Skips hidden files and the backup files of editors. */
  private static boolean isSetting(Path file) {
    var name = file.getFileName().toString();
    return !name.startsWith(".") && !name.endsWith("~");
  }

  private static Content content(List<Path> files, boolean whole) throws IOException {
    var values = new TreeMap<String, String>();
    var origins = new HashMap<String, String>();
    var problems = new ArrayList<String>();
    for (var file : files) {
      var name = file.getFileName().toString();
      try {
        keys(name, text(file))
            .forEach(
                (key, value) -> {
                  var other = origins.putIfAbsent(key, name);
                  values.put(key, value);
                  if (other != null) {
                    problems.add(key + " is set twice: in " + other + " and in " + name);
                  }
                });
      } catch (CharacterCodingException | IllegalArgumentException e) {
        problems.add("the file " + name + " cannot be read: " + e.getMessage());
      }
    }
    return new Content(values, problems, whole);
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > MAX_OCTETS) {
      throw new IllegalArgumentException("it has more than " + MAX_OCTETS + " octets");
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is not UTF-8", e);
    }
  }

  private static Map<String, String> keys(String name, String text) throws IOException {
    if (!name.endsWith(MANY)) {
      // Most editors add a final line end, which is not part of the value.
      return Map.of(name, text.strip());
    }
    var many = new Properties();
    many.load(new StringReader(text));
    var keys = new TreeMap<String, String>();
    many.stringPropertyNames().forEach(key -> keys.put(key, many.getProperty(key).strip()));
    return keys;
  }
}
