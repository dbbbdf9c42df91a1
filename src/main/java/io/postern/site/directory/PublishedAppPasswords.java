package io.postern.site.directory;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** The app passwords of this site's accounts, of which each change is published. */
public final class PublishedAppPasswords implements AppPasswords {
  private final AppPasswords here;
  private final HomePublisher publisher;

  public PublishedAppPasswords(AppPasswords here, HomePublisher publisher) {
    this.here = here;
    this.publisher = publisher;
  }

  @Override
  public Uni<List<AppPassword>> list(AccountId account) {
    return here.list(account);
  }

  @Override
  public Uni<List<AppPassword>> list(String user) {
    return here.list(user);
  }

  @Override
  public Uni<Boolean> add(AccountId account, String name, Secret verifier) {
    return here.add(account, name, verifier).call(() -> publisher.publish(account));
  }

  /** Fails when other sites would still accept it. */
  @Override
  public Uni<Boolean> revoke(AccountId account, String name) {
    return here.revoke(account, name).call(() -> publisher.publish(account));
  }

  @Override
  public Uni<Void> recordUse(AccountId account, String name) {
    return here.recordUse(account, name);
  }
}
