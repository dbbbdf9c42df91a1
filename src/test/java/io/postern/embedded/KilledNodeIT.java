package io.postern.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node acknowledged is there after any death of it, and it starts again by itself. */
@Timeout(120)
class KilledNodeIT {

  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path directory;
  private final List<Process> launched = new ArrayList<>();

  @BeforeEach
  void unpack() throws IOException {
    UnpackedPostgres.copyTo(DataDirectory.persistent(directory));
  }

  @AfterEach
  void endAll() throws Exception {
    var servers = servers();
    launched.forEach(Process::destroyForcibly);
    for (var server : servers) {
      server.onExit().get(PATIENCE_SECONDS, SECONDS);
    }
  }

  @Test
  void theServersEndWithTheProcess() throws Exception {
    var node = start(1);
    var servers = servers();
    assertThat(servers).hasSize(2);

    node.destroyForcibly();

    for (var server : servers) {
      server.onExit().get(PATIENCE_SECONDS, SECONDS);
    }
  }

  @Test
  void noAcknowledgedMailIsLostWhenAnyProcessIsKilled() throws Exception {
    var processOnly = start(1);
    processOnly.destroyForcibly().waitFor();

    var processAndWatch = start(2);
    var watch = processAndWatch.descendants().filter(child -> !isServer(child)).toList();
    watch.forEach(ProcessHandle::destroyForcibly);
    processAndWatch.destroyForcibly().waitFor();

    var all = start(3);
    Stream.concat(all.descendants(), servers().stream()).forEach(ProcessHandle::destroyForcibly);
    all.destroyForcibly().waitFor();

    var last = start(4);
    var servers = servers();
    last.destroyForcibly();
    for (var server : servers) {
      server.onExit().get(PATIENCE_SECONDS, SECONDS);
    }
  }

  @Test
  void aKilledServerOfALivingNodeIsStartedAgainAndNothingIsLost() throws Exception {
    var node = launch(Redirect.INHERIT);
    var output = node.inputReader();
    assertThat(next(output, Node.KEPT)).isEqualTo(Node.KEPT + 1);
    long rows = 1;
    for (var pidFile : pidFiles()) {
      server(pidFile).orElseThrow().destroyForcibly();
      node.outputWriter().append('\n').flush();
      rows++;
      assertThat(next(output, Node.KEPT)).isEqualTo(Node.KEPT + rows);
      assertThat(next(output, Node.REDIS)).isEqualTo(Node.REDIS + "+PONG");
    }

    // Those that were started again end with the process, too.
    var servers = servers();
    assertThat(servers).hasSize(2);
    node.destroyForcibly();
    for (var server : servers) {
      server.onExit().get(PATIENCE_SECONDS, SECONDS);
    }
  }

  @Test
  void aSecondProcessIsRefused() throws Exception {
    var first = start(1);
    var second = launch(Redirect.DISCARD);
    assertThat(second.waitFor(PATIENCE_SECONDS, SECONDS)).isTrue();
    assertThat(second.exitValue()).isNotZero();

    var servers = servers();
    first.destroyForcibly();
    for (var server : servers) {
      server.onExit().get(PATIENCE_SECONDS, SECONDS);
    }
  }

  /** Starts a node and waits until it has one more row than the one before. */
  private Process start(long rows) throws Exception {
    var node = launch(Redirect.INHERIT);
    var line = next(node.inputReader(), Node.KEPT);
    assertThat(line).isEqualTo(Node.KEPT + rows);
    return node;
  }

  private Process launch(Redirect errors) throws IOException {
    var node =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                directory.toString())
            .redirectError(errors)
            .start();
    launched.add(node);
    return node;
  }

  /** The next line that begins so. */
  private static String next(BufferedReader output, String beginning) throws Exception {
    return CompletableFuture.supplyAsync(
            () -> output.lines().filter(line -> line.startsWith(beginning)).findFirst())
        .get(PATIENCE_SECONDS, SECONDS)
        .orElse("nothing");
  }

  private List<ProcessHandle> servers() throws IOException {
    var found = Stream.<ProcessHandle>builder();
    for (var pidFile : pidFiles()) {
      server(pidFile).ifPresent(found);
    }
    return found.build().toList();
  }

  private List<Path> pidFiles() throws IOException {
    var servers = DataDirectory.persistent(directory).servers();
    return List.of(servers.resolve("postgresql/postmaster.pid"), servers.resolve("redis.pid"));
  }

  private Optional<ProcessHandle> server(Path pidFile) throws IOException {
    return OrphanedServers.of(pidFile, DataDirectory.persistent(directory).binaries());
  }

  private boolean isServer(ProcessHandle process) {
    return process.info().command().filter(it -> it.startsWith(directory.toString())).isPresent();
  }
}
