package io.postern.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The bundled Redis of one data directory. It writes nothing to disk: its data is valid only while
 * it runs (hints, leases, counts of sessions), and the store is authoritative.
 */
final class Redis implements Supervisor.Server {

  static final String NAME = "redis";

  private static final Duration START_WITHIN = Duration.ofSeconds(30);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
  private static final String READY = "Ready to accept connections";

  /** Another process can take the free port that was found before Redis does. */
  private static final int START_TRIES = 3;

  private final DataDirectory directory;
  private final UnprivilegedUser runner;
  private final Path pidFile;
  private final Path settings;

  Redis(DataDirectory directory, UnprivilegedUser runner) throws IOException {
    this.directory = directory;
    this.runner = runner;
    pidFile = directory.servers().resolve("redis.pid");
    settings = directory.servers().resolve("redis.conf");
  }

  /** Stops the Redis that a killed process left behind in this directory, if there is one. */
  void stopOrphan() throws IOException, InterruptedException, ExecutionException {
    var orphan = OrphanedServers.of(pidFile, directory.binaries());
    if (orphan.isPresent()) {
      OrphanedServers.stop(orphan.get(), STOP_WITHIN);
    }
    Files.deleteIfExists(pidFile);
  }

  /**
   * Starts the server and waits until it answers.
   *
   * @return the port on the loopback address
   */
  int start() throws IOException, InterruptedException, ExecutionException {
    for (var attempt = 1; ; attempt++) {
      var port = Ports.free();
      try {
        directory.secret("servers/redis.conf", settings(port));
        runner.changeOwner(directory.servers());
        launch();
        return port;
      } catch (ExecutionException e) {
        if (attempt == START_TRIES) {
          throw e;
        }
      }
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isAlive() throws IOException {
    return OrphanedServers.of(pidFile, directory.binaries()).isPresent();
  }

  /** Starts it again with its previous settings, empty. */
  @Override
  public void restart() throws IOException, InterruptedException, ExecutionException {
    stopOrphan();
    launch();
  }

  /** Its first line is the process id. */
  Path pidFile() {
    return pidFile;
  }

  private void launch() throws IOException, InterruptedException, ExecutionException {
    var executable = Binaries.redis(directory);
    var prefix = new ArrayList<>(runner.prefix());
    if (Commands.succeeds("setsid", "true")) {
      // Outside of the terminal's process group, so that Ctrl-C reaches Postern alone and it can
      // still announce its stop through Redis.
      prefix.addFirst("setsid");
    }
    var process =
        Commands.builder(prefix, List.of(executable.toString(), settings.toString()))
            .redirectErrorStream(true)
            .start();
    var ready = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .name("bundled-redis-output")
        .start(() -> readOutput(process.inputReader(), ready));
    try {
      ready.get(START_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new IllegalStateException("Redis took longer than " + START_WITHIN, e);
    }
  }

  private String settings(int port) throws IOException {
    var lines = new StringJoiner("\n", "", "\n");
    lines.add("bind 127.0.0.1").add("port " + port).add("requirepass " + directory.password());
    lines.add("pidfile \"" + pidFile + "\"").add("dir \"" + directory.servers() + "\"");
    lines.add("daemonize no").add("save \"\"").add("appendonly no");
    // A bound that no single node comes near; above it, writes fail and updates arrive late.
    lines.add("maxmemory 256mb").add("maxmemory-policy noeviction");
    return lines.toString();
  }

  /** Reads all output of the server: a full pipe would block it. */
  private static void readOutput(BufferedReader output, CompletableFuture<Void> ready) {
    var message = new StringJoiner("\n  ", "Redis did not start:\n  ", "");
    try {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        if (line.contains(READY)) {
          ready.complete(null);
          output.transferTo(Writer.nullWriter());
        }
        message.add(line);
      }
      ready.completeExceptionally(new IllegalStateException(message.toString()));
    } catch (IOException e) {
      ready.completeExceptionally(new UncheckedIOException(e));
    }
  }
}
