package io.postern.store.account;

import io.postern.model.Home;
import io.postern.model.Ids.AccountId;
import java.util.Optional;

/**
 * An account as login needs it.
 *
 * @param id its id; {@link #NOT_HERE} when its home is another site
 * @param name its login name, lower case
 * @param verifiers of its password
 * @param settings what is set for it; of an account of another site, that site knows it alone
 * @param ownOptions how its messages are shown, where its plan and the settings do not decide
 * @param plan its mailbox plan, as it is now
 * @param elsewhere its home, when that is another site
 */
public record Account(
    AccountId id,
    String name,
    Verifiers verifiers,
    AccountSettings settings,
    ProtocolOptions ownOptions,
    Optional<MailboxPlan> plan,
    Optional<Home> elsewhere) {
  /** The id of no account of this database. */
  public static final AccountId NOT_HERE = new AccountId(1);

  /** An account of this site. */
  public Account(
      AccountId id,
      String name,
      Verifiers verifiers,
      AccountSettings settings,
      ProtocolOptions ownOptions,
      Optional<MailboxPlan> plan) {
    this(id, name, verifiers, settings, ownOptions, plan, Optional.empty());
  }

  /** An account without a plan, whose messages are shown as the settings of the protocols say. */
  public Account(AccountId id, String name, Verifiers verifiers, Access access) {
    this(
        id,
        name,
        verifiers,
        AccountSettings.of(access),
        ProtocolOptions.DEFAULTS,
        Optional.empty());
  }

  /** An account of another site. */
  public static Account elsewhere(String name, Verifiers verifiers, Home home) {
    return new Account(
        NOT_HERE,
        name,
        verifiers,
        AccountSettings.OF_NEW,
        ProtocolOptions.DEFAULTS,
        Optional.empty(),
        Optional.of(home));
  }

  /** What it may do, by its own settings and its plan. */
  public Access access() {
    return settings.access(plan);
  }

  /** How its messages are shown, by its own options and its plan. */
  public ProtocolOptions options() {
    return plan.map(it -> ownOptions.or(it.options())).orElse(ownOptions);
  }

  /** For how many days its expunged mail can be restored; empty if the settings decide. */
  public Optional<Integer> deletedItemDays() {
    return settings.deletedItemDays().or(() -> plan.flatMap(MailboxPlan::deletedItemDays));
  }

  /** The same with other verifiers. */
  public Account withVerifiers(Verifiers others) {
    return new Account(id, name, others, settings, ownOptions, plan, elsewhere);
  }
}
