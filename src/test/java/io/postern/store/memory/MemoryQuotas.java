package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.store.StoreFailure;
import io.postern.store.account.MailboxPlan;
import io.postern.store.account.Quotas;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The quotas of a {@link MemoryStore}. */
public final class MemoryQuotas implements Quotas {
  private final MemoryStore store;
  private final Supplier<Levels> defaults;

  public MemoryQuotas(MemoryStore store, Supplier<Levels> defaults) {
    this.store = store;
    this.defaults = defaults;
  }

  @Override
  public Uni<Quota> of(AccountId account) {
    return store.call(() -> quota(account));
  }

  @Override
  public Uni<Holdings> holdings(AccountId account) {
    return store.call(
        () ->
            new Holdings(
                store.account(account).boxes.size(),
                store.annotations.entrySet().stream()
                    .filter(it -> it.getKey().account() == account.value())
                    .mapToLong(it -> it.getValue().length())
                    .sum()));
  }

  private Quota quota(AccountId account) {
    var own = Optional.ofNullable(store.quotas.get(account)).orElse(Levels.NONE);
    long octets = 0;
    long messages = 0;
    var household = Optional.ofNullable(store.households.get(account));
    for (var box :
        household.map(it -> it.boxes.values()).stream().flatMap(it -> it.stream()).toList()) {
      octets += box.state().size();
      messages += box.state().exists();
    }
    var inForce = own.or(ofPlan(account)).or(defaults.get());
    return new Quota(own, inForce, new Usage(octets, messages));
  }

  private Levels ofPlan(AccountId account) {
    return store.accounts.values().stream()
        .filter(it -> it.id().equals(account))
        .flatMap(it -> it.settings().plan().stream())
        .flatMap(it -> Optional.ofNullable(store.plans.get(it)).stream())
        .map(MailboxPlan::levels)
        .findFirst()
        .orElse(Levels.NONE);
  }

  @Override
  public Uni<Quota> set(AccountId account, UnaryOperator<Levels> change) {
    return store.call(
        () -> {
          store.quotas.put(account, change.apply(quota(account).own()));
          return quota(account);
        });
  }

  /** Fails with OverQuota; called within a call of the store. */
  void require(AccountId account, long octets, long messages) {
    var quota = quota(account);
    var levels = quota.inForce();
    if (levels.prohibitReceive().filter(most -> quota.usage().octets() + octets > most).isPresent()
        || levels
            .messages()
            .filter(most -> quota.usage().messages() + messages > most)
            .isPresent()) {
      throw MemoryStore.failure(
          new StoreFailure.OverQuota(levels.prohibitReceive(), levels.messages()));
    }
  }
}
