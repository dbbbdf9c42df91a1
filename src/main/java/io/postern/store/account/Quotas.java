package io.postern.store.account;

import io.postern.model.Ids.AccountId;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How much mail an account may keep, and how much it keeps. Usage is the sum of the counters of its
 * mailboxes, which change with their messages in the same transaction: it is exact, and no lock is
 * shared by the mailboxes of an account. Appends and copies that would exceed the last level fail
 * with {@code OverQuota}; those to several mailboxes at the same moment may exceed it by what they
 * add, as none waits for the others.
 */
public interface Quotas {
  /**
   * Levels of an account; an empty one is not its own, or not limited at all.
   *
   * @param warning octets from which the user is to be warned. Exchange: IssueWarningQuota
   * @param prohibitSend octets from which the user may send no mail, which a mail transfer agent
   *     enforces. Exchange: ProhibitSendQuota
   * @param prohibitReceive the most octets. Exchange: ProhibitSendReceiveQuota
   * @param messages the most messages
   */
  record Levels(
      Optional<Long> warning,
      Optional<Long> prohibitSend,
      Optional<Long> prohibitReceive,
      Optional<Long> messages) {
    /** No levels. */
    public static final Levels NONE =
        new Levels(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** These, and where there are none, the others. */
    public Levels or(Levels others) {
      return new Levels(
          warning.or(others::warning),
          prohibitSend.or(others::prohibitSend),
          prohibitReceive.or(others::prohibitReceive),
          messages.or(others::messages));
    }
  }

  /**
   * What an account keeps; recoverable items do not count.
   *
   * @param octets the sum of the sizes of its messages
   * @param messages how many
   */
  record Usage(long octets, long messages) {}

  /**
   * The quota of an account.
   *
   * @param own the levels that were set for it
   * @param inForce the same, for the others those of the plan, and then the defaults
   */
  record Quota(Levels own, Levels inForce, Usage usage) {}

  /**
   * What an account has besides messages.
   *
   * @param mailboxes how many
   * @param annotationOctets the sum of the sizes of the values of its annotations
   */
  record Holdings(long mailboxes, long annotationOctets) {}

  /** What the account has besides messages, read by one statement. */
  Uni<Holdings> holdings(AccountId account);

  /** The quota now, read by one statement. An account that does not exist has none. */
  Uni<Quota> of(AccountId account);

  /**
   * Changes the account's own levels, and returns its quota then; in one transaction.
   *
   * @param change given the present ones; fails to change nothing
   */
  Uni<Quota> set(AccountId account, UnaryOperator<Levels> change);
}
