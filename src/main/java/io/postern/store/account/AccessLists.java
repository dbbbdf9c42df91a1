package io.postern.store.account;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.Rights;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/**
 * Which rights other accounts have to mailboxes (RFC 4314). The owner has all and is in no list; an
 * account has the rights of its own entry and those of {@link #ANYONE} together. Mailboxes of
 * disabled and deleted accounts are not shared.
 */
public interface AccessLists {
  /** The name of the entry that is for all accounts of this site (RFC 4314 §2). */
  String ANYONE = "anyone";

  /** Most mailboxes of others that one account is shown. */
  int MOST_SHARED = 10_000;

  /** An account's entries are at most so many times those of one mailbox. */
  int MAILBOXES = 100;

  /**
   * An entry of a list.
   *
   * @param name of the account that has the rights, or {@link #ANYONE}
   */
  record Entry(String name, Rights rights) {}

  /**
   * A mailbox of another account.
   *
   * @param owner that account's name
   * @param mailbox with its name there
   */
  record Shared(String owner, MailboxInfo mailbox, Rights rights) {}

  /** How the rights of an entry change. */
  enum Mode {
    REPLACE,
    ADD,
    REMOVE
  }

  /** What became of a change. */
  enum Outcome {
    DONE,
    /** There is no such mailbox. */
    GONE,
    /** There is no account of that name, and no entry. */
    UNKNOWN,
    /** The owner has all rights. */
    OWNER,
    /** There are as many entries as allowed. */
    FULL
  }

  /**
   * The list of a mailbox, by name, with users whose mailboxes another site stores: of those who
   * had rights when their account or the owner's moved.
   */
  Uni<List<Entry>> entries(MailboxKey mailbox);

  /**
   * Changes the rights of an account; an entry without rights is removed.
   *
   * @param name of the account, lower case, or {@link #ANYONE}
   * @param most entries of one mailbox
   */
  Uni<Outcome> change(MailboxKey mailbox, String name, Mode mode, Rights rights, int most);

  /** The account of that name, whose rights can change; empty if it is not of this site. */
  Uni<Optional<AccountId>> grantee(String name);

  /** The viewer's rights to a mailbox of another account; none when it is not shared. */
  Uni<Rights> rights(MailboxKey mailbox, AccountId viewer);

  /** The mailboxes of others that the viewer has a right to, by owner and name. */
  Uni<List<Shared>> sharedWith(AccountId viewer);

  /** The mailbox of that name of the owner, if the viewer has a right to it. */
  Uni<Optional<Shared>> find(String owner, MailboxName name, AccountId viewer);

  /** A new mailbox gets the entries of the one above it (RFC 4314 §4, CREATE). */
  Uni<Void> inherit(MailboxKey above, MailboxKey made);
}
