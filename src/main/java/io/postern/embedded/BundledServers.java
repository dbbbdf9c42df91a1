package io.postern.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Both servers of a data directory, started at most once in a process.
 *
 * <p>Quarkus reads settings from several class loaders of one process (building, running, live
 * reload, continuous tests), each with its own copy of this class; so the settings of running
 * servers are kept in a system property per directory. Its name is outside of {@code mail.}, where
 * it would look like a setting.
 */
final class BundledServers {

  private static final System.Logger LOG = System.getLogger(BundledServers.class.getName());
  private static final String MEMORY = "io.postern.embedded.running.";
  private static final String TEMPORARY = "temporary";

  private static final String REACTIVE_URL = "quarkus.datasource.reactive.url";
  private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
  private static final String USERNAME = "quarkus.datasource.username";
  private static final String PASSWORD = "quarkus.datasource.password";
  private static final String REDIS_HOSTS = "quarkus.redis.hosts";
  private static final String CERTIFICATE = "quarkus.tls.mail.key-store.pem.0.cert";
  private static final String KEY = "quarkus.tls.mail.key-store.pem.0.key";

  /** The names of the settings, known before a server is started. */
  static final Set<String> NAMES =
      Set.of(REACTIVE_URL, JDBC_URL, USERNAME, PASSWORD, REDIS_HOSTS, CERTIFICATE, KEY);

  private BundledServers() {}

  /**
   * The servers of a directory that is kept.
   *
   * @return the settings for connecting to them
   * @throws IllegalStateException if they do not start, or another process uses the directory
   */
  static Properties persistent(Path directory) {
    synchronized (System.getProperties()) {
      var name = MEMORY + directory.toAbsolutePath().normalize();
      var running = System.getProperty(name);
      return running == null ? started(name, DataDirectory.persistent(directory)) : load(running);
    }
  }

  /**
   * The servers of this process alone, empty at first and deleted at its end.
   *
   * @return the settings for connecting to them
   * @throws IllegalStateException if they do not start
   */
  static Properties temporary() {
    synchronized (System.getProperties()) {
      var running = System.getProperty(MEMORY + TEMPORARY);
      return running == null
          ? started(MEMORY + TEMPORARY, DataDirectory.createTemporary())
          : load(running);
    }
  }

  private static Properties started(String name, DataDirectory directory) {
    try {
      var settings = start(directory);
      System.setProperty(name, store(settings));
      return settings;
    } catch (IOException | ExecutionException e) {
      throw new IllegalStateException("the bundled servers did not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the bundled servers started", e);
    }
  }

  private static Properties start(DataDirectory directory)
      throws IOException, InterruptedException, ExecutionException {
    var lock = lock(directory);
    try {
      return start(directory, lock);
    } catch (Throwable e) {
      // Live reload may try again in this very process.
      lock.close();
      throw e;
    }
  }

  private static Properties start(DataDirectory directory, FileChannel lock)
      throws IOException, InterruptedException, ExecutionException {
    var runner = UnprivilegedUser.here();
    var postgres = new Postgres(directory, runner);
    var redis = new Redis(directory, runner);
    postgres.stopOrphan();
    redis.stopOrphan();
    try {
      var settings = settings(directory, postgres.start(), redis.start());
      ProcessMonitor.start(directory, postgres.pidFile(), redis.pidFile(), lock);
      Supervisor.start(postgres);
      Supervisor.start(redis);
      LOG.log(
          System.Logger.Level.INFO,
          "Bundled PostgreSQL and Redis answer, in {0}{1}",
          directory.directory(),
          directory.temporary() ? " (deleted at the end)" : "");
      return settings;
    } catch (Throwable e) {
      // The monitor does not watch them yet.
      postgres.stopOrphan();
      redis.stopOrphan();
      throw e;
    }
  }

  /** Held until this process ends; nothing else keeps two processes out of one directory. */
  private static FileChannel lock(DataDirectory directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.directory().resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new IllegalStateException(
          directory.directory()
              + " is in use by another Postern; give each its own mail.embedded.data-dir.");
    }
    return channel;
  }

  private static Properties settings(DataDirectory directory, int postgres, int redis)
      throws IOException {
    var database = "postgresql://127.0.0.1:" + postgres + "/" + Postgres.DATABASE;
    var certificate = DevelopmentCertificate.in(directory);
    var settings = new Properties();
    settings.setProperty(REACTIVE_URL, database);
    settings.setProperty(JDBC_URL, "jdbc:" + database);
    settings.setProperty(USERNAME, Postgres.USER);
    settings.setProperty(PASSWORD, directory.password());
    settings.setProperty(REDIS_HOSTS, "redis://:" + directory.password() + "@127.0.0.1:" + redis);
    settings.setProperty(CERTIFICATE, certificate.certificate().toString());
    settings.setProperty(KEY, certificate.key().toString());
    return settings;
  }

  private static String store(Properties settings) throws IOException {
    var text = new StringWriter();
    settings.store(text, null);
    return text.toString();
  }

  private static Properties load(String text) {
    var settings = new Properties();
    try {
      settings.load(new StringReader(text));
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
    return settings;
  }
}
