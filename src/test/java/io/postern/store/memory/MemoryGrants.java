package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.Grants;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;

/** The grants of a {@link MemoryStore}. */
public final class MemoryGrants implements Grants {
  record Grant(AccountId owner, AccountId delegate) {}

  private final MemoryStore store;

  public MemoryGrants(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Uni<List<Account>> delegates(AccountId owner) {
    return store.call(
        () ->
            store.accounts.values().stream()
                .filter(a -> store.grants.contains(new Grant(owner, a.id())))
                .sorted(Comparator.comparing(Account::name))
                .toList());
  }

  @Override
  public Uni<Boolean> granted(AccountId owner, AccountId delegate) {
    return store.call(() -> store.grants.contains(new Grant(owner, delegate)));
  }

  @Override
  public Uni<Boolean> grant(AccountId owner, AccountId delegate) {
    return store.call(() -> store.grants.add(new Grant(owner, delegate)));
  }

  @Override
  public Uni<Boolean> revoke(AccountId owner, AccountId delegate) {
    return store.call(() -> store.grants.remove(new Grant(owner, delegate)));
  }
}
