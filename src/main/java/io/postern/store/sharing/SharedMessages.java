package io.postern.store.sharing;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.Rights;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.SystemFlag;
import io.postern.store.Destination;
import io.postern.store.ForwardingMessages;
import io.postern.store.Messages;
import io.smallrye.mutiny.Uni;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** Decorates {@code Messages} for one account, which changes those of others as far as it may. */
public final class SharedMessages implements ForwardingMessages {
  private static final Rights INSERT = Rights.of("i");
  private static final Rights EXPUNGE = Rights.of("e");
  private static final Rights REMOVE = Rights.of("te");
  private static final Rights OTHERS = Rights.of("w");
  private static final Rights FLAGS = Rights.of("stw");

  private final Messages store;
  private final SharedMailboxes mailboxes;
  private final AcrossAccounts across;
  private final AccountId viewer;

  /**
   * @param store as the viewer is shown messages
   * @param across copies messages as they are stored
   */
  public SharedMessages(
      Messages store, SharedMailboxes mailboxes, AcrossAccounts across, AccountId viewer) {
    this.store = store;
    this.mailboxes = mailboxes;
    this.across = across;
    this.viewer = viewer;
  }

  /** Those of the flags that may be set. */
  static Flags permitted(Flags flags, Rights rights) {
    long bits = FlagsUpdate.changeableBy(rights);
    var system = EnumSet.noneOf(SystemFlag.class);
    flags.system().stream().filter(flag -> (flag.bit() & bits) != 0).forEach(system::add);
    return new Flags(system, rights.has(OTHERS) ? flags.keywords() : new TreeSet<>(List.of()));
  }

  @Override
  public Messages store() {
    return store;
  }

  /** Where messages go, and what the viewer may do there. */
  private record Target(Destination to, Rights rights) {}

  private Uni<Target> target(Destination to) {
    return switch (to) {
      case Destination.Keyed(var key) ->
          permitted(key, INSERT).map(rights -> new Target(to, rights));
      case Destination.Named(_, var name, _) ->
          mailboxes
              .shared(name)
              .map(
                  found -> {
                    if (found.isEmpty()) {
                      return new Target(to, Rights.ALL);
                    }
                    SharedMailboxes.require(name, found.get().rights(), INSERT);
                    return new Target(
                        new Destination.Keyed(found.get().mailbox().key()), found.get().rights());
                  });
    };
  }

  /** The viewer's rights; fails without those needed. */
  private Uni<Rights> permitted(MailboxKey mailbox, Rights needed) {
    return mailboxes
        .rights(mailbox)
        .invoke(rights -> SharedMailboxes.require(name(mailbox), rights, needed));
  }

  /** A name for people: the caller knows the mailbox by its key. */
  private static MailboxName name(MailboxKey mailbox) {
    return new MailboxName(OtherUsers.PREFIX + mailbox.mailbox().value());
  }

  @Override
  public Uni<Appended> append(Destination to, List<NewMessage> messages) {
    return target(to)
        .chain(
            target ->
                store.append(
                    target.to,
                    target.rights.equals(Rights.ALL)
                        ? messages
                        : messages.stream()
                            .map(
                                it ->
                                    new NewMessage(
                                        it.staged(),
                                        permitted(it.flags(), target.rights),
                                        it.internalDate()))
                            .toList()));
  }

  @Override
  public Uni<Changed> storeFlags(MailboxKey mailbox, NumberSet uids, FlagsUpdate update) {
    if (mailbox.account().equals(viewer)) {
      return store.storeFlags(mailbox, uids, update);
    }
    return mailboxes
        .rights(mailbox)
        .chain(
            rights -> {
              var allowed = permitted(update.flags(), rights);
              boolean none = !rights.hasAny(FLAGS) || isAllRefused(update, allowed);
              if (none) {
                SharedMailboxes.require(name(mailbox), rights, FLAGS);
              }
              return store.storeFlags(
                  mailbox, uids, update.within(FlagsUpdate.changeableBy(rights), allowed));
            });
  }

  /** RFC 4314 §4: refused only if none of the flags may be changed. */
  private static boolean isAllRefused(FlagsUpdate update, Flags allowed) {
    return !update.flags().equals(Flags.NONE) && allowed.equals(Flags.NONE);
  }

  @Override
  public Uni<Copied> copy(MailboxKey from, NumberSet uids, Destination to) {
    return transfer(from, to, store::copy, (uid, target) -> across.copy(from, uid, target), uids);
  }

  @Override
  public Uni<Copied> move(MailboxKey from, NumberSet uids, Destination to) {
    return permitted(from, REMOVE)
        .chain(
            () ->
                transfer(
                    from,
                    to,
                    store::move,
                    (uid, target) ->
                        across
                            .copy(from, uid, target)
                            .chain(
                                copied ->
                                    copied.from().isEmpty()
                                        ? Uni.createFrom().item(copied)
                                        : removed(from, copied)),
                    uids));
  }

  /** When the removal fails both are there: none is lost. */
  private Uni<Copied> removed(MailboxKey from, Copied copied) {
    return store
        .remove(from, copied.from())
        .map(
            source ->
                new Copied(
                    copied.mailbox(),
                    copied.uidValidity(),
                    copied.from(),
                    copied.to(),
                    copied.target(),
                    Optional.of(source)));
  }

  /** Within one account the store does it all, unless flags are to be left out. */
  private Uni<Copied> transfer(
      MailboxKey from,
      Destination to,
      Within within,
      BiFunction<NumberSet, AcrossAccounts.Target, Uni<Copied>> beyond,
      NumberSet uids) {
    return target(to)
        .chain(
            target ->
                from.account().equals(target.to.account()) && target.rights.has(FLAGS)
                    ? within.run(from, uids, target.to)
                    : beyond.apply(uids, new AcrossAccounts.Target(target.to, target.rights)));
  }

  /** COPY or MOVE of the store. */
  private interface Within {
    Uni<Copied> run(MailboxKey from, NumberSet uids, Destination to);
  }

  @Override
  public Uni<Changed> expunge(MailboxKey mailbox, Optional<NumberSet> uids) {
    return permitted(mailbox, EXPUNGE).chain(() -> store.expunge(mailbox, uids));
  }

  @Override
  public Uni<Changed> remove(MailboxKey mailbox, NumberSet uids) {
    return permitted(mailbox, REMOVE).chain(() -> store.remove(mailbox, uids));
  }
}
