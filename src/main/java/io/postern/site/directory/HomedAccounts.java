package io.postern.site.directory;

import io.postern.model.Ids.AccountId;
import io.postern.site.HomeDirectory.Entry;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.Accounts;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The accounts of all sites, as logins see them. An account is found in the database of this site
 * and in the directory, which are read side by side; the directory decides where its home is. An
 * account of this site is found without the directory, too.
 */
public final class HomedAccounts implements Accounts {
  private final Accounts here;
  private final CachedHomes homes;
  private final String site;

  /**
   * @param here the accounts of this site
   * @param site the name of this site
   */
  public HomedAccounts(Accounts here, CachedHomes homes, String site) {
    this.here = here;
    this.homes = homes;
    this.site = site;
  }

  /** Fails when the directory does not answer and the account is not one of this site. */
  @Override
  public Uni<Optional<Account>> find(String name) {
    var entry =
        homes
            .find(name.toLowerCase(Locale.ROOT))
            .map(found -> new Answer(found, Optional.empty()))
            .onFailure()
            .recoverWithItem(why -> new Answer(Optional.empty(), Optional.of(why)));
    return Uni.combine()
        .all()
        .unis(here.find(name), entry)
        .asTuple()
        .chain(both -> decide(name, both.getItem1(), both.getItem2()));
  }

  private record Answer(Optional<Entry> entry, Optional<Throwable> failure) {}

  /**
   * If the directory's answer contradicts this site's database, one of them is from before a move.
   * Then both are read again, the database last: it shows an account that has arrived before the
   * directory names this site.
   */
  private Uni<Optional<Account>> decide(String name, Optional<Account> local, Answer answer) {
    boolean contradicts =
        answer.entry.filter(it -> it.home().site().equals(site) == local.isEmpty()).isPresent();
    return contradicts
        ? homes
            .read(name.toLowerCase(Locale.ROOT))
            .chain(
                again ->
                    here.find(name)
                        .chain(present -> decide(present, new Answer(again, answer.failure))))
        : decide(local, answer);
  }

  private Uni<Optional<Account>> decide(Optional<Account> local, Answer answer) {
    var elsewhere =
        answer
            .entry
            .filter(it -> !it.home().site().equals(site))
            .map(it -> Account.elsewhere(it.name(), it.verifiers(), it.home()));
    if (elsewhere.isPresent()) {
      return Uni.createFrom().item(elsewhere);
    }
    return local.isEmpty() && answer.failure.isPresent()
        ? Uni.createFrom().failure(answer.failure.get())
        : Uni.createFrom().item(local);
  }

  @Override
  public Uni<List<Account>> page(String after, int most) {
    return here.page(after, most);
  }

  @Override
  public Uni<AccountId> create(String name, Verifiers verifiers, Optional<String> plan) {
    return here.create(name, verifiers, plan);
  }

  @Override
  public Uni<Void> setVerifiers(AccountId account, Verifiers verifiers) {
    return here.setVerifiers(account, verifiers);
  }

  /** Those of an account of another site are upgraded there. */
  @Override
  public Uni<Boolean> upgradeVerifiers(AccountId account, Secret current, Verifiers upgraded) {
    return account.equals(Account.NOT_HERE)
        ? Uni.createFrom().item(false)
        : here.upgradeVerifiers(account, current, upgraded);
  }

  @Override
  public Uni<Optional<Account>> change(AccountId account, UnaryOperator<AccountSettings> change) {
    return here.change(account, change);
  }

  @Override
  public Uni<Optional<Account>> setOptions(
      AccountId account, UnaryOperator<ProtocolOptions> change) {
    return here.setOptions(account, change);
  }

  @Override
  public Uni<Secret> decoyKey() {
    return here.decoyKey();
  }
}
