package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.Rights;
import io.postern.store.account.AccessLists;
import io.postern.store.account.Account;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The access control lists of a {@link MemoryStore}. */
public final class MemoryAccessLists implements AccessLists {
  private final MemoryStore store;

  public MemoryAccessLists(MemoryStore store) {
    this.store = store;
  }

  /** No account has this id. */
  private static final AccountId ALL = new AccountId(Long.MAX_VALUE);

  record Key(MailboxKey mailbox, AccountId grantee) {}

  private Optional<Account> account(AccountId id) {
    return store.accounts.values().stream().filter(it -> it.id().equals(id)).findFirst();
  }

  private Optional<MemoryMailbox> box(MailboxKey key) {
    return Optional.ofNullable(store.households.get(key.account()))
        .flatMap(household -> household.byId(key.mailbox()));
  }

  @Override
  public Uni<List<Entry>> entries(MailboxKey mailbox) {
    return store.call(
        () ->
            store.access.entrySet().stream()
                .filter(it -> it.getKey().mailbox.equals(mailbox) && box(mailbox).isPresent())
                .flatMap(
                    it ->
                        name(it.getKey().grantee).stream()
                            .map(who -> new Entry(who, it.getValue())))
                .sorted(Comparator.comparing(Entry::name))
                .toList());
  }

  private Optional<String> name(AccountId grantee) {
    return grantee.equals(ALL) ? Optional.of(ANYONE) : account(grantee).map(Account::name);
  }

  @Override
  public Uni<Outcome> change(MailboxKey mailbox, String name, Mode mode, Rights rights, int most) {
    return store.call(
        () -> {
          var who = Optional.ofNullable(store.accounts.get(name));
          if (box(mailbox).isEmpty()) {
            return Outcome.GONE;
          }
          if (name.equals(ANYONE)) {
            return change(new Key(mailbox, ALL), mode, rights, most);
          }
          if (who.isEmpty()) {
            return Outcome.UNKNOWN;
          }
          return who.get().id().equals(mailbox.account())
              ? Outcome.OWNER
              : change(new Key(mailbox, who.get().id()), mode, rights, most);
        });
  }

  private Outcome change(Key key, Mode mode, Rights rights, int most) {
    var before = Optional.ofNullable(store.access.get(key)).orElse(Rights.NONE);
    var after =
        switch (mode) {
          case REPLACE -> rights;
          case ADD -> before.with(rights);
          case REMOVE -> before.without(rights);
        };
    if (after.equals(Rights.NONE)) {
      store.access.remove(key);
      return Outcome.DONE;
    }
    store.access.keySet().removeIf(it -> box(it.mailbox).isEmpty());
    var owner = key.mailbox.account();
    if (before.equals(Rights.NONE)
        && (count(key.mailbox) >= most || countOf(owner) >= (long) most * MAILBOXES)) {
      return Outcome.FULL;
    }
    store.access.put(key, after);
    return Outcome.DONE;
  }

  private long count(MailboxKey mailbox) {
    return store.access.keySet().stream().filter(it -> it.mailbox.equals(mailbox)).count();
  }

  private long countOf(AccountId owner) {
    return store.access.keySet().stream().filter(it -> it.mailbox.account().equals(owner)).count();
  }

  @Override
  public Uni<Optional<AccountId>> grantee(String name) {
    return store.call(() -> Optional.ofNullable(store.accounts.get(name)).map(Account::id));
  }

  @Override
  public Uni<Rights> rights(MailboxKey mailbox, AccountId viewer) {
    return store.call(
        () ->
            owner(mailbox).isPresent() && box(mailbox).isPresent()
                ? together(mailbox, viewer)
                : Rights.NONE);
  }

  private Rights together(MailboxKey mailbox, AccountId viewer) {
    return Stream.of(viewer, ALL)
        .map(who -> store.access.getOrDefault(new Key(mailbox, who), Rights.NONE))
        .reduce(Rights.NONE, Rights::with);
  }

  private Optional<Account> owner(MailboxKey mailbox) {
    return account(mailbox.account()).filter(it -> it.access().enabled());
  }

  @Override
  public Uni<List<Shared>> sharedWith(AccountId viewer) {
    return store.call(() -> shared(viewer));
  }

  private List<Shared> shared(AccountId viewer) {
    return store.access.keySet().stream()
        .filter(it -> it.grantee.equals(viewer) || it.grantee.equals(ALL))
        .map(Key::mailbox)
        .filter(it -> !it.account().equals(viewer))
        .distinct()
        .flatMap(it -> shared(it, together(it, viewer)).stream())
        .sorted(Comparator.comparing(Shared::owner).thenComparing(it -> it.mailbox().name()))
        .limit(MOST_SHARED)
        .toList();
  }

  private Optional<Shared> shared(MailboxKey key, Rights rights) {
    return owner(key)
        .flatMap(
            owner ->
                box(key)
                    .map(MemoryMailbox::info)
                    .map(
                        it ->
                            new Shared(
                                owner.name(),
                                new MailboxInfo(key, it.name(), it.uidValidity(), Optional.empty()),
                                rights)));
  }

  @Override
  public Uni<Optional<Shared>> find(String owner, MailboxName name, AccountId viewer) {
    return store.call(
        () ->
            shared(viewer).stream()
                .filter(it -> it.owner().equals(owner) && it.mailbox().name().equals(name))
                .findFirst());
  }

  @Override
  public Uni<Void> inherit(MailboxKey above, MailboxKey made) {
    return store.run(
        () -> {
          for (var it : List.copyOf(store.access.entrySet())) {
            if (it.getKey().mailbox.equals(above)) {
              store.access.putIfAbsent(new Key(made, it.getKey().grantee), it.getValue());
            }
          }
        });
  }
}
