package io.postern.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * The data directory of the bundled servers. The files in {@code servers} belong to the account
 * that they run as; those beside it (password, certificate) to this process alone.
 *
 * @param directory absolute path
 * @param temporary whether it is deleted with this process; its servers then skip fsync
 */
record DataDirectory(Path directory, boolean temporary) {

  /** Other accounts may traverse it, as the servers' account must, but not list or read it. */
  private static final Set<PosixFilePermission> TRAVERSABLE =
      PosixFilePermissions.fromString("rwx--x--x");

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final int PASSWORD_BYTES = 16;

  /** A directory that is kept between runs; created if absent. */
  static DataDirectory persistent(Path directory) {
    try {
      return new DataDirectory(
          Files.createDirectories(
                  directory.toAbsolutePath().normalize(),
                  PosixFilePermissions.asFileAttribute(TRAVERSABLE))
              .toRealPath(),
          false);
    } catch (IOException e) {
      throw new UncheckedIOException("mail.embedded.data-dir cannot be created: " + directory, e);
    }
  }

  /** A new and empty directory that is deleted when this process ends. */
  static DataDirectory createTemporary() {
    try {
      var directory = Files.createTempDirectory("postern-").toRealPath();
      return new DataDirectory(Files.setPosixFilePermissions(directory, TRAVERSABLE), true);
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory for the bundled servers", e);
    }
  }

  /** A subdirectory; created, and readable by its owner only, if absent. */
  Path subdirectory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name), OWNER_ONLY_DIRECTORY);
  }

  /** The files that the servers' account owns. */
  Path servers() throws IOException {
    return subdirectory("servers");
  }

  /** The logs of the servers and their tools. */
  Path logs() throws IOException {
    return subdirectory("servers/log");
  }

  /** The servers' binaries. */
  Path binaries() throws IOException {
    return subdirectory("servers/bin");
  }

  /**
   * Writes a file that only the owner can read, even while it is written.
   *
   * @param name relative to the directory
   */
  Path secret(String name, String content) throws IOException {
    var file = directory.resolve(name);
    Files.deleteIfExists(file);
    return Files.writeString(Files.createFile(file, OWNER_ONLY_FILE), content);
  }

  /** The password of both servers: created once, kept as long as the directory exists. */
  String password() throws IOException {
    var file = directory.resolve("password");
    if (!Files.exists(file)) {
      var random = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(random);
      secret("password", HexFormat.of().formatHex(random));
    }
    return Files.readString(file);
  }
}
