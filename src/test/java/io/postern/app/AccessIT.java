package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.postern.auth.SessionRevocation;
import io.postern.model.MailProtocol;
import io.postern.store.account.Accounts;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Limits and revocation of sessions, through the whole server. */
@QuarkusTest
class AccessIT {
  @Inject Server server;
  @Inject Accounts accounts;
  @Inject SessionRevocation revocation;

  @ConfigProperty(name = "quarkus.management.port")
  int management;

  private String user() {
    var soon = Duration.ofSeconds(20);
    var bob = accounts.find("bob@example.test").await().atMost(soon).orElseThrow();
    var name = "access-" + UUID.randomUUID() + "@example.test";
    accounts.create(name, bob.verifiers()).await().atMost(soon);
    return name;
  }

  private void withoutImap(String user) {
    var soon = Duration.ofSeconds(20);
    var account = accounts.find(user).await().atMost(soon).orElseThrow();
    accounts.change(account.id(), it -> it.withImap(false)).await().atMost(soon);
  }

  /** Returns when a later revocation has been heard and its account been read, twice in turn. */
  private void awaitRevocations() throws IOException {
    for (int i = 0; i < 2; i++) {
      var witness = user();
      try (var peer = imap()) {
        peer.command("LOGIN " + witness + " secret");
        withoutImap(witness);
        revocation.accountChanged(witness);
        assertThat(peer.line()).startsWith("* BYE ");
      }
    }
  }

  private Peer imap() throws IOException {
    var peer = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow());
    peer.line();
    return peer;
  }

  @Test
  void theSeventeenthSessionOfAUserIsRefused() throws IOException {
    var user = user();
    var open = new ArrayList<Peer>();
    try {
      for (int i = 0; i < 16; i++) {
        open.add(imap());
        open.getLast().command("LOGIN " + user + " secret");
      }
      open.add(imap());
      open.getLast().send("a LOGIN " + user + " secret");
      assertThat(open.getLast().until("a ")).startsWith("a NO [LIMIT] ");
      given()
          .baseUri("http://localhost:" + management)
          .get("/q/metrics")
          .then()
          .body(containsString("mail_access_refused_total{protocol=\"imap\",reason=\"user\"}"));
    } finally {
      for (var peer : open) {
        peer.close();
      }
    }
  }

  @Test
  void theSessionsOfARevokedUserEndWithAFarewellAndOthersStay() throws IOException {
    var user = user();
    try (var revoked = imap();
        var bystander = imap()) {
      revoked.command("LOGIN " + user + " secret");
      bystander.command("LOGIN alice@example.test secret");
      revocation.revoke(user);
      assertThat(revoked.line()).startsWith("* BYE ");
      awaitRevocations();
      bystander.command("NOOP");
    }
  }

  @Test
  void aRevokedRightEndsItsSessionsOnly() throws IOException {
    var user = user();
    try (var imap = imap();
        var pop3 = new Peer(server.port(MailProtocol.POP3, Tls.STARTTLS).orElseThrow())) {
      imap.command("LOGIN " + user + " secret");
      pop3.line();
      pop3.send("USER " + user);
      pop3.line();
      pop3.send("PASS secret");
      assertThat(pop3.line()).startsWith("+OK ");
      withoutImap(user);
      revocation.accountChanged(user);
      assertThat(imap.line()).startsWith("* BYE ");
      awaitRevocations();
      pop3.send("NOOP");
      assertThat(pop3.line()).startsWith("+OK");
    }
  }

  @Test
  void allowedSessionsStayWhenTheAccountIsChanged() throws IOException {
    var user = user();
    try (var peer = imap()) {
      peer.command("LOGIN " + user + " secret");
      revocation.accountChanged(user);
      revocation.accountChanged("nobody@example.test");
      awaitRevocations();
      peer.command("NOOP");
    }
  }
}
