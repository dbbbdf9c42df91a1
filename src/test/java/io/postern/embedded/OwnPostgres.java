package io.postern.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL of a test's own that may be killed and started again, always at the same port. */
public final class OwnPostgres implements AutoCloseable {
  private final DataDirectory place;
  private final UnprivilegedUser runner;
  private final int port;
  private final List<String> command;
  private ProcessHandle process;

  /**
   * Starts it; it waits for the disk, as one of a single node does.
   *
   * @param directory for its programs and its data
   */
  public OwnPostgres(Path directory) throws Exception {
    place = DataDirectory.persistent(directory);
    runner = UnprivilegedUser.here();
    UnpackedPostgres.copyTo(place);
    var postgres = new Postgres(place, runner);
    port = postgres.start();
    process = ProcessHandle.of(postgres.pid()).orElseThrow();
    var line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    command = new ArrayList<>(runner.prefix());
    command.addAll(List.of(line.split("\0")));
  }

  /** The settings that a server needs to use it. */
  public Map<String, String> settings() throws IOException {
    var url = "postgresql://127.0.0.1:" + port + "/" + Postgres.DATABASE;
    return Map.of(
        "quarkus.datasource.reactive.url",
        url,
        "quarkus.datasource.jdbc.url",
        "jdbc:" + url,
        "quarkus.datasource.username",
        Postgres.USER,
        "quarkus.datasource.password",
        place.password());
  }

  /** Kills it with all of its processes, and waits until they have ended. */
  public void kill() {
    var all = new ArrayList<>(process.descendants().toList());
    all.addFirst(process);
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(each -> each.onExit().orTimeout(60, TimeUnit.SECONDS).join());
  }

  /** Starts it again and waits until it listens. */
  public void start() throws Exception {
    var log = place.logs().resolve("again.log").toFile();
    var started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    // The prefix ends in exec: the process that was started is the server.
    process = started.toHandle();
    while (!listens()) {
      if (started.waitFor(100, TimeUnit.MILLISECONDS)) {
        var said = Files.readString(log.toPath(), StandardCharsets.UTF_8);
        throw new IOException("PostgreSQL did not start again: " + said);
      }
    }
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    kill();
  }
}
