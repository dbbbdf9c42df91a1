package io.postern.store.account;

import java.util.Optional;

/**
 * What is set for an account itself. Where a value is absent, its plan's applies; without a plan,
 * protocols are permitted and the settings of the server decide the rest.
 *
 * @param enabled whether it is in use: a disabled one accepts no logins and no mail
 * @param administrator whether it is an administrator's mailbox, which mail protocols don't open
 * @param imap whether IMAP opens it
 * @param pop whether POP3 opens it
 * @param deletedItemDays for how many days expunged mail can be restored
 * @param plan the name of its mailbox plan
 */
public record AccountSettings(
    boolean enabled,
    boolean administrator,
    Optional<Boolean> imap,
    Optional<Boolean> pop,
    Optional<Integer> deletedItemDays,
    Optional<String> plan) {
  /** Those of a new account without a plan. */
  public static final AccountSettings OF_NEW = of(Access.OF_NEW);

  /** Those of an account that may do exactly this while it has no plan. */
  static AccountSettings of(Access access) {
    return new AccountSettings(
        access.enabled(),
        access.administrator(),
        access.imap() ? Optional.empty() : Optional.of(false),
        access.pop() ? Optional.empty() : Optional.of(false),
        Optional.empty(),
        Optional.empty());
  }

  /** What the account may do. */
  Access access(Optional<MailboxPlan> with) {
    return new Access(
        enabled,
        administrator,
        imap.or(() -> with.map(MailboxPlan::imap)).orElse(Access.OF_NEW.imap()),
        pop.or(() -> with.map(MailboxPlan::pop)).orElse(Access.OF_NEW.pop()));
  }

  /** The same, enabled or not. */
  public AccountSettings withEnabled(boolean now) {
    return new AccountSettings(now, administrator, imap, pop, deletedItemDays, plan);
  }

  /** The same, an administrator's or not. */
  public AccountSettings withAdministrator(boolean now) {
    return new AccountSettings(enabled, now, imap, pop, deletedItemDays, plan);
  }

  /** The same, with IMAP or without, whatever its plan permits. */
  public AccountSettings withImap(boolean now) {
    return new AccountSettings(
        enabled, administrator, Optional.of(now), pop, deletedItemDays, plan);
  }

  /** The same, with POP3 or without, whatever its plan permits. */
  public AccountSettings withPop(boolean now) {
    return new AccountSettings(
        enabled, administrator, imap, Optional.of(now), deletedItemDays, plan);
  }

  /** The same, with a plan or without. */
  public AccountSettings withPlan(Optional<String> now) {
    return new AccountSettings(enabled, administrator, imap, pop, deletedItemDays, now);
  }
}
