package io.postern.auth;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.Accounts;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The accounts as logins find them: a user of the directory by any name that the directory finds
 * them by; the others by the name of their account.
 */
public final class DirectoryAccounts implements Accounts {
  /** A verifier that can't be read, which fits nothing. */
  private static final Secret NO_PASSWORD = new Secret("");

  private final Accounts accounts;
  private final DirectoryPasswords directory;

  public DirectoryAccounts(Accounts accounts, DirectoryPasswords directory) {
    this.accounts = accounts;
    this.directory = directory;
  }

  @Override
  public Uni<Optional<Account>> find(String name) {
    if (!directory.decides(name)) {
      return accounts.find(name);
    }
    return directory
        .account(name)
        .flatMap(
            found ->
                found.map(accounts::find).orElseGet(() -> Uni.createFrom().item(Optional.empty())))
        .map(account -> account.map(DirectoryAccounts::withoutVerifiers));
  }

  /** A password that the account had here before does not open it. */
  private static Account withoutVerifiers(Account account) {
    return account.withVerifiers(Verifiers.of(NO_PASSWORD));
  }

  @Override
  public Uni<List<Account>> page(String after, int most) {
    return accounts.page(after, most);
  }

  @Override
  public Uni<AccountId> create(String name, Verifiers verifiers, Optional<String> plan) {
    return accounts.create(name, verifiers, plan);
  }

  @Override
  public Uni<Void> setVerifiers(AccountId account, Verifiers verifiers) {
    return accounts.setVerifiers(account, verifiers);
  }

  @Override
  public Uni<Boolean> upgradeVerifiers(AccountId account, Secret current, Verifiers upgraded) {
    return accounts.upgradeVerifiers(account, current, upgraded);
  }

  @Override
  public Uni<Optional<Account>> change(AccountId account, UnaryOperator<AccountSettings> change) {
    return accounts.change(account, change);
  }

  @Override
  public Uni<Optional<Account>> setOptions(
      AccountId account, UnaryOperator<ProtocolOptions> change) {
    return accounts.setOptions(account, change);
  }

  @Override
  public Uni<Secret> decoyKey() {
    return accounts.decoyKey();
  }
}
