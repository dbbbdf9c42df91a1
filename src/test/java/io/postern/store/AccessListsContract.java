package io.postern.store;

import static io.postern.store.account.AccessLists.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.Rights;
import io.postern.store.account.AccessLists.Entry;
import io.postern.store.account.AccessLists.Mode;
import io.postern.store.account.AccessLists.Outcome;
import io.postern.store.account.AccessLists.Shared;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Access control lists: who has which rights, how many there may be, and how they end. */
abstract class AccessListsContract extends StorePorts {
  private static final int MOST = 2;

  private String name = "";
  private AccountId other = new AccountId(1);

  @BeforeEach
  void otherAccount() {
    name = freshName();
    other = newAccount(name);
  }

  private AccountId newAccount(String called) {
    return await(accounts().create(called, Verifiers.of(new Secret("$none$"))));
  }

  private Outcome change(MailboxKey mailbox, String who, Mode mode, String rights) {
    return await(lists().change(mailbox, who, mode, Rights.of(rights), MOST));
  }

  private void grant(MailboxKey mailbox, String rights) {
    assertThat(change(mailbox, name, Mode.REPLACE, rights)).isEqualTo(Outcome.DONE);
  }

  private Rights rights(MailboxKey mailbox) {
    return await(lists().rights(mailbox, other));
  }

  private List<String> sharedNames() {
    return await(lists().sharedWith(other)).stream()
        .map(it -> it.mailbox().name().value())
        .toList();
  }

  @Test
  void rightsAreReplacedAddedAndRemoved() {
    grant(inbox, "lr");
    change(inbox, name, Mode.ADD, "sw");
    assertThat(rights(inbox)).isEqualTo(Rights.of("lrsw"));
    change(inbox, name, Mode.REMOVE, "rx");
    assertThat(await(lists().entries(inbox))).containsExactly(new Entry(name, Rights.of("lsw")));
    change(inbox, name, Mode.REPLACE, "i");
    assertThat(rights(inbox)).isEqualTo(Rights.of("i"));
    change(inbox, name, Mode.REMOVE, "i");
    assertThat(await(lists().entries(inbox))).isEmpty();
    assertThat(rights(inbox)).isEqualTo(Rights.NONE);
  }

  @Test
  void nobodyAndTheOwnerGetNone() {
    assertThat(change(inbox, freshName(), Mode.REPLACE, "lr")).isEqualTo(Outcome.UNKNOWN);
    assertThat(change(inbox, accountName, Mode.REPLACE, "lr")).isEqualTo(Outcome.OWNER);
    var gone = create("gone");
    await(mailboxes().delete(account, name("gone")));
    assertThat(change(gone, name, Mode.REPLACE, "lr")).isEqualTo(Outcome.GONE);
  }

  @Test
  void aMailboxIsSharedWithNoMoreThanTheLimit() {
    var names = new ArrayList<String>();
    for (int i = 0; i <= MOST; i++) {
      names.add(freshName());
      newAccount(names.getLast());
    }
    assertThat(change(inbox, names.get(0), Mode.REPLACE, "lr")).isEqualTo(Outcome.DONE);
    assertThat(change(inbox, names.get(1), Mode.ADD, "lr")).isEqualTo(Outcome.DONE);
    assertThat(change(inbox, names.get(2), Mode.REPLACE, "lr")).isEqualTo(Outcome.FULL);
    assertThat(change(inbox, names.get(1), Mode.ADD, "s")).isEqualTo(Outcome.DONE);
    change(inbox, names.get(0), Mode.REPLACE, "");
    assertThat(change(inbox, names.get(2), Mode.REPLACE, "lr")).isEqualTo(Outcome.DONE);
    assertThat(await(lists().entries(inbox))).hasSize(MOST);
  }

