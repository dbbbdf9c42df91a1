package io.postern.store.account;

import io.postern.model.Ids.AccountId;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Who may open whose mailboxes as if they were their own. Exchange: FullAccess. */
public interface Grants {
  /** The accounts that have full access to the owner's, in the order of their names. */
  Uni<List<Account>> delegates(AccountId owner);

  /** Whether the delegate has full access to the owner's. */
  Uni<Boolean> granted(AccountId owner, AccountId delegate);

  /** Gives full access; whether that changed anything. */
  Uni<Boolean> grant(AccountId owner, AccountId delegate);

  /** Takes it back; whether that changed anything. */
  Uni<Boolean> revoke(AccountId owner, AccountId delegate);
}
