package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxName;
import io.postern.model.SpecialUse;
import io.postern.store.StoreFailure;
import io.postern.store.account.Access;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
  public Uni<AccountId> create(String name, Verifiers verifiers) {
    return store.call(
        () -> {
          var login = folded(name);
          if (store.deleted.containsKey(login)) {
            throw MemoryStore.failure(new StoreFailure.AccountDeleted(login));
          }
          if (store.accounts.containsKey(login)) {
            throw MemoryStore.failure(new StoreFailure.AccountExists(login));
          }
          var id = new AccountId(store.nextId());
          store.accounts.put(login, new Account(id, login, verifiers, Access.OF_NEW));
          store.households.put(id, furnished(id));
          return id;
        });
  }

  private MemoryAccount furnished(AccountId id) {
    var household = new MemoryAccount(store, id);
    household.put(MailboxName.INBOX, Optional.empty());
    STANDARD.forEach((name, use) -> household.put(new MailboxName(name), Optional.of(use)));
    household.subscriptions.addAll(household.boxes.keySet());
    return household;
  }

  @Override
  public Uni<List<Account>> page(String after, int most) {
    return store.call(
        () ->
            store.accounts.values().stream()
                .filter(a -> a.name().compareTo(folded(after)) > 0)
                .sorted(Comparator.comparing(Account::name))
                .limit(most)
                .toList());
  }

  @Override
  public Uni<Void> setVerifiers(AccountId account, Verifiers verifiers) {
    return store.run(() -> change(account, a -> with(a, verifiers)));
  }

  @Override
  public Uni<Boolean> upgradeVerifiers(AccountId account, Secret current, Verifiers better) {
    return store.call(
        () -> {
          boolean same =
              byId(account).filter(a -> a.verifiers().password().equals(current)).isPresent();
          if (same) {
            change(account, a -> with(a, better));
          }
          return same;
        });
  }

  @Override
  public Uni<Optional<Account>> setAccess(AccountId account, UnaryOperator<Access> change) {
    return store.call(
        () -> {
          change(
              account,
              a ->
                  new Account(
                      a.id(), a.name(), a.verifiers(), change.apply(a.access()), a.options()));
          return byId(account);
        });
  }

  @Override
  public Uni<Optional<Account>> setOptions(
      AccountId account, UnaryOperator<ProtocolOptions> change) {
    return store.call(
        () -> {
          change(
              account,
              a ->
                  new Account(
                      a.id(), a.name(), a.verifiers(), a.access(), change.apply(a.options())));
          return byId(account);
        });
  }

  private static Account with(Account a, Verifiers verifiers) {
    return new Account(a.id(), a.name(), verifiers, a.access(), a.options());
  }

  @Override
  public Uni<Secret> decoyKey() {
    return Uni.createFrom().item(new Secret("the decoys' key"));
  }

  private Optional<Account> byId(AccountId account) {
    return store.accounts.values().stream().filter(a -> a.id().equals(account)).findFirst();
  }

  private void change(AccountId account, UnaryOperator<Account> change) {
    store.accounts.replaceAll((_, a) -> a.id().equals(account) ? change.apply(a) : a);
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
