package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.Annotations.Depth;
import io.postern.store.Annotations.Limits;
import io.postern.store.Annotations.Query;
import io.postern.store.Annotations.Subject;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Annotations: who sees them, how many there may be, and what becomes of them. */
abstract class AnnotationsContract extends AccessListsContract {
  private static final Limits MOST = new Limits(3, 100);

  private static Subject on(MailboxKey mailbox) {
    return new Subject(mailbox.account(), Optional.of(mailbox.mailbox()));
  }

  private Subject server() {
    return new Subject(account, Optional.empty());
  }

  private void set(Subject subject, String... entriesAndValues) {
    await(annotations().set(subject, account, values(entriesAndValues), MOST));
  }

  private static Map<String, Optional<Buffer>> values(String... entriesAndValues) {
    var values = new HashMap<String, Optional<Buffer>>();
    for (int i = 0; i < entriesAndValues.length; i += 2) {
      var value = entriesAndValues[i + 1];
      values.put(
          entriesAndValues[i],
          value.equals("NIL") ? Optional.empty() : Optional.of(Buffer.buffer(value)));
    }
    return values;
  }

  private List<String> all(Subject subject, AccountId viewer) {
    return read(subject, viewer, Depth.ALL, "/shared", "/private");
  }

  private List<String> read(Subject subject, AccountId viewer, Depth depth, String... entries) {
    var query = new Query(Set.of(entries), depth, Long.MAX_VALUE);
    return await(annotations().read(subject, viewer, query)).stream()
        .map(it -> it.entry() + "=" + it.value().orElseThrow())
        .toList();
  }

  private AccountId other() {
    return await(accounts().create(freshName(), Verifiers.of(new Secret("$none$"))));
  }

  @Test
  void anAnnotationIsSetReplacedAndRemoved() {
    set(on(inbox), "/shared/comment", "one", "/private/comment", "mine");
    set(on(inbox), "/shared/comment", "two", "/private/comment", "NIL", "/shared/none", "NIL");
    assertThat(all(on(inbox), account)).containsExactly("/shared/comment=two");
  }

  @Test
  void aValueIsAnyOctets() {
    var octets = Buffer.buffer(new byte[] {0, (byte) 0xFF, '\r', '\n', 0});
    await(annotations().set(on(inbox), account, Map.of("/shared/x", Optional.of(octets)), MOST));
    var query = new Query(Set.of("/shared/x"), Depth.ITSELF, 5);
    assertThat(await(annotations().read(on(inbox), account, query)).getFirst().value())
        .contains(octets);
  }

  @Test
  void privateAnnotationsAreOfOneViewer() {
    var other = other();
    set(on(inbox), "/shared/comment", "ours", "/private/comment", "mine");
    await(annotations().set(on(inbox), other, values("/private/comment", "theirs"), MOST));
    assertThat(all(on(inbox), account))
        .containsExactly("/private/comment=mine", "/shared/comment=ours");
    assertThat(all(on(inbox), other))
        .containsExactly("/private/comment=theirs", "/shared/comment=ours");
  }

  @Test
  void mailboxesAndTheServerHaveTheirOwn() {
    var box = create("box");
    set(on(inbox), "/shared/comment", "inbox");
    set(on(box), "/shared/comment", "box");
    set(server(), "/private/comment", "server");
    assertThat(all(on(inbox), account)).containsExactly("/shared/comment=inbox");
    assertThat(all(on(box), account)).containsExactly("/shared/comment=box");
    assertThat(all(server(), account)).containsExactly("/private/comment=server");
    var query = new Query(Set.of("/shared/comment", "/private/comment"), Depth.ITSELF, 9);
    assertThat(await(annotations().readAll(account, account, query)))
        .extracting(it -> it.mailbox().orElseThrow())
        .containsExactlyInAnyOrder(inbox.mailbox(), box.mailbox());
  }

  private Map<String, Long> versions(AccountId viewer) {
    var versions = new HashMap<String, Long>();
    for (var it : await(annotations().versions(account, viewer, 100))) {
      versions.put(it.mailbox().map(box -> "mailbox").orElse("") + it.entry(), it.number());
    }
    return versions;
  }

  @Test
  void aVersionIsAnotherOneWheneverTheValueIsSet() {
    var before =
        await(
            annotations()
                .set(on(inbox), account, values("/shared/a", "1", "/shared/b", "2"), MOST));
    await(annotations().set(server(), account, values("/private/a", "3"), MOST));
    assertThat(versions(account))
        .containsOnlyKeys("mailbox/shared/a", "mailbox/shared/b", "/private/a")
        .containsEntry("mailbox/shared/a", before)
        .containsEntry("mailbox/shared/b", before);
    var after =
        await(
            annotations()
                .set(on(inbox), account, values("/shared/a", "1", "/shared/b", "NIL"), MOST));
    assertThat(after).isNotEqualTo(before);
    assertThat(versions(account))
        .containsOnlyKeys("mailbox/shared/a", "/private/a")
        .containsEntry("mailbox/shared/a", after);
  }

