package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.store.StoreFailure;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The app passwords of a {@link MemoryStore}. */
public final class MemoryAppPasswords implements AppPasswords {
  private final MemoryStore store;

  public MemoryAppPasswords(MemoryStore store) {
    this.store = store;
  }

  private Map<String, AppPassword> of(AccountId account) {
    return store.appPasswords.computeIfAbsent(account, _ -> new TreeMap<>());
  }

  @Override
  public Uni<List<AppPassword>> list(AccountId account) {
    return store.call(() -> List.copyOf(of(account).values()));
  }

  @Override
  public Uni<List<AppPassword>> list(String user) {
    return new MemoryAccounts(store)
        .find(user)
        .flatMap(
            found ->
                found
                    .map(account -> list(account.id()))
                    .orElseGet(() -> Uni.createFrom().item(List.of())));
  }

  @Override
  public Uni<Boolean> add(AccountId account, String name, Secret verifier) {
    return store.call(
        () -> {
          if (of(account).size() >= MAX) {
            throw MemoryStore.failure(new StoreFailure.LimitReached("app passwords", MAX));
          }
          var made = new AppPassword(name, verifier, Instant.now(), Optional.empty());
          return of(account).putIfAbsent(name, made) == null;
        });
  }

  @Override
  public Uni<Boolean> revoke(AccountId account, String name) {
    return store.call(() -> of(account).remove(name) != null);
  }

  @Override
  public Uni<Void> recordUse(AccountId account, String name) {
    return store.run(() -> of(account).computeIfPresent(name, (_, p) -> used(p, Instant.now())));
  }

  private static AppPassword used(AppPassword password, Instant now) {
    boolean noted =
        password.lastUsed().filter(now.minus(Duration.ofHours(1))::isBefore).isPresent();
    return noted
        ? password
        : new AppPassword(
            password.name(), password.verifier(), password.created(), Optional.of(now));
  }
}
