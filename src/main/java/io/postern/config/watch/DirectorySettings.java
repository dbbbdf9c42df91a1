package io.postern.config.watch;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Passes the content of {@code mail.config.directory} at startup to the platform. The environment
 * and the command line take precedence over it.
 */
public final class DirectorySettings implements ConfigSourceFactory {
  static final String KEY = "mail.config.directory";

  /** Above application.properties (250), below environment variables (300). */
  private static final int ORDINAL = 280;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    var directory = context.getValue(KEY).getValue();
    if (directory == null || directory.isBlank()) {
      return List.of();
    }
    try {
      var content = new SettingsDirectory(Path.of(directory)).read();
      if (!content.problems().isEmpty()) {
        throw new IllegalArgumentException(
            KEY + "=" + directory + ": " + String.join("; ", content.problems()));
      }
      return List.of(source(directory, content.values()));
    } catch (IOException e) {
      throw new UncheckedIOException(KEY + "=" + directory + " cannot be read", e);
    }
  }

  @Override
  public OptionalInt getPriority() {
    return OptionalInt.of(ORDINAL);
  }

  /** Makes a config source of the values read. */
  static ConfigSource source(String directory, Map<String, String> values) {
    return new Files(directory, values);
  }

  /** Whether the source was made by this class. */
  static boolean isOurs(ConfigSource source) {
    return source instanceof Files;
  }

  private record Files(String directory, Map<String, String> values) implements ConfigSource {
    @Override
    public String getName() {
      return "directory " + directory;
    }

    @Override
    public int getOrdinal() {
      return ORDINAL;
    }

    @Override
    public Set<String> getPropertyNames() {
      return values.keySet();
    }

    @Override
    public Map<String, String> getProperties() {
      return values;
    }

    // Null for an unknown key, as the platform's interface requires.
    @Override
    public @Nullable String getValue(String key) {
      return values.get(key);
    }
  }
}