  @Test
  void versionsAreOfWhatTheViewerSeesAndAreBounded() {
    var other = other();
    set(on(inbox), "/shared/comment", "ours", "/private/comment", "mine");
    await(annotations().set(on(inbox), other, values("/private/theirs", "theirs"), MOST));
    assertThat(versions(account))
        .containsOnlyKeys("mailbox/private/comment", "mailbox/shared/comment");
    assertThat(versions(other))
        .containsOnlyKeys("mailbox/private/theirs", "mailbox/shared/comment");
    assertThat(await(annotations().versions(account, account, 1)))
        .extracting(it -> it.entry())
        .containsExactly("/private/comment");
  }

  @Test
  void theDepthSaysWhichEntriesBelowAreRead() {
    set(on(inbox), "/shared/a", "0", "/shared/a/b", "1", "/shared/a/b/c", "2");
    assertThat(read(on(inbox), account, Depth.ITSELF, "/shared/a")).containsExactly("/shared/a=0");
    assertThat(read(on(inbox), account, Depth.CHILDREN, "/shared/a"))
        .containsExactly("/shared/a=0", "/shared/a/b=1");
    assertThat(read(on(inbox), account, Depth.ALL, "/shared/a"))
        .containsExactly("/shared/a=0", "/shared/a/b=1", "/shared/a/b/c=2");
    assertThat(read(on(inbox), account, Depth.CHILDREN, "/shared/a/b", "/shared/x"))
        .containsExactly("/shared/a/b=1", "/shared/a/b/c=2");
    assertThat(read(on(inbox), account, Depth.ALL, "/share")).isEmpty();
  }

  @Test
  void aLongValueIsMeasuredOnly() {
    set(on(inbox), "/shared/a", "four", "/shared/b", "fives");
    var query = new Query(Set.of("/shared/a", "/shared/b"), Depth.ITSELF, 4);
    var found = await(annotations().read(on(inbox), account, query));
    assertThat(found.getFirst().value()).contains(Buffer.buffer("four"));
    assertThat(found.getLast().value()).isEmpty();
    assertThat(found.getLast().octets()).isEqualTo(5);
  }

  @Test
  void moreThanTheLimitAreRefusedAllOfThem() {
    set(on(inbox), "/shared/a", "1", "/shared/b", "2", "/private/a", "mine");
    var tooMany =
        annotations()
            .set(
                on(inbox),
                account,
                values("/shared/a", "changed", "/shared/c", "3", "/shared/d", "4"),
                MOST);
    assertThat(failureOf(tooMany))
        .isEqualTo(new StoreFailure.LimitReached("annotations", MOST.entries()));
    assertThat(all(on(inbox), account)).contains("/shared/a=1").hasSize(3);
    set(on(inbox), "/shared/c", "3", "/private/b", "mine", "/private/c", "mine");
    var oneMore = annotations().set(on(inbox), account, values("/private/d", "4"), MOST);
    assertThat(failureOf(oneMore))
        .isEqualTo(new StoreFailure.LimitReached("annotations", MOST.entries()));
    set(on(inbox), "/private/d", "4", "/private/c", "NIL", "/shared/a", "replaced");
    assertThat(all(on(inbox), account)).contains("/private/d=4", "/shared/a=replaced").hasSize(6);
  }

  @Test
  void allValuesOfTheAccountHaveALimitOfOctets() {
    var box = create("box");
    set(on(inbox), "/shared/a", "x".repeat(60));
    set(on(box), "/private/a", "y".repeat(40));
    var before = await(quotas().holdings(account));
    assertThat(before.annotationOctets()).isEqualTo(100);
    assertThat(before.mailboxes()).isEqualTo(names().size());
    var oneMore = annotations().set(on(box), account, values("/private/b", "z"), MOST);
    assertThat(failureOf(oneMore))
        .isEqualTo(new StoreFailure.OverQuota(Optional.of(100L), Optional.empty()));
    set(on(box), "/private/a", "y".repeat(39), "/private/b", "z");
    assertThat(await(quotas().holdings(account))).isEqualTo(before);
  }

  @Test
  void aLoweredLimitRemovesNothing() {
    set(on(inbox), "/shared/a", "1", "/shared/b", "2", "/shared/c", "3");
    await(
        annotations()
            .set(
                on(inbox),
                account,
                values("/shared/a", "x", "/shared/b", "NIL"),
                new Limits(1, 1)));
    assertThat(all(on(inbox), account)).containsExactly("/shared/a=x", "/shared/c=3");
  }

  @Test
  void theyFollowARenameAndEndWithTheMailbox() {
    var box = create("box");
    set(on(box), "/shared/comment", "box");
    await(mailboxes().rename(account, name("box"), name("other")));
    assertThat(all(on(key("other")), account)).containsExactly("/shared/comment=box");
    await(mailboxes().delete(account, name("other")));
    assertThat(all(on(box), account)).isEmpty();
    var late = annotations().set(on(box), account, values("/shared/a", "1"), MOST);
    assertThat(failureOf(late)).isEqualTo(new StoreFailure.MailboxGone());
  }

  @Test
  void aRenameOfInboxCopiesThem() {
    set(on(inbox), "/shared/comment", "inbox", "/private/comment", "mine");
    await(mailboxes().rename(account, name("INBOX"), name("old")));
    assertThat(all(on(key("old")), account)).isEqualTo(all(on(inbox), account)).hasSize(2);
  }
}
