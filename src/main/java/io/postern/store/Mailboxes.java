package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.NumberSet;
import io.postern.model.SpecialUse;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** The tree of an account's mailboxes, and the counters of each. */
public interface Mailboxes {
  /** All mailboxes of the account, ascending by name, INBOX first. */
  Uni<List<MailboxInfo>> list(AccountId account);

  /** The mailbox of this name; empty when there is none. */
  Uni<Optional<MailboxInfo>> find(AccountId account, MailboxName name);

  /**
   * Makes a mailbox, and the mailboxes above it that are missing (RFC 3501 §6.3.3).
   *
   * <p>Fails with {@link StoreFailure.AlreadyExists}, {@link StoreFailure.LimitReached}.
   */
  Uni<MailboxInfo> create(AccountId account, MailboxName name, Optional<SpecialUse> use);

  /**
   * Removes the mailbox with its messages (RFC 3501 §6.3.4). One that has mailboxes below it stays,
   * emptied and with a new UIDVALIDITY and a new id, so that no name is ever unselectable.
   *
   * <p>Fails with {@link StoreFailure.NoSuchMailbox}; {@link StoreFailure.NotPermitted} for INBOX.
   */
  Uni<Void> delete(AccountId account, MailboxName name);

  /**
   * Renames the mailbox and all below it, and makes the missing ones above the new name. INBOX
   * stays: its messages move to a new mailbox, what lies below it stays (RFC 3501 §6.3.5).
   *
   * <p>Fails with {@link StoreFailure.NoSuchMailbox}, {@link StoreFailure.AlreadyExists}, {@link
   * StoreFailure.NotPermitted} (below itself, or to INBOX).
   */
  Uni<Void> rename(AccountId account, MailboxName from, MailboxName to);

  /** The names subscribed to, existing or not. */
  Uni<SortedSet<MailboxName>> subscriptions(AccountId account);

  /** Subscribes to a name; twice is once. Fails with {@link StoreFailure.NoSuchMailbox}. */
  Uni<Void> subscribe(AccountId account, MailboxName name);

  /** Takes a subscription back, if there is one. */
  Uni<Void> unsubscribe(AccountId account, MailboxName name);

  /** The counters now, one read by primary key. Fails with {@link StoreFailure.MailboxGone}. */
  Uni<MailboxState> state(MailboxKey mailbox);

  /**
   * Takes the messages that were {@code \Recent} in no session yet: answers their UIDs as a range
   * from the first such to the mailbox's last, and from now on they are recent to nobody else.
   * Empty when there are none.
   *
   * <p>Fails with {@link StoreFailure.MailboxGone}.
   */
  Uni<NumberSet> claimRecent(MailboxKey mailbox);
}
