package io.postern.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * The classes of a package as its JVM keeps them in memory (class data sharing). A server that maps
 * them does not read, parse and verify them, which is a third of the processor time of a start, and
 * integration tests start some 70 servers.
 */
final class ClassArchive {
  private static final String NAME = "package-%s.jsa".formatted(Runtime.version());

  private ClassArchive() {}

  /**
   * The archive of a package, written by the first call after it was built.
   *
   * @param target the directory of the build
   * @param built the file that was written last when the package was built
   * @param jar what starts the package
   */
  static synchronized Path of(Path target, Path built, Path jar) {
    var archive = target.resolve(NAME);
    // For the other process of the integration tests, which waits.
    try (var channel =
            FileChannel.open(
                target.resolve("package.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (!Files.exists(archive)
          || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(built)) < 0) {
        write(jar, archive);
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server that has started and served a client writes it when it ends. */
  private static void write(Path jar, Path archive) throws IOException {
    var part = archive.resolveSibling(archive.getFileName() + ".part");
    var server = Packaged.train(jar, part);
    try (var client = server.client()) {
      client.command("SELECT INBOX");
    }
    server.end();
    server.process().onExit().orTimeout(5, TimeUnit.MINUTES).join();
    Files.move(part, archive, StandardCopyOption.REPLACE_EXISTING);
  }
}
