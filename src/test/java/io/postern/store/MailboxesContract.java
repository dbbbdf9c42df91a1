package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.SpecialUse;
import io.postern.model.message.SystemFlag;
import io.postern.store.StoreFailure.AlreadyExists;
import io.postern.store.StoreFailure.MailboxGone;
import io.postern.store.StoreFailure.NoSuchMailbox;
import io.postern.store.StoreFailure.NotPermitted;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the tree of an account's mailboxes must do. */
abstract class MailboxesContract extends UidValiditiesContract {
  @Test
  void aNewAccountHasTheStandardFolders() {
    assertThat(names()).containsExactly("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash");
    assertThat(info("INBOX").use()).isEmpty();
    assertThat(info("Archive").use()).contains(SpecialUse.ARCHIVE);
    assertThat(info("Drafts").use()).contains(SpecialUse.DRAFTS);
    assertThat(info("Junk").use()).contains(SpecialUse.JUNK);
    assertThat(info("Sent").use()).contains(SpecialUse.SENT);
    assertThat(info("Trash").use()).contains(SpecialUse.TRASH);
    assertThat(await(mailboxes().subscriptions(account)).stream().map(MailboxName::value))
        .containsExactly("Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash");
  }

  @Test
  void aNewMailboxIsEmpty() {
    var state = state(create("New"));
    assertThat(state.uidNext()).isEqualTo(1);
    assertThat(state.highestModSeq()).isEqualTo(ModSeq.FIRST);
    assertThat(state.exists()).isZero();
    assertThat(state.unseen()).isZero();
    assertThat(state.size()).isZero();
    assertThat(state.uidValidity()).isEqualTo(info("New").uidValidity());
    assertThat(load(key("New")).messages().size()).isZero();
  }

  @Test
  void aUseIsOfOneMailbox() {
    var second = mailboxes().create(account, name("Second"), Optional.of(SpecialUse.SENT));
    assertThat(failureOf(second))
        .isEqualTo(new StoreFailure.SpecialUseTaken(SpecialUse.SENT, name("Sent")));
    assertThat(await(mailboxes().find(account, name("Second")))).isEmpty();
    await(mailboxes().delete(account, name("Sent")));
    await(mailboxes().create(account, name("Second"), Optional.of(SpecialUse.SENT)));
    assertThat(info("Second").use()).contains(SpecialUse.SENT);
  }

  @Test
  void theCountersOfAllMailboxesAreReadTogether() {
    create("New");
    append(inbox, SampleMessages.message("one"));
    var states = await(mailboxes().states(account));
    var mailboxes = await(mailboxes().list(account));
    assertThat(states).hasSameSizeAs(mailboxes);
    for (var mailbox : mailboxes) {
      assertThat(states.get(mailbox.key().mailbox()))
          .isEqualTo(await(mailboxes().state(mailbox.key())));
    }
    assertThat(state(inbox).exists()).isEqualTo(1);
  }

  @Test
  void namesComeAscendingWithInboxFirst() {
    create("a");
    create("B");
    create("Über");
    create("INBOX/old");
    assertThat(names())
        .containsExactly(
            "INBOX", "Archive", "B", "Drafts", "INBOX/old", "Junk", "Sent", "Trash", "a", "Über");
  }

  @Test
  void inboxIsFoundInAnyCaseAndOthersAsWritten() {
    assertThat(key("inBox")).isEqualTo(inbox);
    create("Mixed");
    create("mixed");
    assertThat(key("Mixed")).isNotEqualTo(key("mixed"));
    assertThat(await(mailboxes().find(account, name("MIXED")))).isEmpty();
    assertThat(failureOf(mailboxes().create(account, name("inbox"), Optional.empty())))
        .isEqualTo(new AlreadyExists(MailboxName.INBOX));
  }

