package io.postern.sessions;

import io.postern.auth.password.AppPasswordText;
import io.postern.model.Ids.AccountId;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Grants;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** The account setup that writes to the store. */
record StoreAccountSetup(Accounts accounts, AppPasswords appPasswords, Grants rights)
    implements AccountSetup {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Override
  public void set(String user, Right right, boolean on) {
    soon(accounts.change(id(user), settings -> changed(settings, right, on)));
  }

  private static AccountSettings changed(AccountSettings settings, Right right, boolean on) {
    return switch (right) {
      case ENABLED -> settings.withEnabled(on);
      case ADMINISTRATOR -> settings.withAdministrator(on);
      case IMAP -> settings.withImap(on);
      case POP -> settings.withPop(on);
    };
  }

  @Override
  public void grant(String owner, String delegate) {
    soon(rights.grant(id(owner), id(delegate)));
  }

  @Override
  public String appPassword(String user, String name) {
    var made = AppPasswordText.random();
    soon(appPasswords.add(id(user), name, AppPasswordText.verifier(made)));
    return made.reveal();
  }

  @Override
  public void revoke(String user, String name) {
    soon(appPasswords.revoke(id(user), name));
  }

  private AccountId id(String user) {
    return soon(accounts.find(user)).orElseThrow().id();
  }

  private static <T> T soon(Uni<T> call) {
    return call.await().atMost(SOON);
  }
}
