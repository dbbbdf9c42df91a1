package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxName;
import io.postern.model.SpecialUse;
import io.postern.store.StoreFailure;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.Accounts;
import io.postern.store.account.MailboxPlan;
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
    return store.call(
        () -> Optional.ofNullable(store.accounts.get(folded(name))).map(this::withPlan));
  }

  @Override
  public Uni<AccountId> create(String name, Verifiers verifiers, Optional<String> plan) {
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
          require(plan);
          var settings =
              AccountSettings.OF_NEW.withPlan(
                  plan.or(
                      () ->
                          store.plans.values().stream()
                              .filter(MailboxPlan::byDefault)
                              .map(MailboxPlan::name)
                              .findFirst()));
          store.accounts.put(
              login,
              new Account(
                  id, login, verifiers, settings, ProtocolOptions.DEFAULTS, Optional.empty()));
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
                .map(this::withPlan)
                .toList());
  }

  @Override
  public Uni<Void> setVerifiers(AccountId account, Verifiers verifiers) {
    return store.run(() -> replace(account, a -> a.withVerifiers(verifiers)));
  }

  @Override
  public Uni<Boolean> upgradeVerifiers(AccountId account, Secret current, Verifiers better) {
    return store.call(
        () -> {
          boolean same =
              byId(account).filter(a -> a.verifiers().password().equals(current)).isPresent();
          if (same) {
            replace(account, a -> a.withVerifiers(better));
          }
          return same;
        });
  }

  @Override
  public Uni<Optional<Account>> change(AccountId account, UnaryOperator<AccountSettings> change) {
    return store.call(
        () -> {
          replace(
              account,
              a -> {
                var settings = change.apply(a.settings());
                require(settings.plan());
                return new Account(
                    a.id(), a.name(), a.verifiers(), settings, a.ownOptions(), Optional.empty());
              });
          return byId(account).map(this::withPlan);
        });
  }

  @Override
  public Uni<Optional<Account>> setOptions(
      AccountId account, UnaryOperator<ProtocolOptions> change) {
    return store.call(
        () -> {
          replace(
              account,
              a ->
                  new Account(
                      a.id(),
                      a.name(),
                      a.verifiers(),
                      a.settings(),
                      change.apply(a.ownOptions()),
                      Optional.empty()));
          return byId(account).map(this::withPlan);
        });
  }

  private void require(Optional<String> plan) {
    plan.filter(it -> !store.plans.containsKey(it))
        .ifPresent(
            it -> {
              throw MemoryStore.failure(
                  new StoreFailure.NotPermitted("There is no mailbox plan \"" + it + "\""));
            });
  }

  private Account withPlan(Account a) {
    var plan = a.settings().plan().map(store.plans::get);
    return new Account(a.id(), a.name(), a.verifiers(), a.settings(), a.ownOptions(), plan);
  }

  @Override
  public Uni<Secret> decoyKey() {
    return Uni.createFrom().item(new Secret("the decoys' key"));
  }

  private Optional<Account> byId(AccountId account) {
    return store.accounts.values().stream().filter(a -> a.id().equals(account)).findFirst();
  }

  private void replace(AccountId account, UnaryOperator<Account> change) {
    store.accounts.replaceAll((_, a) -> a.id().equals(account) ? change.apply(a) : a);
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
