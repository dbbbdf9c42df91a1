package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** The accounts. */
public interface Accounts {
  /** The account of this login name, compared without case; empty when there is none. */
  Uni<Optional<Account>> find(String name);

  /**
   * Makes an account with INBOX and its standard folders Drafts, Sent, Junk, Trash and Archive,
   * each subscribed and with its special use (RFC 6154), in one transaction.
   *
   * <p>Fails with {@link StoreFailure.AccountExists}.
   *
   * @param name its login name; kept in lower case
   * @param verifier the encoded password hash
   */
  Uni<AccountId> create(String name, Secret verifier);

  /** Gives the account another verifier. */
  Uni<Void> setVerifier(AccountId account, Secret verifier);

  /** How many accounts there are. */
  Uni<Long> count();
}
