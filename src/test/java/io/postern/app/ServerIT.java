package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.CoreMatchers.containsString;
import static org.hamcrest.CoreMatchers.not;

import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.message.MessageInfo;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.Messages.Columns;
import io.postern.store.account.Accounts;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** All rooms together: messages from a socket are stored, and stored messages are sent. */
@QuarkusTest
class ServerIT {
  /** All facts, of a content whose blob is read. */
  private static final Columns WITH_BLOB = new Columns(true, Columns.STREAMED);

  @Inject Server server;
  @Inject Accounts accounts;
  @Inject Mailboxes mailboxes;
  @Inject Messages messages;
  @Inject Blobs blobs;

  @ConfigProperty(name = "quarkus.management.port")
  int management;

  @Test
  void mailHandedInIsStoredOctetForOctet() throws IOException {
    var name = "app-" + UUID.randomUUID() + "@example.test";
    var account = await(accounts.create(name, Verifiers.of(new Secret("$none$"))));
    var message = "Subject: hello\r\n\r\n.dot\r\nsmall\r\n";
    var large = "Subject: large\r\n\r\n" + "0123456789abcde\r\n".repeat(20_000);
    try (var peer = new Peer(server.port(MailProtocol.LMTP, Tls.STARTTLS).orElseThrow())) {
      assertThat(peer.line()).startsWith("220 ");
      assertThat(peer.say("LHLO client.example.test")).endsWith("250 STARTTLS");
      peer.hand(name, message);
      peer.hand(name, large);
      assertThat(peer.say("QUIT")).containsExactly("221 2.0.0 Bye");
    }
    var path = "Return-Path: <sender@example.test>\r\n";
    assertThat(inbox(account)).containsExactly(path + message, path + large);
  }

  @Test
  void demoAccountsAreThereWithTheirMessages() {
    var alice = await(accounts.find("alice@example.test")).orElseThrow();
    // Other tests may have added messages of their own.
    assertThat(inbox(alice.id()))
        .filteredOn(message -> message.contains("@example.test"))
        .hasSizeGreaterThanOrEqualTo(4)
        .anySatisfy(message -> assertThat(message).contains("multipart/alternative"))
        .anySatisfy(message -> assertThat(message).contains("text/calendar"))
        .allSatisfy(message -> assertThat(message).contains("\r\n\r\n"));
    assertThat(await(accounts.find("bob@example.test"))).isPresent();
  }

  @Test
  void imapGreetsAndAcceptsALogin() throws IOException {
    try (var client = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow())) {
      assertThat(client.line()).startsWith("* OK ");
      client.send("a1 LOGIN alice@example.test secret");
      assertThat(client.until("a1 ")).startsWith("a1 OK ");
      client.send("a2 SELECT INBOX");
      assertThat(client.until("a2 ")).startsWith("a2 OK ");
      client.send("a3 LOGOUT");
      assertThat(client.until("a3 ")).startsWith("a3 OK ");
    }
  }

  @Test
  void implicitTlsAndStartTlsWork() throws IOException {
    try (var client = new Peer(server.port(MailProtocol.IMAP, Tls.IMPLICIT).orElseThrow())) {
      client.startTls();
      assertThat(client.line()).startsWith("* OK ");
    }
    try (var peer = new Peer(server.port(MailProtocol.LMTP, Tls.STARTTLS).orElseThrow())) {
      assertThat(peer.line()).startsWith("220 ");
      assertThat(peer.say("STARTTLS").getFirst()).startsWith("220 2.0.0 ");
      peer.startTls();
      assertThat(peer.say("LHLO client.example.test")).endsWith("250 SIZE 36700160");
    }
  }

  @Test
  void readinessListsTheEndpoints() {
    given()
        .baseUri("http://localhost:" + management)
        .get("/q/health/ready")
        .then()
        .statusCode(200)
        .body("checks.find { it.name == 'mail listeners' }.data.endpoints", containsString("LMTP"));
  }

  @Test
  void commandsAndSessionsAreMetered() throws IOException {
    try (var client = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow())) {
      client.line();
      client.send("a1 NOOP");
      client.until("a1 OK ");
      given()
          .baseUri("http://localhost:" + management)
          .get("/q/metrics")
          .then()
          .statusCode(200)
          .body(containsString("mail_connections{protocol=\"imap\",state=\"pre-auth\"}"))
          .body(containsString("mail_command_seconds_count{command=\"NOOP\",outcome=\"ok\""))
          .body(containsString("tcp_active_connections{"))
          .body(not(containsString("tcp_connections_seconds")));
    }
  }

  @Test
  void aCommandThatIsRefusedAtItsLiteralIsMetered() throws IOException {
    try (var client = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow())) {
      client.line();
      client.send("a1 APPEND INBOX {3}");
      client.until("a1 BAD ");
      given()
          .baseUri("http://localhost:" + management)
          .get("/q/metrics")
          .then()
          .statusCode(200)
          .body(containsString("mail_command_seconds_count{command=\"APPEND\",outcome=\"bad\""));
    }
  }

  @Test
  void aLineThatIsTooLongIsMetered() throws IOException {
    var tooLong = "x".repeat(200_000);
    try (var imap = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow());
        var pop3 = new Peer(server.port(MailProtocol.POP3, Tls.STARTTLS).orElseThrow());
        var lmtp = new Peer(server.port(MailProtocol.LMTP, Tls.STARTTLS).orElseThrow())) {
      for (var client : List.of(imap, pop3, lmtp)) {
        client.line();
        client.send(tooLong);
      }
      imap.until("* BAD ");
      pop3.until("-ERR ");
      lmtp.until("500 ");
      given()
          .baseUri("http://localhost:" + management)
          .get("/q/metrics")
          .then()
          .statusCode(200)
          .body(containsString("mail_command_seconds_count{command=\"?\",outcome=\"bad\""))
          .body(containsString("mail_command_seconds_count{command=\"?\",outcome=\"err\""))
          .body(containsString("mail_command_seconds_count{command=\"?\",outcome=\"refused\""));
    }
  }

  private List<String> inbox(AccountId account) {
    var inbox = await(mailboxes.find(account, MailboxName.INBOX)).orElseThrow();
    var rows = await(messages.load(inbox.key())).messages();
    return IntStream.range(0, rows.size()).mapToObj(i -> text(inbox, rows.info(i))).toList();
  }

  private String text(MailboxInfo mailbox, MessageInfo message) {
    var contents =
        await(messages.contents(mailbox.key().account(), List.of(message.content()), WITH_BLOB))
            .values();
    var pieces = contents.iterator().next().read(blobs, 0, message.size());
    var whole = Buffer.buffer();
    await(pieces.collect().asList()).forEach(whole::appendBuffer);
    return whole.toString(StandardCharsets.UTF_8);
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(20));
  }
}
