package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.store.account.Accounts;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a deleted account's clients and senders see, through the whole server. */
@QuarkusTest
class DeletedAccountIT {
  @Inject Server server;
  @Inject Accounts accounts;

  private String user() {
    var soon = Duration.ofSeconds(20);
    var bob = accounts.find("bob@example.test").await().atMost(soon).orElseThrow();
    var name = "deleted-" + UUID.randomUUID() + "@example.test";
    accounts.create(name, bob.verifiers()).await().atMost(soon);
    return name;
  }

  private Peer peer(MailProtocol protocol, Tls tls) throws IOException {
    var peer = new Peer(server.port(protocol, tls).orElseThrow());
    peer.line();
    return peer;
  }

  private static RequestSpecification admin() {
    return given().header("Authorization", "Bearer token-of-the-tests-0123456789");
  }

  @Test
  void aDeletedAccountHasNoSessionsLoginsOrDeliveriesUntilItIsRestored() throws IOException {
    var user = user();
    try (var open = peer(MailProtocol.IMAP, Tls.STARTTLS);
        var other = peer(MailProtocol.IMAP, Tls.STARTTLS);
        var sender = peer(MailProtocol.LMTP, Tls.STARTTLS)) {
      open.command("LOGIN " + user + " secret");
      open.command("SELECT INBOX");
      sender.send("LHLO example.test");
      sender.until("250 ");
      admin().delete("/admin/v1/accounts/" + user).then().statusCode(204);
      assertThat(open.line()).startsWith("* BYE ");

      other.send("a LOGIN " + user + " secret");
      assertThat(other.until("a ")).startsWith("a NO [AUTHENTICATIONFAILED] ");
      sender.send("MAIL FROM:<>");
      assertThat(sender.line()).startsWith("250");
      sender.send("RCPT TO:<" + user + ">");
      assertThat(sender.line()).startsWith("550");

      admin().post("/admin/v1/deleted-accounts/" + user + "/restore").then().statusCode(200);
      other.command("LOGIN " + user + " secret");
      sender.send("RCPT TO:<" + user + ">");
      assertThat(sender.line()).startsWith("250");
    }
  }
}
