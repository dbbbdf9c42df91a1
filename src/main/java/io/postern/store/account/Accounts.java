package io.postern.store.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The accounts, except deleted ones ({@link DeletedAccounts}). */
public interface Accounts {
  /** The account of this login name, compared without case; empty when there is none. */
  Uni<Optional<Account>> find(String name);

  /**
   * Accounts in the order of their names.
   *
   * @param after the name behind which to begin, itself left out; empty for the first page
   * @param most how many at most, at least 1
   */
  Uni<List<Account>> page(String after, int most);

  /**
   * Creates an account with INBOX and its standard folders Drafts, Sent, Junk, Trash and Archive,
   * each subscribed and with its special use (RFC 6154), in one transaction. It has no settings of
   * its own.
   *
   * <p>Fails with {@link StoreFailure.AccountExists}; with {@link StoreFailure.AccountDeleted}
   * while a deleted account of that name is kept; with {@link StoreFailure.NotPermitted} when there
   * is no such plan.
   *
   * @param name its login name; kept in lower case
   * @param plan its mailbox plan; the default one, if there is one, when empty
   */
  Uni<AccountId> create(String name, Verifiers verifiers, Optional<String> plan);

  /** Creates an account with the default plan, if there is one. */
  default Uni<AccountId> create(String name, Verifiers verifiers) {
    return create(name, verifiers, Optional.empty());
  }

  /** Replaces the account's password: no old verifier remains. */
  Uni<Void> setVerifiers(AccountId account, Verifiers verifiers);

  /**
   * Upgrades the verifiers of the account's current password.
   *
   * @param current the hash that the password was found to fit
   * @return whether it still was that one; nothing changes when not
   */
  Uni<Boolean> upgradeVerifiers(AccountId account, Secret current, Verifiers upgraded);

  /**
   * Changes what is set for the account, in one transaction. Fails with {@link
   * StoreFailure.NotPermitted} when there is no such plan.
   *
   * @param change computes the new settings from the current ones; may be called more than once
   * @return the account as it is then; empty when there is none
   */
  Uni<Optional<Account>> change(AccountId account, UnaryOperator<AccountSettings> change);

  /**
   * Changes the account's own options of how messages are shown, in one transaction. New sessions
   * are shown them so.
   *
   * @param change computes the new options from the current ones; may be called more than once
   * @return the account as it is then; empty when there is none
   */
  Uni<Optional<Account>> setOptions(AccountId account, UnaryOperator<ProtocolOptions> change);

  /**
   * The site's secret, which never changes and which all replicas share: unknown accounts' decoy
   * keys and the keys of TLS session tickets are derived from it, each under a label of its own.
   */
  Uni<Secret> decoyKey();
}
