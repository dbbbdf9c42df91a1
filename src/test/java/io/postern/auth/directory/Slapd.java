package io.postern.auth.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Debian's OpenLDAP on free ports, with a few users. */
final class Slapd implements AutoCloseable {
  private static final Path SLAPD = Path.of("/usr/sbin/slapd");
  private static final Path SLAPADD = Path.of("/usr/sbin/slapadd");
  private static final Path SCHEMAS = Path.of("/etc/ldap/schema");
  private static final Duration LONG = Duration.ofSeconds(30);

  private static final String ENTRIES =
      """
      dn: dc=example,dc=test
      objectClass: domain
      dc: example

      dn: cn=reader,dc=example,dc=test
      objectClass: person
      cn: reader
      sn: reader
      userPassword: read me

      dn: uid=alice,dc=example,dc=test
      objectClass: inetOrgPerson
      uid: alice
      cn: Alice
      sn: A
      mail: alice@example.test
      userPassword: right

      dn: uid=carol,dc=example,dc=test
      objectClass: inetOrgPerson
      uid: carol
      cn: Alice
      sn: A
      mail: carol@directory.test
      userPassword: right

      dn: uid=none,dc=example,dc=test
      objectClass: inetOrgPerson
      uid: none
      cn: None
      sn: N
      mail: none@example.test
      """;

  private final Path root;
  private final int ldap = FreePorts.one();
  private final int ldaps = FreePorts.one();
  private final Process process;

  private Slapd(Path root) throws IOException {
    this.root = root;
    process =
        new ProcessBuilder(
                SLAPD.toString(),
                "-d",
                "0",
                "-f",
                root.resolve("slapd.conf").toString(),
                "-h",
                "ldap://127.0.0.1:" + ldap + " ldaps://127.0.0.1:" + ldaps)
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("output").toFile())
            .start();
  }

  /** Whether it is installed. */
  static boolean installed() {
    return Files.isExecutable(SLAPD) && Files.isDirectory(SCHEMAS);
  }

  /**
   * Starts it and waits until it accepts connections.
   *
   * @param root an empty directory
   */
  static Slapd start(Path root) throws Exception {
    SelfSigned.make(root, "localhost");
    Files.writeString(root.resolve("password"), "read me\n");
    Files.createDirectory(root.resolve("data"));
    var settings = Files.writeString(root.resolve("slapd.conf"), settings(root)).toString();
    var entries = Files.writeString(root.resolve("entries.ldif"), ENTRIES).toString();
    var filled =
        new ProcessBuilder(SLAPADD.toString(), "-f", settings, "-l", entries).inheritIO().start();
    assertThat(filled.waitFor()).isZero();
    var started = new Slapd(root);
    started.awaitPort();
    return started;
  }

  private static String settings(Path root) {
    return """
    include %1$s/core.schema
    include %1$s/cosine.schema
    include %1$s/inetorgperson.schema
    pidfile %2$s/pid
    modulepath /usr/lib/ldap
    moduleload back_mdb
    TLSCertificateFile %2$s/cert.pem
    TLSCertificateKeyFile %2$s/key.pem
    database mdb
    suffix "dc=example,dc=test"
    directory %2$s/data
    access to attrs=userPassword by anonymous auth by * none
    access to * by dn.exact="cn=reader,dc=example,dc=test" read by * none
    """
        .formatted(SCHEMAS, root);
  }

  private void awaitPort() throws IOException {
    var deadline = Instant.now().plus(LONG);
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), ldaps), 1_000);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || Instant.now().isAfter(deadline)) {
          throw new IOException(Files.readString(root.resolve("output")), e);
        }
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
  }

  /** The settings of a server that uses it, as {@code key=value}. */
  String[] settings(String encryption, String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "servers=localhost:" + (encryption.equals("ssl") ? ldaps : ldap),
                "encryption=" + encryption,
                "trusted-certificates=" + root.resolve("cert.pem"),
                "base-dn=dc=example,dc=test",
                "bind-dn=cn=reader,dc=example,dc=test",
                "bind-password-file=" + root.resolve("password"),
                "filter=(|(mail={name})(uid={local-part}))"));
    all.addAll(Arrays.asList(more));
    return all.stream().map(it -> "mail.auth.directory." + it).toArray(String[]::new);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
    process.destroyForcibly();
  }
}
