package io.postern.app.wiring;

import io.postern.auth.DirectoryMeter;
import io.postern.auth.IssuerKeysMeter;
import io.postern.auth.Login;
import io.postern.auth.LoginPolicy;
import io.postern.auth.Mechanisms;
import io.postern.auth.directory.LdapDirectory;
import io.postern.auth.password.Credentials;
import io.postern.auth.password.Passwords;
import io.postern.auth.password.Workers;
import io.postern.auth.sasl.SaslCatalogue;
import io.postern.config.Live;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Grants;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;

/** Wires authentication. */
final class LoginWiring {
  /** How many passwords may wait to be verified; further logins are refused as unavailable. */
  private static final int WAITING_PASSWORDS = 2_000;

  /** Calls of the directory at the same time; the pool of connections bounds them, too. */
  private static final int DIRECTORY_CALLS = 32;

  private static final Duration CREDENTIALS_LIVE = Duration.ofMinutes(5);
  private static final int MAX_CREDENTIALS = 10_000;

  /** One hash at a time per core: more would only cost memory. */
  @Produces
  @Singleton
  Workers workers() {
    return new Workers(Runtime.getRuntime().availableProcessors(), WAITING_PASSWORDS);
  }

  void close(@Disposes Workers workers) {
    workers.close();
  }

  @Produces
  @Singleton
  Passwords passwords(Workers workers) {
    return new Passwords(workers, new Credentials(CREDENTIALS_LIVE, MAX_CREDENTIALS));
  }

  @Produces
  @Singleton
  Login login(
      Accounts accounts,
      AppPasswords appPasswords,
      Grants grants,
      Passwords passwords,
      LoginPolicy policy,
      Live live,
      SiteParts sites,
      LdapDirectory directory) {
    return new Login(
        sites.forLogin(accounts),
        sites.forLogin(appPasswords),
        grants,
        passwords,
        policy,
        live,
        directory);
  }

  /** Its threads block, so it has threads of its own; they end when there is no directory. */
  @Produces
  @Singleton
  LdapDirectory directory(Live live, DirectoryMeter meter) {
    return new LdapDirectory(
        live, new Workers("directory-", DIRECTORY_CALLS, WAITING_PASSWORDS), meter);
  }

  void close(@Disposes LdapDirectory directory) {
    directory.close();
  }

  @Produces
  @Singleton
  Mechanisms mechanisms(
      Live live,
      Login login,
      Accounts accounts,
      Workers workers,
      InstantSource clock,
      IssuerKeysMeter meter,
      SiteParts sites) {
    return SaslCatalogue.of(live, login, accounts, workers, clock, meter, sites.newerHome());
  }
}
