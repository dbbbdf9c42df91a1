package io.postern.auth.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postern.auth.DirectoryMeter;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.embedded.FreePorts;
import io.postern.store.StoreException;
import io.postern.store.account.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users of Debian's OpenLDAP, if it is installed. */
@Timeout(120)
class SlapdDirectoryIT {
  private static final Path SLAPD = Path.of("/usr/sbin/slapd");
  private static final Path SLAPADD = Path.of("/usr/sbin/slapadd");
  private static final Path SCHEMAS = Path.of("/etc/ldap/schema");
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path root;

  private final int ldap = FreePorts.one();
  private final int ldaps = FreePorts.one();
  private final Live live = new Live(TestSettings.of());
  private final LdapDirectory directory =
      new LdapDirectory(live, new Workers("directory-", 4, 100), DirectoryMeter.NONE);
  private @Nullable Process slapd;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Files.isExecutable(SLAPD) && Files.isDirectory(SCHEMAS), "slapd is not installed");
    SelfSigned.make(root, "localhost");
    Files.writeString(root.resolve("password"), "read me\n");
    Files.createDirectory(root.resolve("data"));
    Files.writeString(root.resolve("slapd.conf"), settings());
    Files.writeString(root.resolve("entries.ldif"), ENTRIES);
    run(
        SLAPADD.toString(),
        "-f",
        root.resolve("slapd.conf").toString(),
        "-l",
        root.resolve("entries.ldif").toString());
    slapd =
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
    awaitPort(slapd);
  }

  private String settings() {
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

      dn: uid=none,dc=example,dc=test
      objectClass: inetOrgPerson
      uid: none
      cn: None
      sn: N
      mail: none@example.test
      """;

  private static void run(String... command) throws IOException, InterruptedException {
    var ran = new ProcessBuilder(command).inheritIO().start();
    assertThat(ran.waitFor()).as(List.of(command).toString()).isZero();
  }

  private void awaitPort(Process process) throws IOException {
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

  @AfterEach
  void stop() throws InterruptedException {
    directory.close();
    end();
  }

  private void end() throws InterruptedException {
    if (slapd != null) {
      slapd.destroy();
      if (!slapd.waitFor(20, TimeUnit.SECONDS)) {
        slapd.destroyForcibly();
      }
    }
  }

  private void use(String encryption, String... more) {
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
    all.addAll(List.of(more));
    live.swap(
        TestSettings.of(
            all.stream().map(it -> "mail.auth.directory." + it).toArray(String[]::new)));
  }

  private boolean verify(String user, String password) {
    return directory.verify(user, new Secret(password)).await().atMost(LONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "starttls", "ssl"})
  void theRightPasswordIsAcceptedAndAnotherIsNot(String encryption) {
    use(encryption);
    assertThat(verify("alice@example.test", "right")).isTrue();
    assertThat(verify("alice@example.test", "wrong")).isFalse();
    assertThat(verify("alice@example.test", "")).isFalse();
    assertThat(verify("none@example.test", "right")).isFalse();
    assertThat(verify("nobody@example.test", "right")).isFalse();
    assertThat(directory.account("alice@other.test").await().atMost(LONG))
        .contains("alice@example.test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"starttls", "ssl"})
  void aServerThatHasEndedIsNoWrongPassword(String encryption) throws InterruptedException {
    use(encryption, "cache=PT0S");
    assertThat(verify("alice@example.test", "right")).isTrue();
    end();
    for (var password : List.of("right", "wrong")) {
      assertThatThrownBy(() -> verify("alice@example.test", password))
          .isInstanceOf(StoreException.class);
    }
  }
}
