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
 * The directory in which the bundled servers live. What lies in {@code servers} belongs to the
 * account that they run as; what lies beside it (password, certificate) to this process alone.
 *
 * @param directory absolute
 * @param temporary whether it goes with this process; its servers then do not wait for the disk
 */
record DataDirectory(Path directory, boolean temporary) {

  /** Others may pass through, as the servers' account must, but see nothing. */
  private static final Set<PosixFilePermission> PASSAGE =
      PosixFilePermissions.fromString("rwx--x--x");

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final int PASSWORD_BYTES = 16;

  /** A place that is kept between runs; made if it is not there. */
  static DataDirectory kept(Path directory) {
    try {
      return new DataDirectory(
          Files.createDirectories(
                  directory.toAbsolutePath().normalize(),
                  PosixFilePermissions.asFileAttribute(PASSAGE))
              .toRealPath(),
          false);
    } catch (IOException e) {
      throw new UncheckedIOException("mail.embedded.data-dir cannot be made: " + directory, e);
    }
  }

  /** A new and empty place that is deleted when this process ends. */
  static DataDirectory passing() {
    try {
      var directory = Files.createTempDirectory("postern-").toRealPath();
      return new DataDirectory(Files.setPosixFilePermissions(directory, PASSAGE), true);
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory for the bundled servers", e);
    }
  }

  /** A directory within this place; made, and readable by its owner only, if it is not there. */
  Path room(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name), OWNER_ONLY_DIRECTORY);
  }

  /** All that the servers' account owns. */
  Path servers() throws IOException {
    return room("servers");
  }

  /** What the servers and their tools say. */
  Path logs() throws IOException {
    return room("servers/log");
  }

  /** The servers' programs. */
  Path binaries() throws IOException {
    return room("servers/bin");
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

  /** The password of both servers: made once, then the same for as long as the place is there. */
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
