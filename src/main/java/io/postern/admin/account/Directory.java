package io.postern.admin.account;

import io.postern.admin.security.ProblemException;
import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Finds the accounts that request paths name. */
@Singleton
public class Directory {
  private final Accounts accounts;

  Directory(Accounts accounts) {
    this.accounts = accounts;
  }

  /** Returns the account with this login name; fails with a problem when there is none. */
  public Uni<Account> find(String name) {
    return accounts.find(name).map(found -> found.orElseThrow(() -> unknown(name)));
  }

  /** Returns the id of the account with this login name. */
  public Uni<AccountId> id(String name) {
    return find(name).map(Account::id);
  }

  static ProblemException unknown(String name) {
    return ProblemException.notFound("There is no account \"" + name + "\"");
  }
}
