package io.postern.embedded;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Provides the bundled servers to Quarkus as settings, before it reads the address of its database.
 *
 * <p>{@code mail.embedded.enabled} enables them. Their data is in {@code mail.embedded.data-dir},
 * or, with {@code mail.embedded.temporary}, in a directory that is deleted with the process. The
 * same settings in the environment or on the command line take precedence.
 */
public final class EmbeddedSettings implements ConfigSourceFactory {

  /** Above application.properties (250), below environment variables (300). */
  private static final int ORDINAL = 275;

  private static final String CERTIFICATE = "quarkus.tls.mail.key-store.";

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    if (!isOn(context, "mail.embedded.enabled")) {
      return List.of();
    }
    var settings = running(context);
    if (hasCertificate(context)) {
      settings.keySet().removeIf(key -> key.toString().startsWith(CERTIFICATE));
    }
    return List.of(new PropertiesConfigSource(settings, "bundled servers", ORDINAL));
  }

  @Override
  public OptionalInt getPriority() {
    return OptionalInt.of(ORDINAL);
  }

  private static Properties running(ConfigSourceContext context) {
    if (isOn(context, "mail.embedded.temporary")) {
      return BundledServers.temporary();
    }
    var directory = context.getValue("mail.embedded.data-dir").getValue();
    if (directory == null || directory.isBlank()) {
      throw new IllegalStateException(
          "mail.embedded.enabled is true, but mail.embedded.data-dir is not set" + " to be kept.");
    }
    return BundledServers.persistent(Path.of(directory));
  }

  private static boolean isOn(ConfigSourceContext context, String name) {
    return Boolean.parseBoolean(context.getValue(name).getValue());
  }

  private static boolean hasCertificate(ConfigSourceContext context) {
    for (var names = context.iterateNames(); names.hasNext(); ) {
      if (names.next().startsWith(CERTIFICATE)) {
        return true;
      }
    }
    return false;
  }

  /** A native executable contains no servers: see {@link NativeServers}. */
  static IllegalStateException absent() {
    return new IllegalStateException(
        "mail.embedded.enabled is true, but a native executable brings no servers along. Start the"
            + " package for the JVM that was built with -Psingle-node, or point"
            + " quarkus.datasource.* and quarkus.redis.hosts to servers of your own.");
  }
}
