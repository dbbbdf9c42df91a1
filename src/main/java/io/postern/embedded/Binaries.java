package io.postern.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks the servers' binaries from the class path, and again only when they have changed. */
final class Binaries {

  private static final String REDIS = "redis-server-7.0.15-linux-";
  private static final String STAMP = "unpacked-from";

  /** The names of the bundled binaries for this machine's processor. */
  private enum Machine {
    AMD64("postgres-linux-x86_64.txz", REDIS + "amd64"),
    AARCH64("postgres-linux-arm_64.txz", REDIS + "arm64");

    final String postgres;
    final String redis;

    Machine(String postgres, String redis) {
      this.postgres = postgres;
      this.redis = redis;
    }

    static Machine here() {
      var system = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
      return switch (system.toLowerCase(Locale.ROOT)) {
        case "linux on amd64" -> AMD64;
        case "linux on aarch64" -> AARCH64;
        default ->
            throw new IllegalStateException(
                "There is no bundled PostgreSQL for "
                    + system
                    + ". Set mail.embedded.enabled=false and point quarkus.datasource.* and"
                    + " quarkus.redis.hosts to servers of your own.");
      };
    }
  }

  private Binaries() {}

  /**
   * Unpacks PostgreSQL.
   *
   * @return the directory that holds {@code bin}, {@code lib} and {@code share}
   */
  static Path postgres(DataDirectory directory) throws IOException {
    var archive = Machine.here().postgres;
    var home = directory.binaries().resolve("postgresql");
    var digest = digest(archive);
    if (!isStamped(home, digest)) {
      delete(home);
      untar(archive, home);
      // Last: an interrupted unpacking leaves no stamp and is repeated.
      Files.writeString(home.resolve(STAMP), digest);
    }
    return home;
  }

  /**
   * Unpacks Redis.
   *
   * @return the server's executable file
   */
  static Path redis(DataDirectory directory) throws IOException {
    var name = Machine.here().redis;
    var executable = directory.binaries().resolve(name);
    if (!Files.isExecutable(executable)) {
      var part = directory.binaries().resolve(name + ".part");
      try (var in = open(name)) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwx------"));
      Files.move(part, executable, StandardCopyOption.ATOMIC_MOVE);
    }
    return executable;
  }

  private static boolean isStamped(Path home, String digest) throws IOException {
    var stamp = home.resolve(STAMP);
    return Files.exists(stamp) && Files.readString(stamp).equals(digest);
  }

  private static InputStream open(String resource) {
    var in = Binaries.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(
          "mail.embedded.enabled is true, but this package was built without the bundled servers"
              + " (no "
              + resource
              + "). Build it with -Psingle-node, or point quarkus.datasource.* and"
              + " quarkus.redis.hosts to servers of your own.");
    }
    return in;
  }

  private static String digest(String resource) throws IOException {
    try (var in = new DigestInputStream(open(resource), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void untar(String archive, Path home) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(open(archive)))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
          throw new IOException(archive + " would write outside of " + home + ": " + entry);
        }
        unpack(tar, entry, target);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, target);
      if ((entry.getMode() & 0100) != 0) {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (var files = Files.walk(tree)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
