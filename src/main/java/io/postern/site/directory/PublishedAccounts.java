package io.postern.site.directory;

import io.postern.model.Ids.AccountId;
import io.postern.site.HomeDirectory;
import io.postern.site.HomeDirectory.Published;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
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
 * The accounts of this site, of which each change is published in the directory. A new account is
 * published first: so a name belongs to one site only.
 */
public final class PublishedAccounts implements Accounts {
  private final Accounts here;
  private final HomeDirectory directory;
  private final HomePublisher publisher;
  private final String site;

  /**
   * @param here the accounts of this site
   * @param site the name of this site
   */
  public PublishedAccounts(
      Accounts here, HomeDirectory directory, HomePublisher publisher, String site) {
    this.here = here;
    this.directory = directory;
    this.publisher = publisher;
    this.site = site;
  }

  @Override
  public Uni<Optional<Account>> find(String name) {
    return here.find(name);
  }

  @Override
  public Uni<List<Account>> page(String after, int most) {
    return here.page(after, most);
  }

  /** Fails with {@code AccountExists}, too, when the name belongs to another site. */
  @Override
  public Uni<AccountId> create(String name, Verifiers verifiers, Optional<String> plan) {
    var login = name.toLowerCase(Locale.ROOT);
    return here.find(login)
        .chain(
            found ->
                found.isPresent()
                    ? Uni.createFrom()
                        .failure(new StoreException(new StoreFailure.AccountExists(login)))
                    : claim(login, verifiers))
        .chain(() -> here.create(name, verifiers, plan));
  }

  private Uni<Void> claim(String login, Verifiers verifiers) {
    return directory
        .publish(site, List.of(new Published(login, verifiers, List.of())))
        .chain(
            others ->
                others.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : Uni.createFrom()
                        .failure(new StoreException(new StoreFailure.AccountExists(login))));
  }

  @Override
  public Uni<Void> setVerifiers(AccountId account, Verifiers verifiers) {
    return here.setVerifiers(account, verifiers).call(() -> publisher.publish(account));
  }

  @Override
  public Uni<Boolean> upgradeVerifiers(AccountId account, Secret current, Verifiers upgraded) {
    return here.upgradeVerifiers(account, current, upgraded)
        .call(done -> done ? publisher.tryPublish(account) : Uni.createFrom().<Void>nullItem());
  }

  /** What an account may do is checked at its home alone, and not published. */
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