  @Test
  void createAddsMissingParents() {
    var made = await(mailboxes().create(account, name("a/b/c"), Optional.of(SpecialUse.FLAGGED)));
    assertThat(made).isEqualTo(info("a/b/c"));
    assertThat(made.use()).contains(SpecialUse.FLAGGED);
    assertThat(info("a/b").use()).isEmpty();
    assertThat(names()).contains("a", "a/b", "a/b/c");
    assertThat(await(mailboxes().subscriptions(account))).doesNotContain(name("a"));
    assertThat(failureOf(mailboxes().create(account, name("a/b"), Optional.empty())))
        .isEqualTo(new AlreadyExists(name("a/b")));
  }

  @Test
  void accountsDoNotSeeEachOther() {
    create("mine");
    var other = await(accounts().create(freshName(), Verifiers.of(new Secret("$none$"))));
    assertThat(await(mailboxes().find(other, name("mine")))).isEmpty();
    assertThat(await(mailboxes().list(other))).hasSize(6);
  }

  @Test
  void aDeletedMailboxIsNotFound() {
    var gone = create("gone");
    fill(gone, 2);
    await(mailboxes().delete(account, name("gone")));
    assertThat(await(mailboxes().find(account, name("gone")))).isEmpty();
    assertThat(failureOf(mailboxes().state(gone))).isEqualTo(new MailboxGone());
    assertThat(failureOf(mailboxes().claimRecent(gone))).isEqualTo(new MailboxGone());
    assertThat(failureOf(mailboxes().delete(account, name("gone"))))
        .isEqualTo(new NoSuchMailbox(name("gone")));
  }

  @Test
  void inboxIsNotDeleted() {
    assertThat(failureOf(mailboxes().delete(account, MailboxName.INBOX)))
        .isInstanceOf(NotPermitted.class);
    assertThat(key("INBOX")).isEqualTo(inbox);
  }

  @Test
  void childrenOfADeletedMailboxKeepTheirNames() {
    create("a/b");
    create("a/c");
    var before = info("a");
    fill(before.key(), 3);
    assertThat(await(mailboxes().delete(account, name("a")))).isEqualTo(before.key());
    assertThat(await(mailboxes().find(account, name("a")))).isEmpty();
    assertThat(failureOf(mailboxes().state(before.key()))).isEqualTo(new MailboxGone());
    assertThat(names()).contains("a/b", "a/c").doesNotContain("a");
    assertThat(failureOf(mailboxes().delete(account, name("a")))).isInstanceOf(NotPermitted.class);
    await(mailboxes().delete(account, name("a/b")));
    assertThat(failureOf(mailboxes().delete(account, name("a")))).isInstanceOf(NotPermitted.class);
    await(mailboxes().delete(account, name("a/c")));
    assertThat(failureOf(mailboxes().delete(account, name("a"))))
        .isEqualTo(new NoSuchMailbox(name("a")));
  }

  @Test
  void aNoselectNameBecomesAMailboxOnlyByCreate() {
    create("a/b");
    var before = info("a");
    await(mailboxes().delete(account, name("a")));
    create("a/c/d");
    assertThat(names()).contains("a/c", "a/c/d").doesNotContain("a");
    create("a");
    var after = info("a");
    assertThat(after.key()).isNotEqualTo(before.key());
    assertThat(after.uidValidity()).isNotEqualTo(before.uidValidity());
    assertThat(state(after.key()).exists()).isZero();
  }

  @Test
  void aSpecialUseIsRemovedWithItsMailboxDespiteChildren() {
    create("Sent/2023");
    await(mailboxes().delete(account, name("Sent")));
    create("Sent");
    assertThat(info("Sent").use()).isEmpty();
  }

