package io.postern.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * MIT's Kerberos for the realm EXAMPLE.TEST, from Debian's krb5-kdc, krb5-admin-server, krb5-user.
 */
final class Kdc implements AutoCloseable {
  private static final String REALM = "EXAMPLE.TEST";
  private static final String CONFIG = "krb5.conf";

  private static final List<Path> PROGRAMS =
      List.of(
          Path.of("/usr/sbin/krb5kdc"),
          Path.of("/usr/sbin/kdb5_util"),
          Path.of("/usr/sbin/kadmin.local"),
          Path.of("/usr/bin/kinit"));

  private final Path folder;

  private Kdc(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    int port = FreePorts.one();
    Files.writeString(folder.resolve(CONFIG), settings(port));
    Files.writeString(folder.resolve("kdc.conf"), serverSettings(port));
    run("/usr/sbin/kdb5_util", "create", "-s", "-r", REALM, "-P", "the key of all keys");
    // It becomes a daemon when it listens.
    run("/usr/sbin/krb5kdc", "-P", pid().toString());
  }

  /** Whether the programs are on this machine. */
  static boolean installed() {
    return PROGRAMS.stream().allMatch(Files::isExecutable);
  }

  static Kdc start(Path folder) throws IOException, InterruptedException {
    return new Kdc(folder);
  }

  private String settings(int port) {
    return """
    [libdefaults]
      default_realm = %1$s
      dns_lookup_kdc = false
      dns_lookup_realm = false
      rdns = false
      dns_canonicalize_hostname = false
    [realms]
      %1$s = {
        kdc = 127.0.0.1:%2$d
      }
    [domain_realm]
      localhost = %1$s
    """
        .formatted(REALM, port);
  }

  private String serverSettings(int port) {
    return """
    [kdcdefaults]
      kdc_listen = 127.0.0.1:%2$d
      kdc_tcp_listen = 127.0.0.1:%2$d
    [realms]
      %1$s = {
        database_name = %3$s/principals
        key_stash_file = %3$s/stash
      }
    [logging]
      kdc = FILE:%3$s/kdc.log
    """
        .formatted(REALM, port, folder);
  }

  Path config() {
    return folder.resolve(CONFIG);
  }

  /** A user with a password. */
  void user(String name, String password) throws IOException, InterruptedException {
    administer("addprinc -pw " + password + " " + name);
  }

  /** A file with fresh keys of services; they replace the keys they had. */
  Path keytab(String file, String... services) throws IOException, InterruptedException {
    var keytab = folder.resolve(file);
    for (var service : services) {
      administer("addprinc -randkey " + service);
      administer("ktadd -k " + keytab + " " + service);
    }
    assertThat(keytab).isNotEmptyFile();
    return keytab;
  }

  /** A file with the user's ticket. */
  Path ticket(String user, String password) throws IOException, InterruptedException {
    var cache = folder.resolve("ticket-of-" + user);
    var kinit = process("/usr/bin/kinit", "-c", cache.toString(), user).start();
    try (var typing = kinit.outputWriter()) {
      typing.write(password + "\n");
    }
    assertThat(kinit.waitFor()).as("kinit %s", user).isZero();
    return cache;
  }

  private void administer(String command) throws IOException, InterruptedException {
    run("/usr/sbin/kadmin.local", "-r", REALM, "-q", command);
  }

  private void run(String... command) throws IOException, InterruptedException {
    var started = process(command).start();
    started.getOutputStream().close();
    assertThat(started.waitFor()).as("%s", String.join(" ", command)).isZero();
  }

  private ProcessBuilder process(String... command) {
    var builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.environment().putAll(environment());
    var log = folder.resolve("programs.log").toFile();
    return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
  }

  /** The configuration of its clients. */
  Map<String, String> environment() {
    return Map.of(
        "KRB5_CONFIG", config().toString(),
        "KRB5_KDC_PROFILE", folder.resolve("kdc.conf").toString(),
        "KRB5RCACHENAME", "none:");
  }

  private Path pid() {
    return folder.resolve("kdc.pid");
  }

  @Override
  public void close() throws IOException {
    var id = Long.parseLong(Files.readString(pid()).strip());
    ProcessHandle.of(id).ifPresent(ProcessHandle::destroy);
  }
}
