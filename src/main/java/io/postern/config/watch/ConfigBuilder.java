package io.postern.config.watch;

import io.postern.config.LiveSettings;
import io.postern.config.area.Keys;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigurableConfigSource;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Builds settings from what the process was started with and the current files. A mapping of the
 * platform is immutable, so each change builds a new configuration.
 */
final class ConfigBuilder {
  private static final String MAIL_PREFIX = "mail.";

  /** Prefixes that the platform reads from the directory at startup. */
  private static final List<String> PLATFORM_PREFIXES = List.of("quarkus.", "smallrye.", "%");

  /** Higher than the platform's own converters, which it discovers in another way. */
  private static final int PRIORITY = 1_000;

  /** The platform's name of a source: {@code PropertiesConfigSource[source=file:…]}. */
  private static final Pattern WRAPPED = Pattern.compile("\\w+\\[source=(.*)]");

  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  /** Valid settings, or what is wrong with them. */
  sealed interface BuildResult {
    /**
     * Settings that can be put in force.
     *
     * @param sources the source of each key's value; a key with its default is absent
     */
    record Valid(LiveSettings settings, Keys keys, Map<String, String> sources)
        implements BuildResult {}

    /** Settings that cannot be put in force. */
    record Invalid(List<String> problems) implements BuildResult {}
  }

  private final List<ConfigSource> base;
  private final List<String> profiles;
  private final String directory;
  private final Set<String> restart;

  /**
   * @param started what the process was started with
   * @param restart keys that are known, too, but need a restart
   */
  ConfigBuilder(SmallRyeConfig started, String directory, Collection<String> restart) {
    this.base =
        StreamSupport.stream(started.getConfigSources().spliterator(), false)
            .filter(source -> !(source instanceof ConfigurableConfigSource))
            .filter(source -> !DirectorySettings.isOurs(source))
            .toList();
    this.profiles = List.copyOf(started.getProfiles());
    this.directory = directory;
    this.restart = Set.copyOf(restart);
  }

  /** Builds settings from the files and the other sources; known keys are those now in force. */
  BuildResult build(Map<String, String> files, Keys inForce) {
    var plain = builder(files).build();
    var problems = new ArrayList<>(foreignKeys(files.keySet()));
    problems.addAll(problems(plain, inForce));
    try {
      var settings =
          builder(files)
              .withMapping(LiveSettings.class)
              .build()
              .getConfigMapping(LiveSettings.class);
      var keys = Bounds.of(settings);
      problems.addAll(keys.problems());
      if (problems.isEmpty()) {
        return new BuildResult.Valid(settings, keys, sources(plain, names(keys)));
      }
    } catch (ConfigValidationException e) {
      IntStream.range(0, e.getProblemCount())
          .mapToObj(i -> e.getProblem(i).getMessage())
          .map(message -> conversionProblem(plain, message, inForce))
          .forEach(problems::add);
    } catch (IllegalArgumentException e) {
      problems.add(conversionProblem(plain, String.valueOf(e.getMessage()), inForce));
    }
    return new BuildResult.Invalid(problems.stream().distinct().toList());
  }

  private SmallRyeConfigBuilder builder(Map<String, String> files) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        // Named explicitly: a native executable discovers no converters.
        .withConverter(Duration.class, PRIORITY, new DurationConverter())
        .withConverter(MemorySize.class, PRIORITY, new MemorySizeConverter())
        .withProfiles(profiles)
        .withValidateUnknown(false)
        .withSources(base)
        .withSources(DirectorySettings.source(directory, files));
  }

  private static List<String> foreignKeys(Set<String> files) {
    return files.stream()
        .filter(
            key ->
                !key.startsWith(MAIL_PREFIX)
                    && PLATFORM_PREFIXES.stream().noneMatch(key::startsWith))
        .sorted()
        .map(key -> key + " is no setting: their names begin with mail. or quarkus.")
        .toList();
  }

  /** Reports what the platform ignores: unknown keys, and switches that are neither on nor off. */
  List<String> problems(SmallRyeConfig config, Keys inForce) {
    var problems = new ArrayList<>(unknown(config, inForce));
    inForce.all().stream()
        .filter(key -> key.allowed().equals(Keys.FLAG) && !isFlag(config, key))
        .map(
            key -> key.name() + " is " + quoted(config, key) + ", but " + Keys.FLAG + " is allowed")
        .forEach(problems::add);
    return problems;
  }

  private static boolean isFlag(SmallRyeConfig config, Keys.Key key) {
    var value = config.getConfigValue(key.name()).getValue();
    return value == null || value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
  }

  /** Reports unknown keys: most likely misspelt, so that the intended setting is missing. */
  private List<String> unknown(SmallRyeConfig config, Keys inForce) {
    var known = new TreeSet<>(restart);
    known.addAll(names(inForce));
    var problems = new ArrayList<String>();
    for (var name : new TreeSet<>(mailKeys(config))) {
      var key = INDEX.matcher(name).replaceAll("");
      // Most keys match literally, which is cheaper, and this runs at each start.
      if (!known.contains(key) && known.stream().noneMatch(it -> matches(it, key))) {
        var suggestion =
            ClosestName.to(key, known).map(it -> "; did you mean " + it + "?").orElse("");
        problems.add(name + " is no setting" + suggestion);
      }
    }
    return problems;
  }

  /**
   * Leaves environment variables out: Kubernetes sets some for each Service, and a Service named
   * {@code mail} would stop every server.
   */
  private static List<String> mailKeys(SmallRyeConfig config) {
    return StreamSupport.stream(config.getConfigSources().spliterator(), false)
        .filter(source -> !(source instanceof EnvConfigSource))
        .flatMap(source -> source.getPropertyNames().stream())
        .filter(name -> name.startsWith(MAIL_PREFIX))
        .toList();
  }

  private static boolean matches(String known, String name) {
    var expected = known.split("\\.", -1);
    var actual = name.split("\\.", -1);
    return expected.length == actual.length
        && IntStream.range(0, expected.length)
            .allMatch(i -> expected[i].equals("*") || expected[i].equals(actual[i]));
  }

  /** Describes a value of the wrong type; the platform's message names only the key. */
  private static String conversionProblem(SmallRyeConfig plain, String message, Keys inForce) {
    return inForce.all().stream()
        .filter(
            key ->
                Pattern.compile("\\b" + Pattern.quote(key.name()) + "(?![\\w.-])")
                    .matcher(message)
                    .find())
        .findFirst()
        .map(
            key ->
                key.name() + " is " + quoted(plain, key) + ", but " + key.allowed() + " is allowed")
        .orElse(message);
  }

  private static String quoted(SmallRyeConfig plain, Keys.Key key) {
    var value = Optional.ofNullable(plain.getConfigValue(key.name()).getValue()).orElse("");
    return key.secret() ? "wrong" : "\"" + value + "\"";
  }

  /** Returns the source of the value of each key. */
  static Map<String, String> sources(SmallRyeConfig config, Collection<String> keys) {
    var sources = new HashMap<String, String>();
    for (var key : keys) {
      for (var name : List.of(key, key + "[0]")) {
        var value = config.getConfigValue(name);
        if (value.getValue() != null && value.getConfigSourceName() != null) {
          sources.putIfAbsent(key, value.getConfigSourceName());
        }
      }
    }
    sources.values().removeIf(source -> source.startsWith("DefaultValuesConfigSource"));
    sources.replaceAll((key, source) -> WRAPPED.matcher(source).replaceAll("$1"));
    return sources;
  }

  static List<String> names(Keys keys) {
    return keys.all().stream().map(Keys.Key::name).toList();
  }
}
