package io.postern.store.memory;

import static io.postern.store.memory.MemoryStore.failure;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.NumberSet;
import io.postern.model.SpecialUse;
import io.postern.store.Mailboxes;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The mailbox trees of a {@link MemoryStore}. */
public final class MemoryMailboxes implements Mailboxes {
  private final MemoryStore store;
  private final Supplier<Limits> limits;
  private final AtomicInteger finds = new AtomicInteger();

  public MemoryMailboxes(MemoryStore store) {
    this(store, () -> Limits.DEFAULT);
  }

  public MemoryMailboxes(MemoryStore store, Supplier<Limits> limits) {
    this.store = store;
    this.limits = limits;
  }

  /** How often a mailbox was looked up by its name. */
  public int finds() {
    return finds.get();
  }

  @Override
  public Uni<List<MailboxInfo>> list(AccountId account) {
    return store.call(
        () ->
            store.account(account).boxes.values().stream()
                .map(MemoryMailbox::info)
                .sorted(Comparator.comparing(info -> !info.name().isInbox()))
                .toList());
  }

  @Override
  public Uni<Optional<MailboxInfo>> find(AccountId account, MailboxName name) {
    finds.incrementAndGet();
    return store.call(() -> store.account(account).byName(name).map(MemoryMailbox::info));
  }

  @Override
  public Uni<MailboxInfo> create(AccountId account, MailboxName name, Optional<SpecialUse> use) {
    return store.call(
        () -> {
          var household = store.account(account);
          if (household.boxes.containsKey(name)) {
            throw failure(new StoreFailure.AlreadyExists(name));
          }
          household.boxes.values().stream()
              .filter(box -> use.isPresent() && box.info().use().equals(use))
              .findFirst()
              .ifPresent(
                  box -> {
                    throw failure(new StoreFailure.SpecialUseTaken(use.orElseThrow(), box.name));
                  });
          return household.add(name, use, limits.get().mailboxes()).info();
        });
  }

  @Override
  public Uni<MailboxKey> delete(AccountId account, MailboxName name) {
    return store.call(
        () -> {
          var household = store.account(account);
          if (name.isInbox()) {
            throw failure(new StoreFailure.NotPermitted("INBOX can't be deleted"));
          }
          mustExist(household, name);
          return Optional.ofNullable(household.boxes.remove(name))
              .orElseThrow(() -> failure(new StoreFailure.NotPermitted("mailboxes are below it")))
              .key;
        });
  }

  @Override
  public Uni<Void> rename(AccountId account, MailboxName from, MailboxName to) {
    return store.run(
        () -> {
          var household = store.account(account);
          mustExist(household, from);
          if (to.isInbox()) {
            throw failure(new StoreFailure.NotPermitted("nothing can be renamed to INBOX"));
          }
          if (from.isInbox()) {
            mustBeFree(household, to);
            var inbox = household.byName(from).orElseThrow();
            var into = household.add(to, Optional.empty(), limits.get().mailboxes());
            pourOut(inbox, into);
            MemoryAnnotations.copy(store, inbox, into);
          } else {
            renameTree(household, from, to);
          }
        });
  }

  /** RFC 3501 §6.3.5: INBOX stays and is emptied. */
  private static void pourOut(MemoryMailbox inbox, MemoryMailbox into) {
    into.keywords = inbox.keywords;
    var messages = List.copyOf(inbox.messages.values());
    into.change(MemoryMessages.arriving(messages, into, flags -> flags), NumberSet.EMPTY);
    inbox.change(List.of(), MemoryMailbox.uids(messages));
  }

  private void renameTree(MemoryAccount household, MailboxName from, MailboxName to) {
    if (to.isBelow(from)) {
      throw failure(new StoreFailure.NotPermitted("a mailbox can't move below itself"));
    }
    mustBeFree(household, to);
    var moving =
        household.boxes.values().stream()
            .filter(box -> box.name.equals(from) || box.name.isBelow(from))
            .toList();
    for (var box : moving) {
      var problem =
          MailboxName.problem(to.value() + box.name.value().substring(from.value().length()));
      if (problem.isPresent()) {
        throw failure(new StoreFailure.NotPermitted(problem.get()));
      }
    }
    household.addAbove(to, limits.get().mailboxes());
    for (var box : moving) {
      household.boxes.remove(box.name);
      box.name = new MailboxName(to.value() + box.name.value().substring(from.value().length()));
      household.boxes.put(box.name, box);
    }
  }

  @Override
  public Uni<SortedSet<MailboxName>> subscriptions(AccountId account) {
    return store.call(() -> new TreeSet<>(store.account(account).subscriptions));
  }

  @Override
  public Uni<Void> subscribe(AccountId account, MailboxName name) {
    return store.run(
        () -> {
          var household = store.account(account);
          mustExist(household, name);
          subscribe(household, name);
        });
  }

  @Override
  public Uni<Void> subscribeUnseen(AccountId account, MailboxName name) {
    return store.run(() -> subscribe(store.account(account), name));
  }

  private void subscribe(MemoryAccount household, MailboxName name) {
    int most = limits.get().subscriptions();
    if (!household.subscriptions.contains(name) && household.subscriptions.size() >= most) {
      throw failure(new StoreFailure.LimitReached("subscriptions", most));
    }
    household.subscriptions.add(name);
  }

  @Override
  public Uni<Void> unsubscribe(AccountId account, MailboxName name) {
    return store.run(() -> store.account(account).subscriptions.remove(name));
  }

  @Override
  public Uni<MailboxState> state(MailboxKey mailbox) {
    return store.call(() -> store.box(mailbox).state());
  }

  @Override
  public Uni<Map<MailboxId, MailboxState>> states(AccountId account) {
    return store.call(
        () ->
            store.account(account).boxes.values().stream()
                .collect(Collectors.toMap(box -> box.key.mailbox(), MemoryMailbox::state)));
  }

  @Override
  public Uni<Map<MailboxKey, MailboxState>> states(Collection<MailboxKey> mailboxes) {
    return store.call(
        () ->
            mailboxes.stream()
                .flatMap(
                    key ->
                        Optional.ofNullable(store.households.get(key.account()))
                            .flatMap(household -> household.byId(key.mailbox()))
                            .stream())
                .collect(Collectors.toMap(box -> box.key, MemoryMailbox::state)));
  }

  @Override
  public Uni<NumberSet> claimRecent(MailboxKey mailbox) {
    return store.call(
        () -> {
          var box = store.box(mailbox);
          long first = box.firstRecent;
          box.firstRecent = box.uidNext;
          return first == box.uidNext ? NumberSet.EMPTY : NumberSet.range(first, box.uidNext - 1);
        });
  }

  @Override
  public Uni<Optional<Status>> status(AccountId account, MailboxName name) {
    return store.call(
        () -> store.account(account).byName(name).map(box -> new Status(box.key, box.state())));
  }

  @Override
  public Uni<Optional<Claim>> claimRecent(AccountId account, MailboxName name) {
    return store
        .call(() -> store.account(account).byName(name).map(box -> box.key))
        .flatMap(
            found ->
                found
                    .map(key -> claimRecent(key).map(recent -> Optional.of(new Claim(key, recent))))
                    .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
  }

  private static void mustExist(MemoryAccount household, MailboxName name) {
    if (!household.exists(name)) {
      throw failure(new StoreFailure.NoSuchMailbox(name));
    }
  }

  private static void mustBeFree(MemoryAccount household, MailboxName name) {
    if (household.exists(name)) {
      throw failure(new StoreFailure.AlreadyExists(name));
    }
  }
}
