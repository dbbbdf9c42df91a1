package io.postern.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the servers run as an account other than root: PostgreSQL refuses to run as root, and
 * containers and build machines often have nothing else.
 *
 * @param prefix words to put before a command
 * @param uid the owner of the files; the uid by which the kernel checks the servers' access
 */
record UnprivilegedUser(List<String> prefix, int uid) {

  private static final int ROOT = 0;
  private static final List<String> ACCOUNTS = List.of("postgres", "nobody");
  private static final int UID_FIELD = 2;
  private static final int GID_FIELD = 3;

  /**
   * Finds a way to run them in this process's environment.
   *
   * @throws IllegalStateException if this process is root and cannot change to another account
   */
  static UnprivilegedUser here() throws IOException, InterruptedException {
    int uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (uid != ROOT) {
      return new UnprivilegedUser(List.of(), uid);
    }
    // A user namespace without a mapping: outside it is root, so that all paths stay accessible;
    // inside it is "nobody". PostgreSQL requires a user name, hence the check for one.
    if (Commands.succeeds("unshare", "-U", "id", "-un")) {
      return new UnprivilegedUser(List.of("unshare", "-U"), ROOT);
    }
    // Most container runtimes forbid namespaces; changing to another account is allowed there.
    for (var account : accounts()) {
      if (Commands.succeeds(account.prefixed("true"))) {
        return account;
      }
    }
    throw new IllegalStateException(
        "The bundled PostgreSQL does not run as root, and neither `unshare -U` nor `setpriv`"
            + " (util-linux) works here. Run Postern as an ordinary user.");
  }

  /**
   * Gives the servers' files to the account that the servers run as, if it is another one.
   *
   * @throws IllegalStateException if that account cannot reach them
   */
  void changeOwner(Path servers) throws IOException, InterruptedException {
    if (prefix.isEmpty()) {
      return;
    }
    try (var files = Files.walk(servers)) {
      for (var file : files.toList()) {
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      }
    }
    if (!Commands.succeeds(prefixed("test", "-x", servers.toString()))) {
      throw new IllegalStateException(
          "The bundled PostgreSQL runs as user "
              + uid
              + ", who cannot reach "
              + servers
              + ". Choose another mail.embedded.data-dir, or run Postern as an ordinary user.");
    }
  }

  private String[] prefixed(String... command) {
    return Stream.concat(prefix.stream(), Stream.of(command)).toArray(String[]::new);
  }

  /** The accounts of this machine that may run a database, the preferred first. */
  private static List<UnprivilegedUser> accounts() throws IOException {
    try (var lines = Files.lines(Path.of("/etc/passwd"))) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length > GID_FIELD && ACCOUNTS.contains(fields[0]))
          .sorted(Comparator.comparing(fields -> ACCOUNTS.indexOf(fields[0])))
          .map(fields -> runAs(fields[UID_FIELD], fields[GID_FIELD]))
          .toList();
    }
  }

  private static UnprivilegedUser runAs(String uid, String gid) {
    return new UnprivilegedUser(
        List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"),
        Integer.parseInt(uid));
  }
}
