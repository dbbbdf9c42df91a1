package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.SpecialUse;
import io.postern.model.SystemFlag;
import io.postern.store.StoreFailure.AlreadyExists;
import io.postern.store.StoreFailure.MailboxGone;
import io.postern.store.StoreFailure.NoSuchMailbox;
import io.postern.store.StoreFailure.NotPermitted;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the tree of an account's mailboxes must do. */
abstract class MailboxesContract extends AccountsContract {
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
  void createMakesWhatIsMissingAbove() {
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
    var other = await(accounts().create(freshName(), new Secret("$none$")));
    assertThat(await(mailboxes().find(other, name("mine")))).isEmpty();
    assertThat(await(mailboxes().list(other))).hasSize(6);
  }

  @Test
  void aDeletedMailboxIsGone() {
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
  void aMailboxWithOthersBelowIsEmptiedAndRenewed() {
    create("a/b");
    var before = info("a");
    fill(before.key(), 3);
    await(mailboxes().delete(account, name("a")));
    var after = info("a");
    assertThat(after.key()).isNotEqualTo(before.key());
    assertThat(after.uidValidity()).isNotEqualTo(before.uidValidity());
    assertThat(state(after.key()).exists()).isZero();
    assertThat(failureOf(mailboxes().state(before.key()))).isEqualTo(new MailboxGone());
    assertThat(names()).contains("a/b");
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
  void renameTakesTheTreeAlong() {
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
  void renameIsRefusedWhereItMakesNoSense() {
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
    append(inbox, Specimens.tagged("one", "$Label"), Specimens.message("two", SystemFlag.SEEN));
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
    assertThat(flags(kept, load(kept).messages().uid(0)).has("$label")).isTrue();
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
    append(inbox, Specimens.message("new"));
    assertThat(await(mailboxes().claimRecent(inbox))).isEqualTo(uids(3));
  }
}
