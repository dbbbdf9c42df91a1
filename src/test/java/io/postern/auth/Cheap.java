package io.postern.auth;

import io.postern.model.Ids.AccountId;
import io.postern.store.Access;
import io.postern.store.Accounts;
import io.postern.store.Secret;
import io.postern.store.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Accounts in memory and hashes that cost nothing, for tests. */
final class Cheap {
  static final Argon2.Cost COST = new Argon2.Cost(8, 1, 1);
  static final Client CLIENT =
      new Client("0000000000000001", Client.Service.IMAP, "192.0.2.1", true, Optional.empty());

  final MemoryStore store = new MemoryStore();
  final Accounts accounts = faulty(new MemoryAccounts(store));
  final Workers workers = new Workers(2, 16);
  final Credentials verified = new Credentials(Duration.ofMinutes(5), 100);
  final Passwords passwords = new Passwords(workers, verified, COST);
  final Login login = new Login(accounts, passwords, Gate.OPEN);
  Optional<RuntimeException> fault = Optional.empty();

  private Accounts faulty(Accounts sound) {
    return (Accounts)
        Proxy.newProxyInstance(
            Accounts.class.getClassLoader(),
            new Class<?>[] {Accounts.class},
            (_, method, arguments) ->
                fault.isPresent()
                    ? Uni.createFrom().failure(fault.get())
                    : method.invoke(sound, arguments));
  }

  Cheap with(String name, String password, boolean enabled) {
    var verifier = Argon2.of(new Secret(password), COST).encoded();
    var id = await(accounts.create(name, Verifiers.of(verifier)));
    return may(id, access -> access.withEnabled(enabled));
  }

  Cheap may(AccountId id, UnaryOperator<Access> change) {
    await(accounts.setAccess(id, change));
    return this;
  }

  AccountId id(String name) {
    return await(accounts.find(name)).orElseThrow().id();
  }

  Login.Result login(String name, String password) {
    return await(login.password(new Attempt(CLIENT, "LOGIN", name), new Secret(password)));
  }

  static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(10));
  }
}
