package io.postern.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A bundled Redis that a test may stop and start again, always at the same port. */
public final class OwnRedis implements AutoCloseable {
  private final Path executable;
  private final Path directory;
  private final int port = Ports.free();
  private Process process;

  /**
   * Starts it.
   *
   * @param directory for its program
   */
  public OwnRedis(Path directory) throws Exception {
    this.directory = directory;
    executable = Binaries.redis(DataDirectory.persistent(directory));
    process = started();
  }

  /** On the loopback address. */
  public int port() {
    return port;
  }

  /** Starts it again. */
  public void start() throws Exception {
    process = started();
  }

  private Process started() throws Exception {
    var started =
        new ProcessBuilder(
                executable.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                directory.toString())
            .redirectErrorStream(true)
            .start();
    var output = started.inputReader();
    var line = output.readLine();
    while (line != null && !line.contains("Ready to accept connections")) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException("Redis did not start at " + port);
    }
    Thread.ofPlatform().daemon().start(() -> swallow(output));
    return started;
  }

  private static void swallow(BufferedReader output) {
    output.lines().forEach(line -> {});
  }

  /** Stops it, and waits until it has ended. */
  public void stop() {
    // By its handle, which leaves its output open to be read to the end.
    process.toHandle().destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    stop();
  }
}
