package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.DeletedAccounts;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The deleted accounts of a {@link MemoryStore}; none is ever purged. */
public final class MemoryDeletedAccounts implements DeletedAccounts {
  record Kept(Account account, Instant deleted) {
    Deleted deletedAccount() {
      return new Deleted(account.name(), deleted, false);
    }
  }

  private final MemoryStore store;

  public MemoryDeletedAccounts(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Uni<Optional<Account>> delete(AccountId account, Consumer<AccountSettings> check) {
    return store.call(
        () -> {
          var found =
              store.accounts.values().stream().filter(a -> a.id().equals(account)).findFirst();
          found.ifPresent(
              there -> {
                check.accept(there.settings());
                store.accounts.remove(there.name());
                store.deleted.put(there.name(), new Kept(there, Instant.now()));
              });
          return found;
        });
  }

  @Override
  public Uni<Optional<Deleted>> find(String name) {
    return store.call(
        () -> Optional.ofNullable(store.deleted.get(folded(name))).map(Kept::deletedAccount));
  }

  @Override
  public Uni<List<Deleted>> page(String after, int limit) {
    return store.call(
        () ->
            store.deleted.tailMap(folded(after), false).values().stream()
                .limit(limit)
                .map(Kept::deletedAccount)
                .toList());
  }

  @Override
  public Uni<Boolean> restore(String name) {
    return store.call(
        () -> {
          var kept = Optional.ofNullable(store.deleted.remove(folded(name)));
          kept.ifPresent(it -> store.accounts.put(it.account().name(), it.account()));
          return kept.isPresent();
        });
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
