package io.postern.site.directory;

import io.postern.model.Ids.AccountId;
import io.postern.site.HomeDirectory;
import io.postern.site.HomeDirectory.Published;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Publishes accounts of this site in the directory: one after a change, all of them from time to
 * time, so that an account gets there that was changed while the directory was down.
 */
public final class HomePublisher {
  private static final Logger LOG = System.getLogger(HomePublisher.class.getName());

  /** Accounts that are published at once. */
  private static final int PAGE = 200;

  private final HomeDirectory directory;
  private final Accounts accounts;
  private final AppPasswords appPasswords;
  private final String site;

  /**
   * @param accounts of this site
   * @param appPasswords of this site
   * @param site the name of this site
   */
  public HomePublisher(
      HomeDirectory directory, Accounts accounts, AppPasswords appPasswords, String site) {
    this.directory = directory;
    this.accounts = accounts;
    this.appPasswords = appPasswords;
    this.site = site;
  }

  /**
   * Publishes all accounts of this site, a page at a time.
   *
   * @return how many; fails when the directory or the database does not answer
   */
  public Uni<Long> publishAll() {
    var last = new AtomicReference<>("");
    return Multi.createBy()
        .repeating()
        .uni(() -> accounts.page(last.get(), PAGE).call(page -> publish(page, last)))
        .whilst(page -> page.size() == PAGE)
        .collect()
        .in(() -> new long[1], (sum, page) -> sum[0] += page.size())
        .map(sum -> sum[0]);
  }

  private Uni<Void> publish(List<Account> page, AtomicReference<String> last) {
    if (page.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    last.set(page.getLast().name());
    return Multi.createFrom()
        .iterable(page)
        .onItem()
        .transformToUniAndConcatenate(this::published)
        .collect()
        .asList()
        .chain(all -> directory.publish(site, all))
        .invoke(
            others ->
                others.forEach(
                    name ->
                        LOG.log(
                            Level.WARNING,
                            "account={0} is stored here, but the directory names another site",
                            name)))
        .replaceWithVoid();
  }

  private Uni<Published> published(Account account) {
    return appPasswords
        .list(account.id())
        .map(
            all ->
                new Published(
                    account.name(),
                    account.verifiers(),
                    all.stream().map(AppPasswords.AppPassword::verifier).toList()));
  }

  /** Publishes the account as it is now, if it is one of this site. */
  Uni<Void> publish(AccountId account) {
    return accounts
        .change(account, settings -> settings)
        .chain(
            found ->
                found
                    .map(it -> publish(List.of(it), new AtomicReference<>("")))
                    .orElseGet(() -> Uni.createFrom().voidItem()));
  }

  /** The same, and a failure is only logged: {@link #publishAll} publishes it later. */
  Uni<Void> tryPublish(AccountId account) {
    return publish(account)
        .onFailure()
        .invoke(
            why ->
                LOG.log(
                    Level.WARNING,
                    "A changed account is not published yet, and other sites know its old"
                        + " password: {0}",
                    why.getMessage()))
        .onFailure()
        .recoverWithNull();
  }
}
