package io.postern.embedded;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Provides the bundled servers to Quarkus as settings. The first of these settings that is read
 * starts the servers: a process that reads none, such as one of unit tests, starts none.
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
    var servers = servers(context);
    boolean certificate = hasCertificate(context);
    var names =
        BundledServers.NAMES.stream()
            .filter(name -> !certificate || !name.startsWith(CERTIFICATE))
            .collect(Collectors.toUnmodifiableSet());
    return List.of(new ServerSettings(names, servers));
  }

  @Override
  public OptionalInt getPriority() {
    return OptionalInt.of(ORDINAL);
  }

  private static Supplier<Properties> servers(ConfigSourceContext context) {
    if (isOn(context, "mail.embedded.temporary")) {
      return BundledServers::temporary;
    }
    var directory = context.getValue("mail.embedded.data-dir").getValue();
    if (directory == null || directory.isBlank()) {
      throw new IllegalStateException(
          "mail.embedded.enabled is true, but mail.embedded.data-dir is not set.");
    }
    return () -> BundledServers.persistent(Path.of(directory));
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

  /**
   * The settings of servers that start when the first value is read. Threads that read it at the
   * same time wait for the same start.
   */
  private static final class ServerSettings implements ConfigSource {
    private final Set<String> names;
    private final Supplier<Properties> servers;
    private volatile Optional<Properties> started = Optional.empty();

    ServerSettings(Set<String> names, Supplier<Properties> servers) {
      this.names = names;
      this.servers = servers;
    }

    @Override
    public Set<String> getPropertyNames() {
      return names;
    }

    @Override
    public @Nullable String getValue(String name) {
      return names.contains(name) ? running().getProperty(name) : null;
    }

    private Properties running() {
      if (started.isEmpty()) {
        started = Optional.of(servers.get());
      }
      return started.get();
    }

    @Override
    public String getName() {
      return "bundled servers";
    }

    @Override
    public int getOrdinal() {
      return ORDINAL;
    }
  }

  /** A native executable contains no servers: see {@link NativeServers}. */
  static IllegalStateException absent() {
    return new IllegalStateException(
        "mail.embedded.enabled is true, but a native executable brings no servers along. Start the"
            + " package for the JVM that was built with -Psingle-node, or point"
            + " quarkus.datasource.* and quarkus.redis.hosts to servers of your own.");
  }
}
