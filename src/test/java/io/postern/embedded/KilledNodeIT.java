package io.postern.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node acknowledged is there after any death of it, and it starts again by itself. */
@Timeout(120)
class KilledNodeIT {

  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path directory;

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
  void nothingIsLostWhoeverIsKilled() throws Exception {
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
  private Process start(long rows) throws IOException {
    var node = launch(Redirect.INHERIT);
    var line = firstKept(node.inputReader());
    assertThat(line).isEqualTo(Node.KEPT + rows);
    return node;
  }

  private Process launch(Redirect errors) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Node.class.getName(),
            directory.toString())
        .redirectError(errors)
        .start();
  }

  private static String firstKept(BufferedReader output) {
    return output.lines().filter(line -> line.startsWith(Node.KEPT)).findFirst().orElse("nothing");
  }

  private List<ProcessHandle> servers() throws IOException {
    var place = Place.kept(directory);
    var pidFiles =
        List.of(
            place.servers().resolve("postgresql/postmaster.pid"),
            place.servers().resolve("redis.pid"));
    var found = Stream.<ProcessHandle>builder();
    for (var pidFile : pidFiles) {
      Orphan.of(pidFile, place.binaries()).ifPresent(found);
    }
    return found.build().toList();
  }

  private boolean isServer(ProcessHandle process) {
    return process.info().command().filter(it -> it.startsWith(directory.toString())).isPresent();
  }
}
