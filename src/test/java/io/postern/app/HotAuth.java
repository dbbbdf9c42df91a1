package io.postern.app;

import static io.postern.app.HotStage.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;

/** The hot keys of names, certificates and tickets. */
final class HotAuth {
  private static final String EXTERNAL = "AUTHENTICATE EXTERNAL =";
  private static final String CERTIFICATES = "mail.auth.certificates.enabled";
  private static final String TICKETS = "mail.auth.gssapi.enabled";
  private static final String KEYTAB = "mail.auth.gssapi.keytab";
  private static final String MAIL = "MAIL FROM:<sender@example.test>";

  private HotAuth() {}

  static void blockedUsers(HotStage stage) throws Exception {
    try (var open = stage.alice();
        var imap = stage.imap();
        var pop3 = stage.pop3()) {
      stage.set("mail.auth.blocked-users", "root,alice@example.test");
      assertThat(ask(imap, "LOGIN alice@example.test secret")).startsWith("t NO");
      assertThat(HotMailProtocol.POP3.tries(pop3, "alice@example.test")).startsWith("-ERR");
      HotMailProtocol.IMAP.alive(open);
      stage.set();
      HotMailProtocol.IMAP.enters(imap, "alice@example.test");
      HotMailProtocol.POP3.enters(pop3, "alice@example.test");
    }
  }

  static void windowsDomains(HotStage stage) throws Exception {
    try (var imap = stage.imap();
        var pop3 = stage.pop3()) {
      assertThat(ask(imap, "LOGIN HEADQUARTERS/alice secret")).startsWith("t NO");
      stage.set("mail.auth.windows-domains", "BRANCH=other.test,HEADQUARTERS=example.test");
      HotMailProtocol.IMAP.enters(imap, "HEADQUARTERS/alice");
      HotMailProtocol.POP3.enters(pop3, "headquarters\\alice");
    }
  }

  /** A clear-text connection starts TLS after the change; a TLS connection continues. */
  static void certificates(HotStage stage) throws Exception {
    try (var clear = stage.imap();
        var secure = stage.imapTls(stage.certificate);
        var pop3 = stage.pop3()) {
      assertThat(ask(secure, EXTERNAL)).startsWith("t NO");
      stage.set(CERTIFICATES, "true");
      startTls(clear, stage.certificate);
      assertThat(ask(clear, EXTERNAL)).startsWith("t OK");
      try (var next = stage.imapTls(stage.certificate)) {
        assertThat(ask(next, EXTERNAL)).startsWith("t OK");
      }
      // A client that has none is as welcome.
      assertThat(HotStage.say(pop3, "STLS")).startsWith("+OK");
      pop3.startTls();
      HotMailProtocol.POP3.enters(pop3, "alice@example.test");
      HotMailProtocol.IMAP.enters(secure, "alice@example.test");
      stage.set();
      HotMailProtocol.IMAP.alive(clear);
      try (var next = stage.imapTls(stage.certificate)) {
        assertThat(ask(next, EXTERNAL)).startsWith("t NO");
      }
    }
  }

  static void userField(HotStage stage) throws Exception {
    var commonName = new String[] {CERTIFICATES, "true", userField(), "common-name"};
    try (var client = stage.imap();
        var other = stage.imap()) {
      stage.set(commonName);
      startTls(client, stage.certificate);
      startTls(other, stage.certificate);
      assertThat(ask(client, EXTERNAL)).startsWith("t NO");
      stage.set(CERTIFICATES, "true");
      assertThat(ask(client, EXTERNAL)).startsWith("t OK");
      stage.set(commonName);
      assertThat(ask(other, EXTERNAL)).startsWith("t NO");
      HotMailProtocol.IMAP.alive(client);
    }
  }

  private static String userField() {
    return "mail.auth.certificates.user-field";
  }

  private static void startTls(Peer client, HotCertificate own) throws IOException {
    assertThat(ask(client, "STARTTLS")).startsWith("t OK");
    client.startTls(own.keys());
  }

  /** The same for LMTP, where a certificate is required. */
  static void lmtpCertificate(HotStage stage) throws Exception {
    try (var clear = stage.lmtp();
        var without = stage.lmtp();
        var secure = stage.lmtp()) {
      lmtpTls(secure, new HotCertificate[0]);
      assertThat(HotStage.say(secure, MAIL)).startsWith("250 ");
      assertThat(HotStage.say(secure, "RSET")).startsWith("250 ");
      stage.set("mail.lmtp.require-client-certificate", "true");
      assertThat(HotStage.say(clear, MAIL)).startsWith("530 ");
      lmtpTls(clear, stage.certificate);
      assertThat(HotStage.say(clear, MAIL)).startsWith("250 ");
      assertThatThrownBy(() -> lmtpTls(without)).isInstanceOf(IOException.class);
      // It may have one, and was not asked: it shall come again.
      assertThat(HotStage.say(secure, MAIL)).startsWith("451 ");
      stage.set();
      assertThat(HotStage.say(secure, MAIL)).startsWith("250 ");
    }
  }

  private static void lmtpTls(Peer peer, HotCertificate... own) throws IOException {
    assertThat(HotStage.say(peer, "STARTTLS")).startsWith("220 ");
    peer.startTls(own.length == 0 ? new javax.net.ssl.KeyManager[0] : own[0].keys());
    assertThat(peer.say("LHLO client.example.test").getLast()).startsWith("250 ");
  }

  static void tickets(HotStage stage) throws Exception {
    var directory = Files.createTempDirectory("postern-kdc");
    try (var kdc = HotKdc.start(directory);
        var open = stage.alice();
        var client = stage.imap();
        var after = stage.imap()) {
      var keytab = kdc.keytab("imap/localhost", "mail.keytab").toString();
      stage.set(KEYTAB, keytab);
      assertThat(ask(client, "AUTHENTICATE GSSAPI")).startsWith("t NO");
      stage.set(KEYTAB, keytab, TICKETS, "true");
      assertThat(kdc.logsIn(client, "alice", "imap/localhost")).startsWith("t OK");
      stage.set(KEYTAB, keytab);
      assertThat(ask(after, "AUTHENTICATE GSSAPI")).startsWith("t NO");
      HotMailProtocol.IMAP.alive(client);
      HotMailProtocol.IMAP.alive(open);
    }
  }

  /** A keytab with keys that are not the service's any more is of no use. */
  static void keytab(HotStage stage) throws Exception {
    var directory = Files.createTempDirectory("postern-kdc");
    try (var kdc = HotKdc.start(directory);
        var client = stage.imap()) {
      var old = kdc.keytab("imap/localhost", "old.keytab").toString();
      var renewed = kdc.keytab("imap/localhost", "mail.keytab").toString();
      stage.set(TICKETS, "true", KEYTAB, old);
      assertThat(kdc.logsIn(client, "alice", "imap/localhost")).startsWith("t NO");
      stage.set(TICKETS, "true", KEYTAB, renewed);
      assertThat(kdc.logsIn(client, "alice", "imap/localhost")).startsWith("t OK");
      stage.set();
      HotMailProtocol.IMAP.alive(client);
    }
  }
}
