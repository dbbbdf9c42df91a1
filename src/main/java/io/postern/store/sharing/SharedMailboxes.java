package io.postern.store.sharing;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.NumberSet;
import io.postern.model.Rights;
import io.postern.model.SpecialUse;
import io.postern.store.Mailboxes;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.AccessLists;
import io.postern.store.account.AccessLists.Shared;
import io.postern.store.sharing.OtherUsers.Address;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decorates {@code Mailboxes} for one account: those of others stand among its own, as far as it
 * has the rights. A name that is of no mailbox shared with it is one of its own.
 */
public final class SharedMailboxes implements Mailboxes {
  private static final Rights LOOKUP = Rights.of("l");
  private static final Rights READ = Rights.of("r");
  private static final Rights CREATE = Rights.of("k");
  private static final Rights DELETE = Rights.of("x");

  private final Mailboxes own;
  private final AccessLists lists;
  private final AccountId viewer;

  public SharedMailboxes(Mailboxes own, AccessLists lists, AccountId viewer) {
    this.own = own;
    this.lists = lists;
    this.viewer = viewer;
  }

  /** The mailbox of another that has the name, if there is one that the viewer has a right to. */
  Uni<Optional<Shared>> shared(MailboxName name) {
    return OtherUsers.parse(name)
        .map(it -> lists.find(it.owner(), it.name(), viewer))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
  }

  /** Fails without these rights; to who can't look it up the mailbox does not exist. */
  static void require(MailboxName name, Rights there, Rights needed) {
    if (!there.has(needed)) {
      throw new StoreException(
          there.has(LOOKUP)
              ? new StoreFailure.NoRight(name, needed.without(there))
              : new StoreFailure.NoSuchMailbox(name));
    }
  }

  private <T> Uni<T> on(
      MailboxName name, Rights needed, Function<Shared, Uni<T>> others, Uni<T> otherwise) {
    return shared(name)
        .chain(
            found -> {
              if (found.isEmpty()) {
                return otherwise;
              }
              require(name, found.get().rights(), needed);
              return others.apply(found.get());
            });
  }

  private static <T> Uni<T> refused(String reason) {
    return Uni.createFrom().failure(new StoreException(new StoreFailure.NotPermitted(reason)));
  }

  @Override
  public Uni<List<MailboxInfo>> list(AccountId account) {
    return listed(account, LOOKUP);
  }

  @Override
  public Uni<List<MailboxInfo>> readable(AccountId account) {
    return listed(account, LOOKUP.with(READ));
  }

  /** Both statements are sent together. */
  private Uni<List<MailboxInfo>> listed(AccountId account, Rights needed) {
    return Uni.combine()
        .all()
        .unis(own.list(account), lists.sharedWith(viewer))
        .with(
            (mine, others) -> {
              var all = new ArrayList<>(mine);
              others.stream()
                  .filter(it -> it.rights().has(needed))
                  .flatMap(it -> OtherUsers.shown(it).stream())
                  .forEach(all::add);
              return all;
            });
  }

  /** Found by whom has any right to it. */
  @Override
  public Uni<Optional<MailboxInfo>> find(AccountId account, MailboxName name) {
    return shared(name)
        .chain(
            found ->
                found
                    .map(it -> OtherUsers.shown(it.mailbox(), name))
                    .map(it -> Uni.createFrom().item(Optional.of(it)))
                    .orElseGet(() -> own.find(account, name)));
  }

  @Override
  public Uni<MailboxInfo> create(AccountId account, MailboxName name, Optional<SpecialUse> use) {
    if (!OtherUsers.contains(name)) {
      return own.create(account, name, use);
    }
    var address = OtherUsers.parse(name);
    if (address.isEmpty() || use.isPresent()) {
      return refused("the mailboxes of other users are theirs");
    }
    return above(address.get())
        .chain(
            above -> {
              var rights = above.map(Shared::rights).orElse(Rights.NONE);
              require(name, rights.with(LOOKUP), CREATE);
              var parent = above.orElseThrow().mailbox().key();
              return own.create(parent.account(), address.get().name(), Optional.empty())
                  .call(made -> lists.inherit(parent, made.key()))
                  .map(made -> OtherUsers.shown(made, name));
            });
  }

  /** The nearest mailbox above a name, one level after the other. */
  private Uni<Optional<Shared>> above(Address address) {
    return address
        .name()
        .parent()
        .map(
            parent ->
                lists
                    .find(address.owner(), parent, viewer)
                    .chain(
                        found ->
                            found.isPresent()
                                ? Uni.createFrom().item(found)
                                : above(new Address(address.owner(), parent))))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
  }

  @Override
  public Uni<MailboxKey> delete(AccountId account, MailboxName name) {
    return on(
        name,
        DELETE,
        it -> own.delete(it.mailbox().key().account(), it.mailbox().name()),
        own.delete(account, name));
  }

  @Override
  public Uni<Void> rename(AccountId account, MailboxName from, MailboxName to) {
    return on(
        from,
        DELETE,
        it -> renameOfOther(it, to),
        OtherUsers.contains(to)
            ? refused("no mailbox goes to another user")
            : own.rename(account, from, to));
  }

