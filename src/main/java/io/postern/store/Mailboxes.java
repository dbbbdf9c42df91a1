package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.NumberSet;
import io.postern.model.Rights;
import io.postern.model.SpecialUse;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The mailbox tree of an account, and each mailbox's counters. A name that has mailboxes below it
 * and is no mailbox itself exists too ({@code \Noselect}, RFC 3501 §6.3.4), as long as there is one
 * below it: it can be created, renamed and subscribed to, nothing else.
 */
public interface Mailboxes {
  /**
   * Bounds of one account. Lowering a bound removes nothing that exists.
   *
   * @param mailboxes how many mailboxes, at least 1; those of a new account are made in any case
   * @param subscriptions how many subscriptions, at least 1
   */
  record Limits(int mailboxes, int subscriptions) {
    /** The defaults. */
    public static final Limits DEFAULT = new Limits(10_000, 10_000);
  }

  /**
   * A mailbox and its counters at one moment.
   *
   * @param mailbox which one
   * @param state its counters
   */
  record Status(MailboxKey mailbox, MailboxState state) {}

  /**
   * A claim of {@code \Recent} messages.
   *
   * @param mailbox where
   * @param recent as {@link #claimRecent(MailboxKey)} returns them
   */
  record Claim(MailboxKey mailbox, NumberSet recent) {}

  /** All mailboxes of the account, ascending by name, INBOX first. */
  Uni<List<MailboxInfo>> list(AccountId account);

  /** The mailbox of this name; empty when there is none. */
  Uni<Optional<MailboxInfo>> find(AccountId account, MailboxName name);

  /**
   * Creates a mailbox, and those above it whose names do not exist (RFC 3501 §6.3.3).
   *
   * <p>Fails with {@link StoreFailure.AlreadyExists}, {@link StoreFailure.LimitReached}, {@link
   * StoreFailure.SpecialUseTaken}.
   *
   * @param use of the mailbox, which no other of the account has
   */
  Uni<MailboxInfo> create(AccountId account, MailboxName name, Optional<SpecialUse> use);

  /**
   * Removes the mailbox with its messages (RFC 3501 §6.3.4). The mailboxes below it stay.
   *
   * <p>Fails with {@link StoreFailure.NoSuchMailbox}; {@link StoreFailure.NotPermitted} for INBOX
   * and for a name that has mailboxes below it and is none itself.
   *
   * @return the removed mailbox
   */
  Uni<MailboxKey> delete(AccountId account, MailboxName name);

  /**
   * Renames the mailbox, if the name is one, and all below it, and makes those above the new name
   * whose names do not exist. INBOX stays: its messages move to a new mailbox, what lies below it
   * stays (RFC 3501 §6.3.5).
   *
   * <p>Fails with {@link StoreFailure.NoSuchMailbox}, {@link StoreFailure.AlreadyExists}, {@link
   * StoreFailure.NotPermitted} (below itself, or to INBOX), {@link StoreFailure.LimitReached}.
   */
  Uni<Void> rename(AccountId account, MailboxName from, MailboxName to);

  /** The names subscribed to, existing or not. */
  Uni<SortedSet<MailboxName>> subscriptions(AccountId account);

  /**
   * Subscribes to a name that exists; twice is once.
   *
   * <p>Fails with {@link StoreFailure.NoSuchMailbox}, {@link StoreFailure.LimitReached}.
   */
  Uni<Void> subscribe(AccountId account, MailboxName name);

  /**
   * Subscribes to a name whether it exists or not; twice is once.
   *
   * <p>Fails with {@link StoreFailure.LimitReached}.
   */
  Uni<Void> subscribeUnseen(AccountId account, MailboxName name);

  /** What the user of these ports may do with a mailbox; no right when it is gone. */
  default Uni<Rights> rights(MailboxKey mailbox) {
    return Uni.createFrom().item(Rights.ALL);
  }

  /** The mailboxes of {@link #list} that the user of these ports may read. */
  default Uni<List<MailboxInfo>> readable(AccountId account) {
    return list(account);
  }

  /** Removes a subscription, if there is one. */
  Uni<Void> unsubscribe(AccountId account, MailboxName name);

  /** The counters now, one read by primary key. Fails with {@link StoreFailure.MailboxGone}. */
  Uni<MailboxState> state(MailboxKey mailbox);

  /** The counters of all mailboxes of the account now, read by one statement. */
  Uni<Map<MailboxId, MailboxState>> states(AccountId account);

  /**
   * The counters of these mailboxes now, of whatever accounts, read by one statement; those that
   * are gone are left out.
   */
  Uni<Map<MailboxKey, MailboxState>> states(Collection<MailboxKey> mailboxes);

  /** The mailbox of this name with its counters now; empty when there is none. */
  Uni<Optional<Status>> status(AccountId account, MailboxName name);

  /**
   * Claims the messages that were {@code \Recent} in no session yet: returns their UIDs as a range
   * from the first such to the mailbox's last. They are recent in no later session. Empty when
   * there are none.
   *
   * <p>Fails with {@link StoreFailure.MailboxGone}.
   */
  Uni<NumberSet> claimRecent(MailboxKey mailbox);

  /** The same in the mailbox of this name; empty when there is none. */
  Uni<Optional<Claim>> claimRecent(AccountId account, MailboxName name);
}
