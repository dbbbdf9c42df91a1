package io.postern.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The bundled PostgreSQL of one data directory. */
final class Postgres implements Supervisor.Server {

  static final String NAME = "postgresql";

  /** The superuser, who owns the mail. */
  static final String USER = "postern";

  /** The database that initdb creates. */
  static final String DATABASE = "postgres";

  private static final Duration INIT_WITHIN = Duration.ofMinutes(2);

  /** The start includes recovery after a crash, so this is long. */
  private static final Duration START_WITHIN = Duration.ofMinutes(5);

  private static final Duration STOP_WITHIN = Duration.ofMinutes(1);

  /** Another process can take the free port that was found before PostgreSQL does. */
  private static final int START_TRIES = 3;

  private final DataDirectory directory;
  private final UnprivilegedUser runner;
  private final Path data;
  private final Path pidFile;

  /** The output of the tools; opened by this process. */
  private final Path log;

  /** The server's output before its own logs are open; the server's account creates it. */
  private final Path startLog;

  /** The port it listens on since its first start. */
  private int port;

  Postgres(DataDirectory directory, UnprivilegedUser runner) throws IOException {
    this.directory = directory;
    this.runner = runner;
    data = directory.servers().resolve("postgresql");
    pidFile = data.resolve("postmaster.pid");
    log = directory.logs().resolve("postgresql-tools.log");
    startLog = directory.logs().resolve("postgresql-start.log");
  }

  /** Stops the PostgreSQL that a killed process left behind in this directory, if there is one. */
  void stopOrphan() throws IOException, InterruptedException {
    if (OrphanedServers.of(pidFile, directory.binaries()).isPresent()) {
      pgCtl(STOP_WITHIN, "-m", "fast", "stop");
    }
    // A stale file whose number now belongs to another program would prevent the next start. The
    // lock on the directory guarantees that it is stale.
    Files.deleteIfExists(pidFile);
  }

  /**
   * Creates the cluster if there is none, starts it, and waits until it answers.
   *
   * @return the port on the loopback address
   */
  int start() throws IOException, InterruptedException {
    Files.deleteIfExists(log);
    Files.deleteIfExists(startLog);
    Binaries.postgres(directory);
    if (!Files.exists(data.resolve("PG_VERSION"))) {
      init();
    }
    runner.changeOwner(directory.servers());
    for (var attempt = 1; ; attempt++) {
      port = Ports.free();
      try {
        launch();
        return port;
      } catch (IllegalStateException e) {
        if (attempt == START_TRIES) {
          throw new IllegalStateException(
              "PostgreSQL did not start; its output is in " + directory.logs(), e);
        }
      }
    }
  }

  private void launch() throws IOException, InterruptedException {
    pgCtl(START_WITHIN, "-o", String.join(" ", options(port)), "start");
  }

  /** The process id of the server, for a signal that ends it. */
  long pid() throws IOException {
    return OrphanedServers.of(pidFile, directory.binaries()).orElseThrow().pid();
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Uses the pid file: a killed server leaves it behind, but its number names no other program. */
  @Override
  public boolean isAlive() throws IOException {
    return OrphanedServers.of(pidFile, directory.binaries()).isPresent();
  }

  /**
   * Starts it again on the port that its clients use; it recovers what it had acknowledged. A
   * backend that outlived the server keeps its shared memory, and PostgreSQL refuses to start until
   * that backend has ended: this start then fails.
   */
  @Override
  public void restart() throws IOException, InterruptedException {
    stopOrphan();
    launch();
  }

  /** Its first line is the process id. */
  Path pidFile() {
    return pidFile;
  }

  private void init() throws IOException, InterruptedException {
    var password = directory.secret("servers/initdb-password", directory.password());
    runner.changeOwner(directory.servers());
    var command =
        new ArrayList<>(
            List.of(tool("initdb"), "--pgdata=" + data, "--username=" + USER, "--encoding=UTF8"));
    // The same sort order of text on every machine, independent of its C library.
    command.addAll(List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
    command.addAll(List.of("--auth=scram-sha-256", "--pwfile=" + password, "--no-instructions"));
    if (directory.temporary()) {
      command.add("--no-sync");
    }
    Commands.run(runner.prefix(), command, log, INIT_WITHIN);
    Files.delete(password);
  }

  private List<String> options(int port) {
    var options = new ArrayList<>(List.of("-p", Integer.toString(port)));
    set(options, "listen_addresses", "127.0.0.1");
    // None: the directory's path can be longer than a socket's may be.
    set(options, "unix_socket_directories", "");
    set(options, "max_connections", "200");
    set(options, "timezone", "UTC");
    set(options, "log_timezone", "UTC");
    // Logs of a week, then overwritten.
    set(options, "logging_collector", "on");
    set(options, "log_directory", "../log");
    set(options, "log_filename", "postgresql-%a.log");
    set(options, "log_rotation_age", "1d");
    set(options, "log_rotation_size", "0");
    set(options, "log_truncate_on_rotation", "on");
    var durable = directory.temporary() ? "off" : "on";
    set(options, "fsync", durable);
    set(options, "synchronous_commit", durable);
    set(options, "full_page_writes", durable);
    return options;
  }

  private static void set(List<String> options, String name, String value) {
    options.add("-c");
    options.add(name + "='" + value + "'");
  }

  private void pgCtl(Duration within, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(tool("pg_ctl"), "--pgdata=" + data, "--silent"));
    command.addAll(List.of("--wait", "--timeout=" + within.toSeconds(), "--log=" + startLog));
    command.addAll(List.of(words));
    // pg_ctl enforces the time itself; the longer one is for a pg_ctl that hangs.
    Commands.run(runner.prefix(), command, log, within.plusSeconds(10));
  }

  private String tool(String name) throws IOException {
    return directory.binaries().resolve("postgresql/bin").resolve(name).toString();
  }
}
