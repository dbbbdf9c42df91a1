package io.postern.app;

import static io.postern.app.HotStage.ask;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.store.account.Quotas;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.maintenance.AuditTrail;
import io.postern.store.maintenance.Recoverable;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The hot keys of what is kept. */
final class HotStore {
  private HotStore() {}

  static void deletedItem(HotStage stage) throws Exception {
    try (var client = stage.alice()) {
      assertThat(ask(client, "SELECT INBOX")).startsWith("t OK");
      assertThat(ask(client, "STORE 1 +FLAGS (\\Deleted)")).startsWith("t OK");
      assertThat(ask(client, "EXPUNGE")).startsWith("t OK");
      soon(stage.beans.sweeping().sweep());
      assertThat(removed(stage)).isPositive();
      stage.set("mail.retention.deleted-item", "PT0S");
      soon(stage.beans.sweeping().sweep());
      assertThat(removed(stage)).isZero();
      assertThat(ask(client, "NOOP")).startsWith("t OK");
    }
  }

  static void maxMailboxes(HotStage stage) throws Exception {
    try (var client = stage.alice()) {
      assertThat(ask(client, "CREATE hot-one")).startsWith("t OK");
      stage.set("mail.mailbox.max-mailboxes", "1");
      assertThat(ask(client, "CREATE hot-two")).startsWith("t NO [LIMIT]");
      assertThat(ask(client, "STATUS hot-one (MESSAGES)")).startsWith("t OK");
      stage.set();
      assertThat(ask(client, "CREATE hot-two")).startsWith("t OK");
    }
  }

  static void maxSubscriptions(HotStage stage) throws Exception {
    try (var client = stage.alice()) {
      assertThat(ask(client, "CREATE hot-three")).startsWith("t OK");
      stage.set("mail.mailbox.max-subscriptions", "1");
      assertThat(ask(client, "SUBSCRIBE hot-three")).startsWith("t NO [LIMIT]");
      stage.set();
      assertThat(ask(client, "SUBSCRIBE hot-three")).startsWith("t OK");
    }
  }

  static void maxPermissions(HotStage stage) throws Exception {
    var one = stage.user();
    var other = stage.user();
    try (var client = HotMailProtocol.IMAP.user(stage, stage.user())) {
      stage.set("mail.mailbox.max-permissions", "1");
      assertThat(ask(client, "SETACL INBOX " + one + " lr")).startsWith("t OK");
      assertThat(ask(client, "SETACL INBOX " + other + " lr")).startsWith("t NO [LIMIT]");
      stage.set();
      assertThat(ask(client, "SETACL INBOX " + other + " lr")).startsWith("t OK");
    }
  }

  static void shareWithAnyone(HotStage stage) throws Exception {
    try (var client = HotMailProtocol.IMAP.user(stage, stage.user())) {
      assertThat(ask(client, "SETACL INBOX anyone lr")).startsWith("t NO [CANNOT]");
      stage.set("mail.mailbox.share-with-anyone", "true");
      assertThat(ask(client, "SETACL INBOX anyone lr")).startsWith("t OK");
      stage.set();
      assertThat(ask(client, "SETACL INBOX anyone +s")).startsWith("t NO [CANNOT]");
      assertThat(ask(client, "DELETEACL INBOX anyone")).startsWith("t OK");
    }
  }

  static void maxAnnotations(HotStage stage) throws Exception {
    try (var client = HotMailProtocol.IMAP.user(stage, stage.user())) {
      for (int i = 0; i < 10; i++) {
        assertThat(ask(client, "SETMETADATA INBOX (/shared/a" + i + " \"x\")")).startsWith("t OK");
      }
      stage.set("mail.mailbox.max-annotations", "10");
      assertThat(ask(client, "SETMETADATA INBOX (/shared/b \"x\")"))
          .startsWith("t NO [METADATA TOOMANY]");
      stage.set();
      assertThat(ask(client, "SETMETADATA INBOX (/shared/b \"x\")")).startsWith("t OK");
    }
  }

  static void maxAnnotationSize(HotStage stage) throws Exception {
    var value = "SETMETADATA INBOX (/shared/a \"" + "x".repeat(1025) + "\")";
    try (var client = HotMailProtocol.IMAP.user(stage, stage.user())) {
      assertThat(ask(client, value)).startsWith("t OK");
      stage.set("mail.mailbox.max-annotation-size", "1K");
      assertThat(ask(client, value)).startsWith("t NO [METADATA MAXSIZE 1024]");
    }
  }

