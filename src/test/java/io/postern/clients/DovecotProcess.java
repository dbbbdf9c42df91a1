package io.postern.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process of Debian's Dovecot 2.3, with the settings of a test. */
public final class DovecotProcess implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/dovecot");

  private final Path root;
  private final Process process;

  /** Whether it can be run; it must be started by root. */
  public static boolean isInstalled() {
    return Files.isExecutable(PROGRAM) && "root".equals(System.getProperty("user.name"));
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param root a directory with a short path: it holds sockets
   * @param settings its configuration file; what it logs is in {@code log} in the directory
   * @param port at which it will listen
   */
  public DovecotProcess(Path root, String settings, int port)
      throws IOException, InterruptedException {
    this.root = root;
    // Its processes have users of their own.
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    var file =
        Files.writeString(
            root.resolve("dovecot.conf"),
            "base_dir = %1$s/run\nstate_dir = %1$s/run\nlog_path = %1$s/log\n".formatted(root)
                + settings);
    process =
        new ProcessBuilder(PROGRAM.toString(), "-F", "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("output").toFile())
            .start();
    await(port);
  }

  /** Gives a directory to the user of its mailboxes. */
  public static void own(Path directory) throws IOException, InterruptedException {
    var command = List.of("chown", "-R", "nobody:nogroup", directory.toString());
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException("failed: " + command);
    }
  }

  private void await(int port) throws IOException {
    var deadline = Instant.now().plus(Duration.ofSeconds(60));
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || Instant.now().isAfter(deadline)) {
          throw new IOException(Files.readString(root.resolve("output")), e);
        }
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  /** What it has logged. */
  public String log() throws IOException {
    return Files.readString(root.resolve("log"));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
