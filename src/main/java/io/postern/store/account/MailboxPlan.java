package io.postern.store.account;

import java.util.Optional;

/**
 * What accounts have where no value of their own is set. Exchange: CASMailboxPlan and MailboxPlan.
 *
 * @param name identifies it, in this case of letters
 * @param byDefault whether new accounts get it if they are created without a plan; one at most is
 * @param imap whether IMAP opens its accounts. Exchange: ImapEnabled
 * @param pop whether POP3 opens its accounts. Exchange: PopEnabled
 * @param options how messages are shown over each protocol
 * @param levels quota; an absent level is that of the settings
 * @param deletedItemDays for how many days expunged mail can be restored; as in the settings when
 *     absent. Exchange: RetainDeletedItemsFor
 */
public record MailboxPlan(
    String name,
    boolean byDefault,
    boolean imap,
    boolean pop,
    ProtocolOptions options,
    Quotas.Levels levels,
    Optional<Integer> deletedItemDays) {
  /** Permits both protocols, and leaves all else to the settings. */
  public static MailboxPlan of(String name) {
    return new MailboxPlan(
        name, false, true, true, ProtocolOptions.DEFAULTS, Quotas.Levels.NONE, Optional.empty());
  }

  /** The same, for new accounts or not. */
  public MailboxPlan withByDefault(boolean now) {
    return new MailboxPlan(name, now, imap, pop, options, levels, deletedItemDays);
  }
}
