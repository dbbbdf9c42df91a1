package io.postern.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postern.clients.DovecotProcess;
import io.postern.embedded.FreePorts;
import io.postern.wire.registry.SessionInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dovecot, if it is installed, as the back end of users that were not migrated yet, and as a proxy
 * before this server. The settings are those of the operations document.
 */
@Tag("clients")
@Timeout(300)
class DovecotSitesIT {
  private static final String OLD = "old@example.test";
  private static final String NEW = "new@example.test";
  private static final Duration DAY = Duration.ofDays(1);

  /** An address of the client, which its front end does not have. */
  private static final String ADDRESS = "127.0.0.9";

  private static final String MESSAGE = "APPEND INBOX {14+}\r\nSubject: a\r\n\r\n";

  @TempDir Path root;

  private final MemoryDirectory directory = new MemoryDirectory();
  private final List<Integer> sitePorts = FreePorts.many(2);
  private final List<Integer> dovecotPorts = FreePorts.many(2);

  // Set by start(), unless the tests are skipped.
  @SuppressWarnings("NullAway.Init")
  private SiteKeys issuer;

  // Set by start(), unless the tests are skipped.
  @SuppressWarnings("NullAway.Init")
  private MemorySite site;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(DovecotProcess.isInstalled(), "Dovecot is not installed");
    issuer = new SiteKeys(root, "issuer");
    site =
        new MemorySite(
                "west",
                issuer.options("west", "west", DAY),
                directory,
                sitePorts,
                Map.of("east", dovecotPorts))
            .start();
    site.account(NEW);
    Files.writeString(
        root.resolve("users"), OLD + ":{PLAIN}" + MemorySite.PASSWORD + "\n" + proxied(NEW) + "\n");
    DovecotProcess.own(Files.createDirectory(root.resolve("mail")));
  }

  @AfterEach
  void stop() {
    if (DovecotProcess.isInstalled()) {
      site.close();
    }
  }

  /** A user whose mailbox is in Postern. */
  private String proxied(String user) {
    return user
        + ":{PLAIN}"
        + MemorySite.PASSWORD
        + "::::::proxy=y ssl=yes proxy_mech=external"
        + " host=west hostip=127.0.0.1";
  }

  /** What is the same in both uses: it has the certificate of the site {@code east}. */
  private String settings(String own) throws Exception {
    var keys = issuer.of("east");
    return """
    listen = 127.0.0.1
    protocols = imap pop3
    first_valid_uid = 1
    first_valid_gid = 1
    mail_location = maildir:%1$s/mail/%%u
    userdb {
      driver = static
      args = uid=nobody gid=nogroup home=%1$s/mail/%%u
    }
    service anvil {
      chroot =
    }
    ssl_cert = <%2$s
    ssl_key = <%3$s
    """
            .formatted(
                root,
                keys.get("quarkus.tls.site.key-store.pem.0.cert"),
                keys.get("quarkus.tls.site.key-store.pem.0.key"))
        + own.formatted(
            root,
            keys.get("quarkus.tls.site.trust-store.pem.certs"),
            dovecotPorts.get(0),
            dovecotPorts.get(1),
            keys.get("quarkus.tls.site.key-store.pem.0.cert"),
            keys.get("quarkus.tls.site.key-store.pem.0.key"),
            sitePorts.get(0),
            sitePorts.get(1));
  }

  /** The back end takes connections of sites only, and what they tell of their clients. */
  private static final String BACK_END =
      """
      ssl = required
      ssl_ca = <%2$s
      ssl_verify_client_cert = yes
      ssl_require_crl = no
      auth_ssl_require_client_cert = yes
      auth_ssl_username_from_cert = yes
      auth_mechanisms = external
      login_trusted_networks = 127.0.0.1
      passdb {
        driver = static
        args = nopassword=y
        master = yes
        mechanisms = external
        username_filter = west
      }
      passdb {
        driver = passwd-file
        args = username_format=%%u %1$s/users
      }
      service imap-login {
        chroot =
        inet_listener imap {
          port = 0
        }
        inet_listener imaps {
          port = %3$d
          ssl = yes
        }
      }
      service pop3-login {
        chroot =
        inet_listener pop3 {
          port = 0
        }
        inet_listener pop3s {
          port = %4$d
          ssl = yes
        }
      }
      """;

  @Test
  void usersThatWereNotMigratedYetReachDovecot() throws Exception {
    site.account(OLD);
    directory.assign(OLD, "east");
    try (var dovecot = new DovecotProcess(root, settings(BACK_END), dovecotPorts.get(0));
        var peer = at(site.imap());
        var other = at(site.imap())) {
      assertThat(peer.login(OLD)).as(dovecot.log()).startsWith("t OK [CAPABILITY IMAP4rev1");
      other.login(OLD);
      readsAndIdles(peer, other);
      assertThat(dovecot.log())
          .contains("Login: user=<" + OLD + ">, method=EXTERNAL, rip=" + ADDRESS)
          .contains("session=<" + session(OLD).id() + ">");
      try (var wrong = at(site.imap())) {
        assertThat(wrong.say("LOGIN " + OLD + " wrong")).startsWith("t NO [AUTHENTICATIONFAILED]");
      }
      try (var pop3 = at(site.pop3())) {
        pop3.pop3("USER " + OLD);
        assertThat(pop3.pop3("PASS " + MemorySite.PASSWORD)).as(dovecot.log()).startsWith("+OK");
        assertThat(pop3.pop3("STAT")).startsWith("+OK 2 ");
      }
      assertThat(dovecot.log()).contains("pop3-login: Info: Login: user=<" + OLD + ">");
    }
    assertThat(site.events).contains("ENTERED east");
  }

  /** A proxy takes passwords of clients, and shows the certificate of a site to Postern. */
  private static final String PROXY =
      """
      ssl = yes
      disable_plaintext_auth = no
      auth_mechanisms = plain login
      ssl_ca = <%2$s
      ssl_require_crl = no
      ssl_client_cert = <%5$s
      ssl_client_key = <%6$s
      passdb {
        driver = passwd-file
        args = username_format=%%u %1$s/users
        default_fields = port=%%{if;%%s;eq;imap;%7$d;%8$d}
      }
      service imap-login {
        chroot =
        inet_listener imap {
          port = %3$d
        }
        inet_listener imaps {
          port = 0
        }
      }
      service pop3-login {
        chroot =
        inet_listener pop3 {
          port = %4$d
        }
        inet_listener pop3s {
          port = 0
        }
      }
      """;

  @Test
  void usersThatWereMigratedReachPosternThroughDovecot() throws Exception {
    try (var dovecot = new DovecotProcess(root, settings(PROXY), dovecotPorts.get(0));
        var peer = at(dovecotPorts.get(0));
        var other = at(site.imap())) {
      assertThat(peer.login(NEW)).as(dovecot.log()).startsWith("t OK [CAPABILITY IMAP4rev1");
      var session = session(NEW);
      assertThat(session.remote().hostAddress()).isEqualTo(ADDRESS);
      assertThat(dovecot.log()).contains("session=<" + session.id() + ">");
      other.login(NEW);
      readsAndIdles(peer, other);
      try (var pop3 = at(dovecotPorts.get(1))) {
        pop3.pop3("USER " + NEW);
        assertThat(pop3.pop3("PASS " + MemorySite.PASSWORD)).as(dovecot.log()).startsWith("+OK");
        assertThat(pop3.pop3("STAT")).startsWith("+OK 2 ");
      }
      try (var stays = at(dovecotPorts.get(0))) {
        assertThat(stays.login(OLD)).as(dovecot.log()).startsWith("t OK");
      }
    }
    assertThat(site.events).isEmpty();
  }

  private static SiteClient at(int port) throws IOException {
    var peer =
        new SiteClient(
            new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(ADDRESS), 0));
    peer.line();
    return peer;
  }

  /** The first of the sessions of a user. */
  private SessionInfo session(String user) {
    return site.sessions.list().stream()
        .filter(it -> it.user().filter(user::equals).isPresent())
        .min(Comparator.comparing(SessionInfo::since))
        .orElseThrow();
  }

  private static void readsAndIdles(SiteClient peer, SiteClient other) throws IOException {
    assertThat(other.say(MESSAGE)).startsWith("t OK");
    peer.send("t SELECT INBOX");
    assertThat(peer.until("* 1 EXISTS")).isNotEmpty();
    assertThat(peer.until("t ")).startsWith("t OK");
    peer.send("t FETCH 1 BODY.PEEK[HEADER]");
    assertThat(peer.until("Subject: a")).isEqualTo("Subject: a");
    assertThat(peer.until("t ")).startsWith("t OK");
    peer.send("t IDLE");
    assertThat(peer.until("+ ")).isNotEmpty();
    assertThat(other.say(MESSAGE)).startsWith("t OK");
    assertThat(peer.until("* 2 EXISTS")).isNotEmpty();
    peer.send("DONE");
    assertThat(peer.until("t ")).startsWith("t OK");
  }
}
