package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.maintenance.UidValidities;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Renewals of UIDVALIDITY in a {@link MemoryStore}, one account a batch. */
public final class MemoryUidValidities implements UidValidities {
  /** How far a renewal is: the accounts that it has to do, and whether the first is renewed. */
  private static final class Open {
    private final List<Account> left;
    private boolean renewed;

    Open(List<Account> left) {
      this.left = new ArrayList<>(left);
    }
  }

  private final MemoryStore store;
  private final List<Renewal> renewals = new ArrayList<>();
  private Optional<Open> open = Optional.empty();

  public MemoryUidValidities(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Uni<Integer> renew(AccountId account) {
    return store.call(() -> store.account(account).renewValidities());
  }

  @Override
  public Uni<Optional<Renewal>> renewAll() {
    return store.call(
        () -> {
          if (open.isPresent()) {
            return Optional.empty();
          }
          var accounts =
              store.accounts.values().stream()
                  .sorted(Comparator.comparing(account -> account.id().value()))
                  .toList();
          open = Optional.of(new Open(accounts));
          var made =
              new Renewal(
                  renewals.size() + 1L, Instant.now(), Optional.empty(), accounts.size(), 0, 0);
          renewals.add(made);
          return Optional.of(made);
        });
  }

  @Override
  public Uni<Optional<Renewal>> find(long id) {
    return store.call(() -> renewals.stream().filter(r -> r.id() == id).findFirst());
  }

  @Override
  public Uni<List<Renewal>> list(long after, int limit) {
    return store.call(() -> renewals.stream().filter(r -> r.id() > after).limit(limit).toList());
  }

  @Override
  public Uni<Optional<Batch>> next() {
    return store.call(() -> open.map(this::next));
  }

  private Batch next(Open now) {
    var account = now.left.getFirst();
    if (!now.renewed) {
      now.renewed = true;
      int mailboxes = store.account(account.id()).renewValidities();
      progress(Optional.empty(), 1, mailboxes);
    }
    return new Batch(renewals.getLast().id(), account.id(), List.of(account.name()));
  }

  @Override
  public Uni<Void> complete(Batch batch) {
    return store.run(
        () -> {
          var now = open.orElseThrow();
          now.left.removeIf(account -> account.id().equals(batch.upTo()));
          now.renewed = false;
          if (now.left.isEmpty()) {
            open = Optional.empty();
            progress(Optional.of(Instant.now()), 0, 0);
          }
        });
  }

  private void progress(Optional<Instant> finished, int accounts, int mailboxes) {
    var before = renewals.removeLast();
    renewals.add(
        new Renewal(
            before.id(),
            before.requested(),
            finished,
            before.accounts(),
            before.accountsRenewed() + accounts,
            before.mailboxesRenewed() + mailboxes));
  }
}
