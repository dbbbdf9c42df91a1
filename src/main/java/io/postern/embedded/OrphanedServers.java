package io.postern.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds a server that an earlier run in the same data directory left behind, by its pid file. */
final class OrphanedServers {

  private OrphanedServers() {}

  /**
   * Finds the process that a pid file names.
   *
   * @param pidFile its first line is a process id; it need not exist
   * @param binaries the directory the server was started from: after a reboot, or in a container,
   *     another program may have the id
   * @return empty if there is no such process, or if it is another program
   */
  static Optional<ProcessHandle> of(Path pidFile, Path binaries) throws IOException {
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    try (var lines = Files.newBufferedReader(pidFile)) {
      return Optional.ofNullable(lines.readLine())
          .map(String::strip)
          .filter(line -> line.matches("[0-9]{1,18}"))
          .map(Long::valueOf)
          .flatMap(ProcessHandle::of)
          .filter(ProcessHandle::isAlive)
          .filter(process -> isFrom(process, binaries));
    }
  }

  /**
   * Asks a process to end; kills it when it takes too long.
   *
   * @param timeout how long it may take to end by itself
   */
  static void stop(ProcessHandle process, Duration timeout)
      throws InterruptedException, ExecutionException {
    process.destroy();
    try {
      process.onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      process.destroyForcibly();
      process.onExit().get();
    }
  }

  /**
   * Checks the command line, which every account may read: in a container, even root may not read
   * the program of another account's process.
   */
  private static boolean isFrom(ProcessHandle process, Path binaries) {
    var commandLine = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    try {
      return Files.readString(commandLine, StandardCharsets.ISO_8859_1)
          .startsWith(binaries + File.separator);
    } catch (IOException _) {
      // It has just ended; the kernel reports that in several ways.
      return false;
    }
  }
}