  @Test
  void renameOfANoselectNameRenamesItsChildren() {
    create("a/b");
    create("x");
    var below = key("a/b");
    await(mailboxes().delete(account, name("a")));
    assertThat(failureOf(mailboxes().rename(account, name("x"), name("a"))))
        .isEqualTo(new AlreadyExists(name("a")));
    assertThat(failureOf(mailboxes().rename(account, MailboxName.INBOX, name("a"))))
        .isEqualTo(new AlreadyExists(name("a")));
    await(mailboxes().rename(account, name("a"), name("p/q")));
    assertThat(key("p/q/b")).isEqualTo(below);
    assertThat(names()).contains("p").doesNotContain("p/q", "a");
    await(mailboxes().rename(account, name("p/q/b"), name("b")));
    assertThat(failureOf(mailboxes().rename(account, name("p/q"), name("y"))))
        .isEqualTo(new NoSuchMailbox(name("p/q")));
  }

  @Test
  void aNoselectNameCanBeSubscribedTo() {
    create("a/b");
    await(mailboxes().delete(account, name("a")));
    await(mailboxes().subscribe(account, name("a")));
    assertThat(await(mailboxes().subscriptions(account))).contains(name("a"));
  }

  @Test
  void mailboxesOfAnAccountAreLimited() {
    var bounded = mailboxes(new Mailboxes.Limits(9, 100));
    await(bounded.create(account, name("a/b"), Optional.empty()));
    var full = new StoreFailure.LimitReached("mailboxes", 9);
    assertThat(failureOf(bounded.create(account, name("c/d"), Optional.empty()))).isEqualTo(full);
    assertThat(failureOf(bounded.rename(account, name("a"), name("c/d/e")))).isEqualTo(full);
    await(bounded.create(account, name("c"), Optional.empty()));
    assertThat(failureOf(bounded.create(account, name("d"), Optional.empty()))).isEqualTo(full);
    assertThat(failureOf(bounded.rename(account, MailboxName.INBOX, name("d")))).isEqualTo(full);
    await(bounded.rename(account, name("c"), name("a/c")));
    assertThat(names()).hasSize(9);
    // A bound that is lowered takes nothing away, and lets nothing in.
    var lower = mailboxes(new Mailboxes.Limits(3, 100));
    await(lower.rename(account, name("a/c"), name("c")));
    await(lower.delete(account, name("c")));
    assertThat(failureOf(lower.create(account, name("c"), Optional.empty())))
        .isEqualTo(new StoreFailure.LimitReached("mailboxes", 3));
  }

  @Test
  void subscriptionsOfAnAccountAreLimited() {
    create("a/b");
    var bounded = mailboxes(new Mailboxes.Limits(100, 7));
    await(bounded.subscribe(account, name("a")));
    await(bounded.subscribe(account, name("a")));
    assertThat(failureOf(bounded.subscribe(account, name("a/b"))))
        .isEqualTo(new StoreFailure.LimitReached("subscriptions", 7));
    assertThat(failureOf(bounded.subscribe(account, name("none"))))
        .isEqualTo(new NoSuchMailbox(name("none")));
    await(bounded.unsubscribe(account, name("Trash")));
    await(bounded.subscribe(account, name("a/b")));
    assertThat(await(bounded.subscriptions(account))).hasSize(7);
  }

  @Test
  void uidValidityNeverRepeats() {
    var seen = new HashSet<>();
    await(mailboxes().list(account)).forEach(i -> assertThat(seen.add(i.uidValidity())).isTrue());
    for (int i = 0; i < 3; i++) {
      create("again");
      assertThat(seen.add(info("again").uidValidity())).isTrue();
      await(mailboxes().delete(account, name("again")));
    }
    create("other");
    assertThat(seen.add(info("other").uidValidity())).isTrue();
    await(mailboxes().rename(account, name("other"), name("again")));
    create("other");
    assertThat(seen.add(info("other").uidValidity())).isTrue();
    assertThat(info("again").uidValidity()).isNotEqualTo(info("other").uidValidity());
  }

  @Test
  void renameRenamesTheWholeTree() {
    create("old/x/y");
    create("older");
    fill(key("old"), 2);
    var before = info("old");
    var below = info("old/x/y");
    await(mailboxes().rename(account, name("old"), name("new/home")));
    assertThat(info("new/home"))
        .isEqualTo(
            new MailboxInfo(before.key(), name("new/home"), before.uidValidity(), before.use()));
    assertThat(key("new/home/x/y")).isEqualTo(below.key());
    assertThat(state(before.key()).exists()).isEqualTo(2);
    assertThat(names()).contains("new", "new/home/x", "older").doesNotContain("old", "old/x");
  }

