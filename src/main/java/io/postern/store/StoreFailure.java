package io.postern.store;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.Rights;
import io.postern.model.SpecialUse;
import io.postern.model.UidValidity;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a call of the store failed; nothing was changed. */
public sealed interface StoreFailure {
  /** No mailbox of that name. */
  record NoSuchMailbox(MailboxName name) implements StoreFailure {}

  /** The mailbox was deleted while the caller held its id. */
  record MailboxGone() implements StoreFailure {}

  /**
   * Stored octets of the mailbox are not those that were written: it is neither opened nor changed
   * until it is restored.
   *
   * @param uidValidity of the mailbox; its object id has it
   * @param what which part, and what is wrong with it
   */
  record Damaged(MailboxKey mailbox, UidValidity uidValidity, String what)
      implements StoreFailure {}

  /** There is a mailbox of that name already. */
  record AlreadyExists(MailboxName name) implements StoreFailure {}

  /** There is an account of that name already. */
  record AccountExists(String name) implements StoreFailure {}

  /** An account of that name was deleted and can still be restored. */
  record AccountDeleted(String name) implements StoreFailure {}

  /** Another mailbox has that special use already. */
  record SpecialUseTaken(SpecialUse use, MailboxName by) implements StoreFailure {}

  /** The user lacks rights to a mailbox of another account (RFC 4314 §4). */
  record NoRight(MailboxName name, Rights missing) implements StoreFailure {}

  /** The name cannot be used for this; the reason is text for the user. */
  record NotPermitted(String reason) implements StoreFailure {}

  /** A limit was reached: what is limited and how much is allowed. */
  record LimitReached(String what, long allowed) implements StoreFailure {}

  /**
   * The account's quota would be exceeded.
   *
   * @param octets the most octets; empty if only messages are limited
   * @param messages the most messages; empty if only octets are limited
   */
  record OverQuota(Optional<Long> octets, Optional<Long> messages) implements StoreFailure {
    /** What is allowed, for people. */
    public String allowed() {
      return Stream.of(
              octets.map(most -> most + " octets"), messages.map(most -> most + " messages"))
          .flatMap(Optional::stream)
          .collect(Collectors.joining(" and "));
    }
  }

  /** The database did not answer, or not in time; trying again may help. */
  record Unavailable(String reason) implements StoreFailure {}
}
