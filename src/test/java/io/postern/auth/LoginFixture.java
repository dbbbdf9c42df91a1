package io.postern.auth;

import io.postern.auth.password.Credentials;
import io.postern.auth.password.FastPasswords;
import io.postern.auth.password.Passwords;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Grants;
import io.postern.store.account.Secret;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryAppPasswords;
import io.postern.store.memory.MemoryGrants;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Accounts in memory and hashes that cost nothing, for tests. */
public final class LoginFixture {
  public static final Client CLIENT =
      new Client("0000000000000001", MailProtocol.IMAP, "192.0.2.1", true, Optional.empty());

  public final MemoryStore store = new MemoryStore();
  public final Accounts accounts = faulty(new MemoryAccounts(store));
  public final Workers workers = new Workers(2, 16);
  public final Credentials verified = new Credentials(Duration.ofMinutes(5), 100);
  public final Passwords passwords = FastPasswords.of(workers, verified);
  public final AppPasswords appPasswords = new MemoryAppPasswords(store);
  public final Grants grants = new MemoryGrants(store);
  public final List<Failure> failures = new ArrayList<>();
  public final Live live;
  public final Login login;
  public Optional<RuntimeException> fault = Optional.empty();

  public LoginFixture(String... settings) {
    live = new Live(TestSettings.of(settings));
    login = new Login(accounts, appPasswords, grants, passwords, noting(), live);
  }

  /** Admits every attempt, and records why it failed. */
  private LoginPolicy noting() {
    return new LoginPolicy() {
      @Override
      public void failed(LoginAttempt attempt, Failure why) {
        failures.add(why);
      }
    };
  }

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

  public LoginFixture with(String name, String password, boolean enabled) {
    var verifiers = await(passwords.verifiers(new Secret(password)));
    var id = await(accounts.create(name, verifiers));
    return may(id, access -> access.withEnabled(enabled));
  }

  public LoginFixture may(AccountId id, UnaryOperator<AccountSettings> change) {
    await(accounts.change(id, change));
    return this;
  }

  public AccountId id(String name) {
    return await(accounts.find(name)).orElseThrow().id();
  }

  public Login.Result login(String name, String password) {
    return await(login.password(new LoginAttempt(CLIENT, "LOGIN", name), new Secret(password)));
  }

  public static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(10));
  }
}
