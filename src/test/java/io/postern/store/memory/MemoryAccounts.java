package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxName;
import io.postern.model.SpecialUse;
import io.postern.store.Account;
import io.postern.store.Accounts;
import io.postern.store.Secret;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The accounts of a {@link MemoryStore}. */
public final class MemoryAccounts implements Accounts {
  private static final Map<String, SpecialUse> STANDARD =
      Map.of(
          "Drafts", SpecialUse.DRAFTS,
          "Sent", SpecialUse.SENT,
          "Junk", SpecialUse.JUNK,
          "Trash", SpecialUse.TRASH,
          "Archive", SpecialUse.ARCHIVE);

  private final MemoryStore store;

  public MemoryAccounts(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Uni<Optional<Account>> find(String name) {
    return store.call(() -> Optional.ofNullable(store.accounts.get(folded(name))));
  }

  @Override
  public Uni<AccountId> create(String name, Secret verifier) {
    return store.call(
        () -> {
          var login = folded(name);
          if (store.accounts.containsKey(login)) {
            throw MemoryStore.failure(new StoreFailure.AccountExists(login));
          }
          var id = new AccountId(store.nextId());
          store.accounts.put(login, new Account(id, login, verifier, true));
          store.households.put(id, furnished(id));
          return id;
        });
  }

  private Household furnished(AccountId id) {
    var household = new Household(store, id);
    household.add(MailboxName.INBOX, Optional.empty());
    STANDARD.forEach((name, use) -> household.add(new MailboxName(name), Optional.of(use)));
    household.subscriptions.addAll(household.boxes.keySet());
    return household;
  }

  @Override
  public Uni<Void> setVerifier(AccountId account, Secret verifier) {
    return store.run(
        () ->
            store.accounts.replaceAll(
                (name, a) ->
                    a.id().equals(account) ? new Account(a.id(), name, verifier, a.enabled()) : a));
  }

  @Override
  public Uni<Long> count() {
    return store.call(() -> (long) store.accounts.size());
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
