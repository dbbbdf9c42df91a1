package io.postern.store.account;

import io.postern.model.Ids.AccountId;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Grants of full access: which delegates may open an owner's mailboxes. Exchange: FullAccess. */
public interface Grants {
  /** The accounts that have full access to the owner's, in the order of their names. */
  Uni<List<Account>> delegates(AccountId owner);

  /** Whether the delegate has full access to the owner's. */
  Uni<Boolean> granted(AccountId owner, AccountId delegate);

  /** Grants full access; returns whether that changed anything. */
  Uni<Boolean> grant(AccountId owner, AccountId delegate);

  /** Revokes it; returns whether that changed anything. */
  Uni<Boolean> revoke(AccountId owner, AccountId delegate);

  /**
   * The login names of users whose mailboxes are at other sites and who have full access: of those
   * who had it when their account or the owner's moved.
   */
  default Uni<List<String>> delegatesElsewhere(AccountId owner) {
    return Uni.createFrom().item(List.of());
  }

  /** Whether such a user has full access. */
  default Uni<Boolean> grantedElsewhere(AccountId owner, String delegate) {
    return Uni.createFrom().item(false);
  }

  /** Revokes it; returns whether that changed anything. */
  default Uni<Boolean> revokeElsewhere(AccountId owner, String delegate) {
    return Uni.createFrom().item(false);
  }
}
