package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.postern.Eventually;
import io.postern.model.MailProtocol;
import io.postern.store.account.Accounts;
import io.postern.store.maintenance.UidValidities;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** After a renewal of UIDVALIDITY no client continues with old UIDs. */
@QuarkusTest
class UidValidityIT {
  private static final String RENEWALS = "/admin/v1/uid-validity-renewals";
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject Server server;
  @Inject Accounts accounts;
  @Inject UidValidities validities;
  @Inject UidValidityRenewing renewing;

  private String user() {
    var bob = accounts.find("bob@example.test").await().atMost(SOON).orElseThrow();
    var name = "validity-" + UUID.randomUUID() + "@example.test";
    accounts.create(name, bob.verifiers()).await().atMost(SOON);
    return name;
  }

  private Peer imap(String user) throws IOException {
    var peer = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow());
    peer.line();
    peer.command("LOGIN " + user + " secret");
    return peer;
  }

  private static long select(Peer peer) throws IOException {
    peer.send("s SELECT INBOX");
    var line = peer.until("* OK [UIDVALIDITY ");
    peer.until("s OK");
    return Long.parseLong(line.replaceAll("[^0-9]", ""));
  }

  /** The first line of UIDL. */
  private String uniqueId(String user) throws IOException {
    try (var peer = new Peer(server.port(MailProtocol.POP3, Tls.STARTTLS).orElseThrow())) {
      peer.line();
      peer.send("USER " + user);
      peer.line();
      peer.send("PASS secret");
      assertThat(peer.line()).startsWith("+OK");
      peer.send("UIDL 1");
      var answer = peer.line();
      peer.send("QUIT");
      peer.line();
      return answer;
    }
  }

  private static RequestSpecification admin() {
    return given().header("Authorization", "Bearer token-of-the-tests-0123456789");
  }

  @Test
  void theSessionsOfTheAccountEndAndTheNextOnesSeeNewValidities() throws IOException {
    var user = user();
    try (var selected = imap(user)) {
      selected.append("INBOX");
      long before = select(selected);
      var uidl = uniqueId(user);
      assertThat(uidl).startsWith("+OK 1 ");
      admin()
          .post("/admin/v1/accounts/" + user + "/uid-validity")
          .then()
          .statusCode(200)
          .body("mailboxes", equalTo(6));
      assertThat(selected.line()).startsWith("* BYE ");
      try (var next = imap(user)) {
        assertThat(select(next)).isGreaterThan(before);
        next.send("f UID FETCH 1 (UID)");
        assertThat(next.until("f ")).startsWith("f OK");
      }
      assertThat(uniqueId(user)).startsWith("+OK 1 ").isNotEqualTo(uidl);
    }
    admin().post("/admin/v1/accounts/no@example.test/uid-validity").then().statusCode(404);
  }

  /** A revocation may be lost with the Redis that carries it. */
  @Test
  void aSessionThatIsNotReachedFindsItsMailboxDeleted() throws IOException {
    var user = user();
    var account = accounts.find(user).await().atMost(SOON).orElseThrow().id();
    try (var selected = imap(user);
        var idling = imap(user)) {
      select(selected);
      select(idling);
      validities.renew(account).await().atMost(SOON);
      selected.send("a NOOP");
      assertThat(selected.line()).doesNotStartWith("a OK");
      idling.send("i IDLE");
      assertThat(idling.until("* BYE")).startsWith("* BYE");
    }
  }

  @Test
  void aRenewalOfAllAccountsShowsItsProgressAndEnds() throws IOException {
    finish();
    var user = user();
    try (var selected = imap(user)) {
      long before = select(selected);
      var place = admin().post(RENEWALS).then().statusCode(202).extract().header("Location");
      var progress = finished(place);
      assertThat(progress.getLong("accounts")).isEqualTo(progress.getLong("accountsRenewed"));
      assertThat(progress.getLong("mailboxesRenewed")).isGreaterThanOrEqualTo(6);
      assertThat(selected.line()).startsWith("* BYE ");
      try (var next = imap(user)) {
        assertThat(select(next)).isGreaterThan(before);
      }
    }
  }

  private JsonPath finished(String place) {
    // The node's own schedule may have a batch in hand.
    return Eventually.found(
        "it is finished",
        () -> {
          finish();
          var shown = admin().get(place).then().statusCode(200).extract().jsonPath();
          return shown.get("finished") == null ? Optional.empty() : Optional.of(shown);
        });
  }

  private void finish() {
    renewing.run().await().atMost(Duration.ofSeconds(60));
  }
}
