package io.postern.auth;

import io.postern.model.Ids.AccountId;
import io.postern.store.Account;
import io.postern.store.Accounts;
import io.postern.store.Secret;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Accounts in a map and hashes that cost nothing, for tests. */
final class Cheap implements Accounts {
  static final Argon2.Cost COST = new Argon2.Cost(8, 1, 1);

  static final Client CLIENT =
      new Client("0000000000000001", Client.Service.IMAP, "192.0.2.1", true, Optional.empty());

  final Map<String, Account> accounts = new HashMap<>();
  final Workers workers = new Workers(2, 16);
  final Credentials verified = new Credentials(Duration.ofMinutes(5), 100);
  final Passwords passwords = new Passwords(workers, verified, COST);
  final Login login = new Login(this, passwords, Gate.OPEN);
  Optional<RuntimeException> fault = Optional.empty();

  Cheap with(String name, String password, boolean enabled) {
    var verifier = Argon2.of(new Secret(password), COST).encoded();
    accounts.put(name, new Account(new AccountId(accounts.size() + 1L), name, verifier, enabled));
    return this;
  }

  Login.Result login(String name, String password) {
    return login
        .password(new Attempt(CLIENT, "LOGIN", name), new Secret(password))
        .await()
        .atMost(Duration.ofSeconds(10));
  }

  @Override
  public Uni<Optional<Account>> find(String name) {
    return fault
        .<Uni<Optional<Account>>>map(Uni.createFrom()::failure)
        .orElseGet(() -> Uni.createFrom().item(Optional.ofNullable(accounts.get(name))));
  }

  @Override
  public Uni<AccountId> create(String name, Secret verifier) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Uni<Void> setVerifier(AccountId account, Secret verifier) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Uni<Long> count() {
    return Uni.createFrom().item((long) accounts.size());
  }
}