  private Uni<Void> renameOfOther(Shared from, MailboxName to) {
    var target = OtherUsers.parse(to).filter(it -> it.owner().equals(from.owner()));
    return target.isEmpty()
        ? refused("no mailbox leaves its user")
        : Uni.combine()
            .all()
            .unis(above(target.get()), notDeletable(from))
            .asTuple()
            .chain(
                both -> {
                  var rights = both.getItem1().map(Shared::rights).orElse(Rights.NONE);
                  require(to, rights.with(LOOKUP), CREATE);
                  both.getItem2().ifPresent(it -> require(it, LOOKUP, DELETE));
                  var owner = from.mailbox().key().account();
                  return own.rename(owner, from.mailbox().name(), target.get().name());
                });
  }

  /** A mailbox below one that the viewer must not rename. */
  private Uni<Optional<MailboxName>> notDeletable(Shared from) {
    return Uni.combine()
        .all()
        .unis(own.list(from.mailbox().key().account()), lists.sharedWith(viewer))
        .with(
            (all, shared) -> {
              var deletable =
                  shared.stream()
                      .filter(it -> it.rights().has(DELETE))
                      .map(it -> it.mailbox().key())
                      .collect(Collectors.toSet());
              return all.stream()
                  .filter(it -> it.name().isBelow(from.mailbox().name()))
                  .filter(it -> !deletable.contains(it.key()))
                  .map(MailboxInfo::name)
                  .findFirst();
            });
  }

  @Override
  public Uni<SortedSet<MailboxName>> subscriptions(AccountId account) {
    return own.subscriptions(account);
  }

  @Override
  public Uni<Void> subscribe(AccountId account, MailboxName name) {
    return on(name, LOOKUP, _ -> own.subscribeUnseen(account, name), own.subscribe(account, name));
  }

  @Override
  public Uni<Void> subscribeUnseen(AccountId account, MailboxName name) {
    return own.subscribeUnseen(account, name);
  }

  @Override
  public Uni<Void> unsubscribe(AccountId account, MailboxName name) {
    return own.unsubscribe(account, name);
  }

  @Override
  public Uni<Rights> rights(MailboxKey mailbox) {
    return mailbox.account().equals(viewer)
        ? Uni.createFrom().item(Rights.ALL)
        : lists.rights(mailbox, viewer);
  }

  /** A mailbox that may not be read any more is gone. */
  @Override
  public Uni<MailboxState> state(MailboxKey mailbox) {
    return mailbox.account().equals(viewer)
        ? own.state(mailbox)
        : Uni.combine()
            .all()
            .unis(own.state(mailbox), lists.rights(mailbox, viewer))
            .with(
                (state, rights) -> {
                  if (!rights.has(READ)) {
                    throw new StoreException(new StoreFailure.MailboxGone());
                  }
                  return state;
                });
  }

  @Override
  public Uni<Map<MailboxId, MailboxState>> states(AccountId account) {
    return Uni.combine()
        .all()
        .unis(own.states(account), lists.sharedWith(viewer))
        .asTuple()
        .chain(both -> withShared(both.getItem1(), both.getItem2()));
  }

  /** Those of all other accounts by one statement. */
  private Uni<Map<MailboxId, MailboxState>> withShared(
      Map<MailboxId, MailboxState> mine, List<Shared> shared) {
    var readable = readable(shared);
    if (readable.isEmpty()) {
      return Uni.createFrom().item(mine);
    }
    return own.states(readable)
        .map(
            states -> {
              var all = new HashMap<>(mine);
              states.forEach((key, state) -> all.put(key.mailbox(), state));
              return all;
            });
  }

  private static Set<MailboxKey> readable(List<Shared> shared) {
    return shared.stream()
        .filter(it -> it.rights().has(READ))
        .map(it -> it.mailbox().key())
        .collect(Collectors.toSet());
  }

  /** Those that the viewer may not read are left out. */
  @Override
  public Uni<Map<MailboxKey, MailboxState>> states(Collection<MailboxKey> mailboxes) {
    return Uni.combine()
        .all()
        .unis(own.states(mailboxes), lists.sharedWith(viewer))
        .with(
            (states, shared) -> {
              var readable = readable(shared);
              var all = new HashMap<>(states);
              all.keySet()
                  .removeIf(key -> !key.account().equals(viewer) && !readable.contains(key));
              return all;
            });
  }

  @Override
  public Uni<Optional<Status>> status(AccountId account, MailboxName name) {
    return on(
        name,
        READ,
        it -> {
          var key = it.mailbox().key();
          return own.state(key).map(state -> Optional.of(new Status(key, state)));
        },
        own.status(account, name));
  }

  @Override
  public Uni<NumberSet> claimRecent(MailboxKey mailbox) {
    return own.claimRecent(mailbox);
  }

  @Override
  public Uni<Optional<Claim>> claimRecent(AccountId account, MailboxName name) {
    return on(
        name,
        READ,
        it -> {
          var key = it.mailbox().key();
          return own.claimRecent(key).map(recent -> Optional.of(new Claim(key, recent)));
        },
        own.claimRecent(account, name));
  }
}
