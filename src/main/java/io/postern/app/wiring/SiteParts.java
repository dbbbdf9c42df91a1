package io.postern.app.wiring;

import io.postern.auth.NewerHome;
import io.postern.site.HomeDirectory;
import io.postern.site.directory.CachedHomes;
import io.postern.site.directory.HomePublisher;
import io.postern.site.directory.HomedAccounts;
import io.postern.site.directory.HomedAppPasswords;
import io.postern.site.directory.PublishedAccounts;
import io.postern.site.directory.PublishedAppPasswords;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import java.util.Optional;

/**
 * What a node has beyond its own site. With one site only there is nothing, and everything is used
 * as it is.
 *
 * @param directory empty when there is one site only
 */
public record SiteParts(Optional<Directory> directory) {
  /**
   * The directory of homes.
   *
   * @param site the name of this site
   */
  record Directory(String site, HomeDirectory homes, CachedHomes cached) {}

  /** The accounts that logins see. */
  Accounts forLogin(Accounts here) {
    return directory.<Accounts>map(it -> new HomedAccounts(here, it.cached, it.site)).orElse(here);
  }

  /** The app passwords that logins see. */
  AppPasswords forLogin(AppPasswords here) {
    return directory
        .<AppPasswords>map(it -> new HomedAppPasswords(here, it.cached, it.site))
        .orElse(here);
  }

  /** The accounts of this site, of which changes are published. */
  Accounts published(Accounts here, AppPasswords appPasswords) {
    return directory
        .<Accounts>map(
            it -> new PublishedAccounts(here, it.homes, publisher(it, here, appPasswords), it.site))
        .orElse(here);
  }

  /** The app passwords of this site, of which changes are published. */
  AppPasswords publishedAppPasswords(Accounts accounts, AppPasswords here) {
    return directory
        .<AppPasswords>map(it -> new PublishedAppPasswords(here, publisher(it, accounts, here)))
        .orElse(here);
  }

  /** Publishes the accounts of this site; empty when there is one site only. */
  public Optional<HomePublisher> publisher(Accounts accounts, AppPasswords appPasswords) {
    return directory.map(it -> publisher(it, accounts, appPasswords));
  }

  private static HomePublisher publisher(
      Directory directory, Accounts accounts, AppPasswords appPasswords) {
    return new HomePublisher(directory.homes, accounts, appPasswords, directory.site);
  }

  /** Is notified of homes that other sites know. */
  NewerHome newerHome() {
    return directory.<NewerHome>map(it -> it.cached::atLeast).orElse(NewerHome.NONE);
  }
}
