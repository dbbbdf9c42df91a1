package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailProtocol;
import io.postern.model.MailboxName;
import io.postern.store.Mailboxes;
import io.postern.store.account.Accounts;
import io.postern.store.postgres.message.DamagedMailboxes;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What clients of each protocol get of a mailbox that is damaged. */
@QuarkusTest
class DamagedMailboxSessionIT {
  /** Done twice, the octet is as it was. */
  private static final String FLIP =
      "UPDATE mailbox_state SET tail_facts = set_byte(tail_facts, 2, get_byte(tail_facts, 2) # 1)"
          + " WHERE account = $1 AND mailbox = $2";

  @Inject Server server;
  @Inject Accounts accounts;
  @Inject Mailboxes mailboxes;
  @Inject DamagedMailboxes damaged;
  @Inject Pool pool;

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(20));
  }

  private Peer imap(String user) throws IOException {
    var peer = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow());
    peer.line();
    peer.command("LOGIN " + user + " secret");
    return peer;
  }

  private void flip(MailboxKey mailbox) throws Exception {
    pool.preparedQuery(FLIP)
        .execute(Tuple.of(mailbox.account().value(), mailbox.mailbox().value()))
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static String refused(Peer peer, String command) throws IOException {
    peer.send("t " + command);
    return peer.until("t ");
  }

  private String passed(String user) throws IOException {
    try (var peer = new Peer(server.port(MailProtocol.POP3, Tls.STARTTLS).orElseThrow())) {
      peer.line();
      peer.send("USER " + user);
      peer.line();
      peer.send("PASS secret");
      return peer.line();
    }
  }

  private String delivered(String user) throws IOException {
    try (var peer = new Peer(server.port(MailProtocol.LMTP, Tls.STARTTLS).orElseThrow())) {
      peer.line();
      peer.say("LHLO client.example.test");
      peer.say("MAIL FROM:<sender@example.test>");
      peer.say("RCPT TO:<" + user + ">");
      peer.say("DATA");
      return peer.say("Subject: a\r\n\r\nb\r\n.").getFirst();
    }
  }

  @Test
  void onlyTheDamagedMailboxIsRefused() throws Exception {
    var bob = await(accounts.find("bob@example.test")).orElseThrow();
    var user = "damaged-" + UUID.randomUUID() + "@example.test";
    var account = await(accounts.create(user, bob.verifiers()));
    var info = await(mailboxes.find(account, MailboxName.INBOX)).orElseThrow();
    var bug = "t NO [SERVERBUG] The mailbox " + info.key().mailbox().objectId(info.uidValidity());
    try (var open = imap(user);
        var second = imap(user)) {
      open.command("CREATE Other");
      open.append("INBOX");
      open.command("SELECT INBOX");
      flip(info.key());
      assertThat(refused(second, "APPEND INBOX {14+}\r\nSubject: a\r\n\r\n")).startsWith(bug);
      assertThat(refused(second, "SELECT INBOX")).startsWith(bug);
      assertThat(refused(second, "EXAMINE INBOX")).startsWith(bug);
      assertThat(second.command("STATUS INBOX (MESSAGES)")).contains("MESSAGES 1");
      // What is in memory was read before.
      assertThat(open.command("FETCH 1 BODY.PEEK[]")).contains("Subject: a");
      assertThat(refused(open, "STORE 1 +FLAGS (\\Seen)")).startsWith(bug);
      assertThat(refused(open, "NOOP")).startsWith(bug);
      assertThat(open.command("COPY 1 Other")).contains("COPYUID");
      assertThat(second.command("SELECT Other")).contains("* 1 EXISTS");
      second.append("Other");
      assertThat(passed(user)).startsWith("-ERR [SYS/PERM] The mailbox F");
      assertThat(delivered(user)).startsWith("451 ");
      verificationFinds(info.key(), "tail: its checksum");
    } finally {
      flip(info.key());
      await(damaged.recheck());
    }
    try (var again = imap(user)) {
      again.append("INBOX");
      assertThat(again.command("SELECT INBOX")).contains("* 2 EXISTS");
    }
    assertThat(passed(user)).startsWith("+OK");
  }

  private static void verificationFinds(MailboxKey mailbox, String problem) {
    var before = mailbox.account().value() + "-" + (mailbox.mailbox().value() - 1);
    given()
        .header("Authorization", "Bearer token-of-the-tests-0123456789")
        .get("/admin/v1/store-verification?limit=1&after=" + before)
        .then()
        .statusCode(200)
        .body("findings.problem", hasItem(containsString(problem)));
  }
}
