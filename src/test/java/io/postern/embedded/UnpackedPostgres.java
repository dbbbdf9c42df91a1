package io.postern.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The programs of PostgreSQL, unpacked once for all tests of a build. A copy takes a hundredth of
 * the processor time that unpacking takes, and tests start dozens of servers with directories of
 * their own.
 */
final class UnpackedPostgres {
  private static final Path SHARED = Path.of("target/unpacked-postgresql");

  private UnpackedPostgres() {}

  /** Puts the programs where a server of this directory expects them; what is there stays. */
  static void copyTo(DataDirectory directory) throws IOException {
    var home = directory.binaries().resolve("postgresql");
    if (!Files.exists(home)) {
      copy(shared(), home);
    }
  }

  /** Both processes of the integration tests may need it at once: the lock is for one of them. */
  private static synchronized Path shared() throws IOException {
    var directory = DataDirectory.persistent(SHARED);
    try (var channel =
            FileChannel.open(
                SHARED.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      return Binaries.postgres(directory);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file)),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
  }
}
