package io.postern.site.directory;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The app passwords of the accounts of all sites, as logins see them. The directory does not know
 * their names and uses.
 */
public final class HomedAppPasswords implements AppPasswords {
  private final AppPasswords here;
  private final CachedHomes homes;
  private final String site;

  /**
   * @param here those of this site
   * @param site the name of this site
   */
  public HomedAppPasswords(AppPasswords here, CachedHomes homes, String site) {
    this.here = here;
    this.homes = homes;
    this.site = site;
  }

  @Override
  public Uni<List<AppPassword>> list(AccountId account) {
    return here.list(account);
  }

  @Override
  public Uni<List<AppPassword>> list(String user) {
    var elsewhere =
        homes
            .find(user.toLowerCase(Locale.ROOT))
            .map(
                found ->
                    found
                        .filter(it -> !it.home().site().equals(site))
                        .map(it -> it.appPasswords().stream().map(HomedAppPasswords::unnamed)))
            // Then only users of this site can log in: the account is looked up as well.
            .onFailure()
            .recoverWithItem(Optional.empty());
    return Uni.combine()
        .all()
        .unis(here.list(user), elsewhere)
        .with((local, other) -> other.map(Stream::toList).orElse(local));
  }

  private static AppPassword unnamed(Secret verifier) {
    return new AppPassword("", verifier, Instant.EPOCH, Optional.empty());
  }

  @Override
  public Uni<Boolean> add(AccountId account, String name, Secret verifier) {
    return here.add(account, name, verifier);
  }

  @Override
  public Uni<Boolean> revoke(AccountId account, String name) {
    return here.revoke(account, name);
  }

  /** The use of one of another site is not recorded. */
  @Override
  public Uni<Void> recordUse(AccountId account, String name) {
    return account.equals(Account.NOT_HERE)
        ? Uni.createFrom().voidItem()
        : here.recordUse(account, name);
  }
}