  static void maxAnnotationStorage(HotStage stage) throws Exception {
    var value = " \"" + "x".repeat(1000) + "\"";
    try (var client = HotMailProtocol.IMAP.user(stage, stage.user())) {
      for (int i = 0; i < 65; i++) {
        assertThat(ask(client, "SETMETADATA INBOX (/shared/a" + i + value + ")"))
            .startsWith("t OK");
      }
      stage.set("mail.mailbox.max-annotation-storage", "64K");
      assertThat(ask(client, "SETMETADATA INBOX (/shared/b" + value + ")"))
          .startsWith("t NO [OVERQUOTA]");
      stage.set();
      assertThat(ask(client, "SETMETADATA INBOX (/shared/b" + value + ")")).startsWith("t OK");
    }
  }

  static void prohibitSendReceiveQuota(HotStage stage) throws Exception {
    try (var client = HotMailProtocol.IMAP.user(stage, stage.user())) {
      assertThat(ask(client, "APPEND INBOX {1+}\r\nx")).startsWith("t OK");
      stage.set("mail.mailbox.prohibit-send-receive-quota", "1");
      assertThat(ask(client, "APPEND INBOX {1+}\r\nx")).startsWith("t NO [OVERQUOTA]");
      stage.set("mail.mailbox.prohibit-send-receive-quota", "2");
      assertThat(ask(client, "APPEND INBOX {1+}\r\nx")).startsWith("t OK");
    }
  }

  static void maxMessages(HotStage stage) throws Exception {
    try (var client = HotMailProtocol.IMAP.user(stage, stage.user())) {
      stage.set("mail.mailbox.max-messages", "1");
      assertThat(ask(client, "APPEND INBOX {1+}\r\nx")).startsWith("t OK");
      assertThat(ask(client, "APPEND INBOX {1+}\r\nx")).startsWith("t NO [OVERQUOTA]");
      stage.set();
      assertThat(ask(client, "APPEND INBOX {1+}\r\nx")).startsWith("t OK");
    }
  }

  static void issueWarningQuota(HotStage stage) throws Exception {
    stage.set("mail.mailbox.issue-warning-quota", "7");
    assertThat(levels(stage).warning()).contains(7L);
    stage.set();
    assertThat(levels(stage).warning()).isEmpty();
  }

  static void prohibitSendQuota(HotStage stage) throws Exception {
    stage.set("mail.mailbox.prohibit-send-quota", "7");
    assertThat(levels(stage).prohibitSend()).contains(7L);
    stage.set();
    assertThat(levels(stage).prohibitSend()).isEmpty();
  }

  private static Quotas.Levels levels(HotStage stage) {
    var alice = soon(stage.beans.accounts().find("alice@example.test")).orElseThrow();
    return soon(stage.beans.quotas().of(alice.id())).inForce();
  }

  static void mailbox(HotStage stage) throws Exception {
    try (var client = stage.alice()) {
      var deleted = stage.beans.deletedAccounts();
      var name = "retention@example.test";
      var made = soon(stage.beans.accounts().create(name, Verifiers.of(new Secret("$none$"))));
      soon(deleted.delete(made, _ -> {}));
      soon(stage.beans.sweeping().sweep());
      assertThat(soon(deleted.find(name))).isPresent();
      stage.set("mail.retention.mailbox", "PT0S");
      soon(stage.beans.sweeping().sweep());
      assertThat(soon(deleted.find(name))).isEmpty();
      assertThat(ask(client, "NOOP")).startsWith("t OK");
    }
  }

  static void audit(HotStage stage) throws Exception {
    try (var client = stage.alice()) {
      var trail = stage.beans.trail();
      var actor = Optional.of("hot@example.test");
      soon(
          trail.add(
              new AuditTrail.Call(
                  Instant.now().minusSeconds(60),
                  actor.get(),
                  "::1",
                  "DELETE accounts/{name}",
                  "/admin/v1/accounts/x",
                  Optional.of("x"),
                  204)));
      var filter =
          new AuditTrail.Filter(
              Optional.empty(), actor, Optional.empty(), Optional.empty(), Optional.empty());
      soon(stage.beans.sweeping().sweep());
      assertThat(soon(trail.page(filter, Long.MAX_VALUE, 1))).hasSize(1);
      stage.set("mail.retention.audit", "PT0S");
      soon(stage.beans.sweeping().sweep());
      assertThat(soon(trail.page(filter, Long.MAX_VALUE, 1))).isEmpty();
      assertThat(ask(client, "NOOP")).startsWith("t OK");
    }
  }

  private static int removed(HotStage stage) {
    var alice = soon(stage.beans.accounts().find("alice@example.test")).orElseThrow();
    return soon(stage.beans.recoverable().list(alice.id(), 0, Recoverable.MAX_ITEMS)).size();
  }

  private static <T> T soon(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
