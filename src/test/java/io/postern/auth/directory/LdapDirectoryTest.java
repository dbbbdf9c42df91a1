package io.postern.auth.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.OperationType;
import com.unboundid.util.ssl.KeyStoreKeyManager;
import com.unboundid.util.ssl.SSLUtil;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users of a directory: the SDK's in memory. */
public class LdapDirectoryTest {
  private static final String BASE = "dc=example,dc=test";
  private static final String READER = "cn=reader," + BASE;
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final AtomicLong clock = new AtomicLong();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Live live = new Live(TestSettings.of());

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private InMemoryDirectoryServer server;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private LdapDirectory ldap;

  @BeforeEach
  void start() throws Exception {
    server = new InMemoryDirectoryServer(config());
    fill();
    Files.writeString(directory.resolve("password"), "read me\nmore\n");
    use();
    ldap =
        new LdapDirectory(
            live,
            new Workers("directory-", 4, 100),
            (call, answered, _) -> calls.add(call + " " + answered),
            clock::get);
  }

  private void fill() throws Exception {
    server.add("dn: " + BASE, "objectClass: domain", "dc: example");
    server.add(
        "dn: " + READER, "objectClass: person", "cn: reader", "sn: x", "userPassword: read me");
    person("alice", "alice@example.test", "right");
    server.startListening();
  }

  @AfterEach
  void stop() {
    ldap.close();
    server.shutDown(true);
  }

  private static InMemoryDirectoryServerConfig config() throws LDAPException {
    var config = new InMemoryDirectoryServerConfig(BASE);
    config.setSchema(null);
    // Only those who have bound may search.
    config.setAuthenticationRequiredOperationTypes(OperationType.SEARCH);
    return config;
  }

  private void person(String uid, String mail, String password) throws Exception {
    server.add(
        "dn: uid=" + uid + "," + BASE,
        "objectClass: inetOrgPerson",
        "uid: " + uid,
        "cn: " + uid,
        "sn: x",
        "mail: " + mail,
        "userPassword: " + password);
  }

  /** Puts settings in force: those of the tests, and more, of which the last counts. */
  private void use(String... more) {
    use(List.of("127.0.0.1:" + server.getListenPort()), more);
  }