  @Test
  void anyoneAddsToTheRightsOfEachAccount() {
    grant(inbox, "lr");
    assertThat(change(inbox, ANYONE, Mode.REPLACE, "ls")).isEqualTo(Outcome.DONE);
    assertThat(rights(inbox)).isEqualTo(Rights.of("lrs"));
    var third = newAccount(freshName());
    assertThat(await(lists().rights(inbox, third))).isEqualTo(Rights.of("ls"));
    assertThat(await(lists().entries(inbox)))
        .containsExactlyInAnyOrder(
            new Entry(ANYONE, Rights.of("ls")), new Entry(name, Rights.of("lr")));
    var found = await(lists().find(accountName, name("INBOX"), other)).orElseThrow();
    assertThat(found).isEqualTo(new Shared(accountName, info("INBOX"), Rights.of("lrs")));
    assertThat(await(lists().sharedWith(other))).filteredOn(found::equals).hasSize(1);
    assertThat(change(inbox, ANYONE, Mode.ADD, "w")).isEqualTo(Outcome.DONE);
    assertThat(change(inbox, ANYONE, Mode.REMOVE, "s")).isEqualTo(Outcome.DONE);
    assertThat(await(lists().rights(inbox, third))).isEqualTo(Rights.of("lw"));
    assertThat(change(inbox, ANYONE, Mode.REPLACE, "")).isEqualTo(Outcome.DONE);
    assertThat(rights(inbox)).isEqualTo(Rights.of("lr"));
    assertThat(await(lists().rights(inbox, third))).isEqualTo(Rights.NONE);
  }

  @Test
  void anyoneIsOneEntryAndNotTheOwner() {
    assertThat(change(inbox, ANYONE, Mode.ADD, "lr")).isEqualTo(Outcome.DONE);
    assertThat(await(lists().sharedWith(account))).noneMatch(it -> it.owner().equals(accountName));
    var made = create("made");
    await(lists().inherit(inbox, made));
    assertThat(rights(made)).isEqualTo(Rights.of("lr"));
    change(inbox, ANYONE, Mode.REPLACE, "");
    change(made, ANYONE, Mode.REPLACE, "");
    for (int i = 0; i < MOST; i++) {
      var next = freshName();
      newAccount(next);
      assertThat(change(inbox, next, Mode.REPLACE, "lr")).isEqualTo(Outcome.DONE);
    }
    assertThat(change(inbox, ANYONE, Mode.REPLACE, "lr")).isEqualTo(Outcome.FULL);
    var gone = create("gone");
    await(mailboxes().delete(account, name("gone")));
    assertThat(change(gone, ANYONE, Mode.REPLACE, "lr")).isEqualTo(Outcome.GONE);
  }

  @Test
  void sharedMailboxesAreFoundByOwnerAndName() {
    var box = create("a/box");
    grant(box, "lr");
    grant(inbox, "l");
    assertThat(sharedNames()).containsExactly("INBOX", "a/box");
    var found = await(lists().find(accountName, name("a/box"), other)).orElseThrow();
    assertThat(found).isEqualTo(new Shared(accountName, info("a/box"), Rights.of("lr")));
    assertThat(await(lists().find(accountName, name("a"), other))).isEmpty();
    assertThat(await(lists().find(name, name("INBOX"), other))).isEmpty();
  }

  @Test
  void theStatesOfMailboxesOfSeveralAccountsAreReadTogether() {
    var box = create("box");
    var gone = create("gone");
    await(mailboxes().delete(account, name("gone")));
    var theirs = await(mailboxes().find(other, name("INBOX"))).orElseThrow().key();
    assertThat(await(mailboxes().states(List.of(box, gone, theirs))))
        .containsOnlyKeys(box, theirs)
        .containsEntry(theirs, await(mailboxes().state(theirs)));
    assertThat(await(mailboxes().states(List.of()))).isEmpty();
  }

  @Test
  void rightsFollowARenameAndEndWithTheMailbox() {
    var box = create("box");
    grant(box, "lr");
    await(mailboxes().rename(account, name("box"), name("new")));
    assertThat(sharedNames()).containsExactly("new");
    await(mailboxes().delete(account, name("new")));
    assertThat(sharedNames()).isEmpty();
    assertThat(rights(box)).isEqualTo(Rights.NONE);
    create("new");
    assertThat(sharedNames()).isEmpty();
  }

  @Test
  void aDisabledAccountSharesNothing() {
    grant(inbox, "lr");
    await(accounts().change(account, it -> it.withEnabled(false)));
    assertThat(sharedNames()).isEmpty();
    assertThat(rights(inbox)).isEqualTo(Rights.NONE);
    assertThat(await(lists().find(accountName, name("INBOX"), other))).isEmpty();
    await(accounts().change(account, it -> it.withEnabled(true)));
    assertThat(sharedNames()).containsExactly("INBOX");
  }

  @Test
  void aNewMailboxInherits() {
    var box = create("box");
    grant(box, "lrk");
    var made = create("box/new");
    await(lists().inherit(box, made));
    assertThat(rights(made)).isEqualTo(Rights.of("lrk"));
  }
}
