package io.postern.store.memory;

import io.postern.store.StoreFailure;
import io.postern.store.account.Account;
import io.postern.store.account.MailboxPlan;
import io.postern.store.account.MailboxPlans;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The mailbox plans of a {@link MemoryStore}. */
public final class MemoryMailboxPlans implements MailboxPlans {
  private final MemoryStore store;

  public MemoryMailboxPlans(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Uni<List<MailboxPlan>> page(String after, int most) {
    return store.call(
        () -> store.plans.tailMap(after, false).values().stream().limit(most).toList());
  }

  @Override
  public Uni<Optional<MailboxPlan>> find(String name) {
    return store.call(() -> Optional.ofNullable(store.plans.get(name)));
  }

  @Override
  public Uni<Optional<MailboxPlan>> put(MailboxPlan plan, Consumer<Optional<MailboxPlan>> check) {
    return store.call(
        () -> {
          var before = Optional.ofNullable(store.plans.get(plan.name()));
          check.accept(before);
          if (before.isEmpty() && store.plans.size() >= MAX) {
            throw MemoryStore.failure(new StoreFailure.LimitReached("mailbox plans", MAX));
          }
          if (plan.byDefault()) {
            store.plans.replaceAll((_, it) -> it.withByDefault(false));
          }
          store.plans.put(plan.name(), plan);
          return before;
        });
  }

  @Override
  public Uni<Deletion> delete(String name, Consumer<MailboxPlan> check) {
    return store.call(
        () -> {
          var found = Optional.ofNullable(store.plans.get(name));
          if (found.isEmpty()) {
            return Deletion.UNKNOWN;
          }
          check.accept(found.get());
          boolean used =
              Stream.concat(
                      store.accounts.values().stream(),
                      store.deleted.values().stream().map(MemoryDeletedAccounts.Kept::account))
                  .map(Account::settings)
                  .anyMatch(it -> it.plan().filter(name::equals).isPresent());
          if (!used) {
            store.plans.remove(name);
          }
          return used ? Deletion.IN_USE : Deletion.DONE;
        });
  }
}