  private void use(List<String> servers, String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "servers=" + String.join(",", servers),
                "encryption=none",
                "base-dn=" + BASE,
                "bind-dn=" + READER,
                "bind-password-file=" + directory.resolve("password"),
                "timeout=PT2S"));
    all.addAll(List.of(more));
    live.swap(
        TestSettings.of(
            all.stream().map(it -> "mail.auth.directory." + it).toArray(String[]::new)));
  }

  /** As a mounted Secret changes: the settings stay. */
  @Test
  void aChangedPasswordOfTheServerIsReadAgain() throws Exception {
    assertThat(verify("alice@example.test", "right")).isTrue();
    server.modify(
        "dn: " + READER, "changetype: modify", "replace: userPassword", "userPassword: new");
    var file = directory.resolve("password");
    Files.writeString(file, "new\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
    person("bob", "bob@example.test", "his");
    server.closeAllConnections(false);
    assertThat(verify("bob@example.test", "his")).isTrue();
  }

  @Test
  void callsAreCountedAndAnswersInMemoryAreNot() {
    assertThat(verify("alice@example.test", "wrong")).isFalse();
    assertThat(verify("alice@example.test", "right")).isTrue();
    assertThat(verify("alice@example.test", "right")).isTrue();
    assertThat(calls).containsExactly("SEARCH true", "BIND true", "BIND true");
    calls.clear();
    server.shutDown(true);
    assertThatThrownBy(() -> verify("bob@example.test", "right"))
        .isInstanceOf(StoreException.class);
    assertThat(calls).containsExactly("SEARCH false");
  }

  private boolean verify(String user, String password) {
    return ldap.verify(user, new Secret(password)).await().atMost(LONG);
  }

  private String account(String user) {
    return ldap.account(user).await().atMost(LONG).orElse("none");
  }

  private void unavailable(String user, String password) {
    assertThatThrownBy(() -> verify(user, password))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.failure()).isInstanceOf(StoreFailure.Unavailable.class))
        .hasMessageNotContaining("right");
  }

  @Test
  void theRightPasswordIsAcceptedAndAnotherIsNot() {
    assertThat(verify("alice@example.test", "right")).isTrue();
    assertThat(verify("ALICE@example.test", "right")).isTrue();
    assertThat(verify("alice@example.test", "wrong")).isFalse();
    assertThat(verify("nobody@example.test", "right")).isFalse();
  }

  @Test
  void anEmptyPasswordProvesNothing() {
    assertThat(verify("alice@example.test", "")).isFalse();
  }

  @Test
  void anAttributeNamesTheAccount() throws Exception {
    person("bob", "Robert@Example.test", "secret");
    use("filter=(|(uid={local-part})(mail={name}))");
    assertThat(account("bob@example.test")).isEqualTo("robert@example.test");
    assertThat(account("robert@example.test")).isEqualTo("robert@example.test");
    assertThat(verify("bob@example.test", "secret")).isTrue();
    use("filter=(uid={local-part})", "account-attribute=cn");
    assertThat(account("bob@example.test")).isEqualTo("bob");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*@example.test",
        "a*@example.test",
        "x)(mail=*",
        "alice@example.test\\",
        "(",
        "\u00e4"
      })
  void aNameIsNoFilter(String name) {
    assertThat(account(name)).isEqualTo("none");
    assertThat(verify(name, "right")).isFalse();
  }

  @Test
  void severalEntriesAreNoUser() throws Exception {
    person("alice2", "alice@example.test", "other");
    person("alice3", "alice@example.test", "third");
    assertThat(account("alice@example.test")).isEqualTo("none");
    assertThat(verify("alice@example.test", "right")).isFalse();
  }

  @Test
  void onlyUsersOfItsDomainsAreInIt() {
    use("domains=Example.test,other.test");
    assertThat(ldap.decides("alice@example.test")).isTrue();
    assertThat(ldap.decides("alice@third.test")).isFalse();
    use("domains=");
    assertThat(ldap.decides("alice@third.test")).isTrue();
    use(List.of());
    assertThat(ldap.decides("alice@example.test")).isFalse();
  }

  @Test
  void anEntryAndARightPasswordAreRememberedForSeconds() throws Exception {
    assertThat(verify("alice@example.test", "right")).isTrue();
    server.delete("uid=alice," + BASE);
    assertThat(verify("alice@example.test", "right")).isTrue();
    assertThat(verify("alice@example.test", "wrong")).isFalse();
    clock.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(verify("alice@example.test", "right")).isFalse();
  }

  @Test
  void withoutACacheEachLoginIsAsked() throws Exception {
    use("cache=PT0S");
    assertThat(verify("alice@example.test", "right")).isTrue();
    server.delete("uid=alice," + BASE);
    assertThat(verify("alice@example.test", "right")).isFalse();
  }

  @Test
  void aDirectoryThatIsDownIsNoWrongPassword() throws Exception {
    use("cache=PT0S");
    assertThat(verify("alice@example.test", "right")).isTrue();
    server.shutDown(true);
    unavailable("alice@example.test", "right");
    unavailable("alice@example.test", "wrong");
    unavailable("nobody@example.test", "wrong");
  }

  @Test
  void itIsUsedAgainWhenItIsBack() throws Exception {
    use("cache=PT0S");
    int port = server.getListenPort();
    server.shutDown(true);
    unavailable("alice@example.test", "right");
    server.startListening();
    use(List.of("127.0.0.1:" + server.getListenPort(), "127.0.0.1:" + port), "cache=PT0S");
    assertThat(verify("alice@example.test", "right")).isTrue();
  }

  @Test
  void aDirectoryThatSaysNothingIsGivenUpAfterTheTimeout() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      use(List.of("127.0.0.1:" + silent.getLocalPort()), "timeout=PT0.2S");
      unavailable("alice@example.test", "right");
    }
  }

  @Test
  void anotherServerIsUsedWhileOneDoesNotAnswer() {
    use(List.of("127.0.0.1:1", "127.0.0.1:" + server.getListenPort()));
    assertThat(verify("alice@example.test", "right")).isTrue();
  }

  @Test
  void aReaderThatIsRefusedIsNoWrongPassword() throws IOException {
    Files.writeString(directory.resolve("password"), "not this");
    use("cache=PT1S");
    unavailable("alice@example.test", "right");
    Files.writeString(directory.resolve("password"), "read me");
    use("cache=PT2S");
    assertThat(verify("alice@example.test", "right")).isTrue();
  }

  @Test
  void changedSettingsHoldForTheNextLogin() throws Exception {
    assertThat(verify("alice@example.test", "right")).isTrue();
    server.add("dn: ou=other," + BASE, "objectClass: organizationalUnit", "ou: other");
    use("base-dn=ou=other," + BASE);
    assertThat(verify("alice@example.test", "right")).isFalse();
    use("max-connections=1");
    assertThat(verify("alice@example.test", "right")).isTrue();
    assertThat(verify("alice@example.test", "wrong")).isFalse();
    use("bind-dn=cn=other," + BASE);
    unavailable("alice@example.test", "right");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssl", "starttls"})
  void aTrustedCertificateIsRequired(String encryption) throws Exception {
    var here = encrypted(encryption, "localhost");
    use(here, "encryption=" + encryption, trusted());
    assertThat(verify("alice@example.test", "right")).isTrue();
    assertThat(verify("alice@example.test", "wrong")).isFalse();
    use(here, "encryption=" + encryption);
    unavailable("alice@example.test", "right");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssl", "starttls"})
  void aCertificateOfAnotherHostIsRefused(String encryption) throws Exception {
    use(encrypted(encryption, "other.example.test"), "encryption=" + encryption, trusted());
    unavailable("alice@example.test", "right");
  }

  private String trusted() {
    return "trusted-certificates=" + directory.resolve("cert.pem");
  }

  /** Starts the server with a certificate of a host. */
  private List<String> encrypted(String encryption, String host) throws Exception {
    SelfSigned.make(directory, host);
    var store = directory.resolve("keys.p12").toFile();
    var config = config();
    var keys =
        new SSLUtil(
            new KeyStoreKeyManager(store, SelfSigned.PASSWORD.toCharArray(), "PKCS12", "server"),
            null);
    config.setListenerConfigs(
        encryption.equals("ssl")
            ? InMemoryListenerConfig.createLDAPSConfig(
                "tls", null, 0, keys.createSSLServerSocketFactory(), null)
            : InMemoryListenerConfig.createLDAPConfig(
                "tls", null, 0, keys.createSSLSocketFactory()));
    server.shutDown(true);
    server = new InMemoryDirectoryServer(config);
    fill();
    return List.of("localhost:" + server.getListenPort());
  }
}