  @Test
  void aSpecialUseMovesWithItsMailbox() {
    await(mailboxes().rename(account, name("Sent"), name("Sent Items")));
    assertThat(info("Sent Items").use()).contains(SpecialUse.SENT);
  }

  @Test
  void invalidRenamesAreRefused() {
    create("a/b");
    assertThat(failureOf(mailboxes().rename(account, name("none"), name("x"))))
        .isEqualTo(new NoSuchMailbox(name("none")));
    assertThat(failureOf(mailboxes().rename(account, name("a"), name("Sent"))))
        .isEqualTo(new AlreadyExists(name("Sent")));
    assertThat(failureOf(mailboxes().rename(account, name("a"), name("a/b/c"))))
        .isInstanceOf(NotPermitted.class);
    assertThat(failureOf(mailboxes().rename(account, name("a"), name("inbox"))))
        .isInstanceOf(NotPermitted.class);
    assertThat(names()).contains("a", "a/b").hasSize(8);
  }

  @Test
  void renameOfInboxMovesItsMessagesAndLeavesTheRest() {
    create("INBOX/below");
    append(
        inbox,
        SampleMessages.tagged("one", "$Label"),
        SampleMessages.message("two", SystemFlag.SEEN));
    var before = state(inbox);
    await(mailboxes().rename(account, name("inbox"), name("kept/mail")));
    assertThat(key("INBOX")).isEqualTo(inbox);
    assertThat(state(inbox).exists()).isZero();
    assertThat(state(inbox).unseen()).isZero();
    assertThat(state(inbox).uidNext()).isEqualTo(before.uidNext());
    assertThat(state(inbox).highestModSeq().isAfter(before.highestModSeq())).isTrue();
    assertThat(await(messages().changesSince(inbox, before.highestModSeq())).gone())
        .isEqualTo(uids(1, 2));
    var kept = key("kept/mail");
    assertThat(state(kept).exists()).isEqualTo(2);
    assertThat(state(kept).unseen()).isEqualTo(1);
    assertThat(flags(kept, load(kept).messages().uid(0)).keywords()).contains("$label");
    assertThat(names()).contains("INBOX/below", "kept");
  }

  @Test
  void subscriptionsOutliveTheirMailbox() {
    create("list");
    await(mailboxes().subscribe(account, name("list")));
    await(mailboxes().subscribe(account, name("list")));
    await(mailboxes().delete(account, name("list")));
    assertThat(await(mailboxes().subscriptions(account))).contains(name("list")).hasSize(7);
    await(mailboxes().unsubscribe(account, name("list")));
    await(mailboxes().unsubscribe(account, name("list")));
    assertThat(await(mailboxes().subscriptions(account))).doesNotContain(name("list"));
    assertThat(failureOf(mailboxes().subscribe(account, name("none"))))
        .isEqualTo(new NoSuchMailbox(name("none")));
  }

  @Test
  void recentIsClaimedOnce() {
    assertThat(await(mailboxes().claimRecent(inbox))).isEqualTo(NumberSet.EMPTY);
    fill(inbox, 2);
    assertThat(state(inbox).firstRecent()).isEqualTo(1);
    var before = state(inbox).highestModSeq();
    assertThat(await(mailboxes().claimRecent(inbox))).isEqualTo(uids(1, 2));
    assertThat(await(mailboxes().claimRecent(inbox))).isEqualTo(NumberSet.EMPTY);
    assertThat(state(inbox).firstRecent()).isEqualTo(3);
    assertThat(state(inbox).highestModSeq()).isEqualTo(before);
    append(inbox, SampleMessages.message("new"));
    assertThat(await(mailboxes().claimRecent(inbox))).isEqualTo(uids(3));
  }
}
