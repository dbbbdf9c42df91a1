package io.postern.imap.notify;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.selected.Notifications;
import io.postern.imap.selected.SelectedEvents;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ImapPorts;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.push.Hint;
import io.postern.store.Annotations.Version;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The mailboxes of which a client wants to hear (RFC 5465), and what it was sent of each. A STATUS
 * response is sent when the counters differ from those sent before, a LIST response when names or
 * subscriptions differ from those known before: so hints may be lost, doubled or late, and what
 * happens while a client reads slowly is sent to it as one change.
 */
public final class WatchedMailboxes implements Notifications {
  private static final Uni<Void> NOTHING = Uni.createFrom().voidItem();

  private final CommandContext context;
  private final AccountId account;
  private final EventFilter filter;

  private final KnownNames names;
  private final KnownAnnotations annotations;
  private final KnownStatuses statuses;
  private final WatchedAccounts others;

  /** Mailboxes whose counters are to be read. */
  private final Set<MailboxKey> changed = new HashSet<>();

  /** Whether names, subscriptions and all counters are to be read. */
  private boolean stale;

  /** Whether they are being read: hints may be about mailboxes that become known with them. */
  private boolean reading;

  /**
   * Watches the mailboxes of a filter.
   *
   * @param context of the command that asks for it
   * @param before what the client heard of until now: what it was sent remains valid
   */
  public WatchedMailboxes(
      CommandContext context,
      AccountId account,
      EventFilter filter,
      Optional<WatchedMailboxes> before) {
    this.context = context;
    this.account = account;
    this.filter = filter;
    this.names = new KnownNames(filter);
    this.statuses = new KnownStatuses(context, names);
    this.others = new WatchedAccounts(context.ports().hints(), context.listener());
    this.annotations = new KnownAnnotations(filter, names);
    before.ifPresent(
        it -> {
          statuses.takeOver(it.statuses);
          names.takeOver(it.names);
          annotations.takeOver(it.annotations);
        });
  }

  /** What the client asked for. */
  EventFilter filter() {
    return filter;
  }

  /** What the client of this command hears of now. */
  public static Optional<WatchedMailboxes> watched(CommandContext context) {
    return context
        .listener()
        .notifications()
        .filter(WatchedMailboxes.class::isInstance)
        .map(WatchedMailboxes.class::cast);
  }

  /**
   * Reads the mailboxes as they are now. From now on hints are heard.
   *
   * @param status whether to send the counters of all of them (RFC 5465 §3.1)
   * @return false if there are too many
   */
  public Uni<Boolean> start(boolean status) {
    return read()
        .chain(
            now -> {
              var states = KnownStatuses.watched(now, filter);
              if (isTooMuch(now, states)) {
                return Uni.createFrom().item(false);
              }
              context.view().ifPresent(view -> expect(view, now));
              if (!status) {
                statuses.expect(states);
              }
              stale = follow(now) || stale;
              return replace(now, states, status).replaceWith(true);
            });
  }

  /** The selected mailbox is not read again to see whether it has changed. */
  private void expect(View view, MailboxNames now) {
    Optional.ofNullable(now.states().get(view.mailbox().mailbox()))
        .ifPresent(state -> context.listener().changed(view.mailbox(), state.highestModSeq()));
  }

  @Override
  public boolean hinted(Hint hint) {
    var mailbox = hint.mailbox();
    if (!isOwn(mailbox) && !filter.concernsOthers()) {
      return false;
    }
    if (hint.isAboutAnnotations()) {
      return isOwn(mailbox) && annotations.hinted();
    }
    if (hint.isAboutNames()) {
      stale = true;
      return true;
    }
    var name = name(mailbox);
    if (name.isEmpty() && reading) {
      changed.add(mailbox);
      return true;
    }
    if (!hasEvents(mailbox)
        || context.listener().isSelected(mailbox)
        || statuses.isKnown(name.get(), hint.modSeq())) {
      return false;
    }
    changed.add(mailbox);
    return true;
  }

  /** Whether the client hears when messages of the mailbox change. */
  private boolean hasEvents(MailboxKey mailbox) {
    return name(mailbox).filter(name -> names.events(name).messages()).isPresent();
  }

  private boolean isOwn(MailboxKey mailbox) {
    return mailbox.account().equals(account);
  }

  private Optional<MailboxName> name(MailboxKey mailbox) {
    return names.of(mailbox.mailbox());
  }

  @Override
  public void resync() {
    stale = true;
  }

  @Override
  public boolean isPending() {
    return stale || !changed.isEmpty() || annotations.isPending();
  }

  @Override
  public void changed(OwnChange change) {
    switch (change) {
      case OwnChange.Created(var mailbox)
          when !isOwn(mailbox.key()) && !filter.concernsOthers() -> {
        // It is not watched.
      }
      case OwnChange.Created(var mailbox) -> {
        names.created(mailbox);
        statuses.created(mailbox);
      }
      case OwnChange.Deleted(var mailbox) ->
          names.deleted(mailbox.mailbox()).ifPresent(statuses::deleted);
      case OwnChange.Renamed(var from, var to) -> names.renamed(from, to, statuses::renamed);
      case OwnChange.Subscription(var name, boolean on) -> names.subscribed(name, on);
      case OwnChange.Annotated it when it.subject().account().equals(account) ->
          annotations.annotated(it);
      case OwnChange.Annotated _ -> {
        // It is not watched.
      }
    }
  }

  @Override
  public void written(MailboxKey mailbox, Changed change) {
    name(mailbox).ifPresent(name -> statuses.written(name, change));
  }

  @Override
  public void left(View view) {
    name(view.mailbox())
        .filter(name -> names.events(name).messages())
        .ifPresent(
            name -> {
              statuses.left(name, view);
              if (!view.isUpToDate()) {
                changed.add(view.mailbox());
              }
            });
  }

  @Override
  public Uni<Void> send() {
    if (stale) {
      stale = false;
      changed.clear();
      return readAll().onFailure().invoke(() -> stale = true);
    }
    var which = changed.stream().filter(this::hasEvents).toList();
    changed.clear();
    return Uni.combine()
        .all()
        .unis(states(which), annotations.readPending(ports().annotations(), account))
        .asTuple()
        .chain(
            now ->
                // A mailbox may have another name than this session knows.
                stale
                    ? send()
                    : statuses
                        .send(statuses.watched(now.getItem1()), false)
                        .chain(() -> sendPending(now.getItem2())))
        .onFailure()
        .invoke(() -> stale = true)
        .onFailure(WatchedMailboxes::isGone)
        .recoverWithUni(this::send);
  }

  /** A mailbox was removed, and the hint of it has not come yet. */
  private static boolean isGone(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
  }

  /** One statement, however many mailboxes have changed, and more if some are of others. */
  private Uni<Map<MailboxId, MailboxState>> states(List<MailboxKey> which) {
    if (which.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    var one = which.getFirst();
    return which.size() == 1
        ? ports().mailboxes().state(one).map(state -> Map.of(one.mailbox(), state))
        : ports().mailboxes().states(account);
  }

  private ImapPorts ports() {
    return context.ports();
  }

  private Uni<MailboxNames> read() {
    reading = true;
    return MailboxNames.read(ports(), account, filter.concernsOthers(), annotations)
        .onTermination()
        .invoke(() -> reading = false);
  }

  /**
   * Counters may be of later than the names that were read before them. If names were changed
   * meanwhile, all is read again; once, since others may go on changing them.
   */
  private Uni<Void> readAll() {
    return read()
        .chain(
            now -> {
              if (!stale) {
                return update(now);
              }
              stale = false;
              changed.clear();
              return read().chain(this::update);
            });
  }

  @Override
  public void close() {
    others.close();
  }

  private boolean isTooMuch(MailboxNames now, Map<MailboxName, KnownStatuses.Counters> watched) {
    return watched.size() > MailboxNames.MAX
        || (filter.all().names() && now.list().size() > MailboxNames.MAX)
        || now.annotations().size() > MailboxNames.MAX
        || now.accounts(filter).size() > WatchedAccounts.MAX
        || (filter.all().annotations() && now.list().size() > MailboxNames.MAX)
        || (filter.needsSubscriptions() && now.subscriptions().size() > MailboxNames.MAX);
  }

  private Uni<Void> update(MailboxNames now) {
    var states = KnownStatuses.watched(now, filter);
    if (isTooMuch(now, states)) {
      overflow();
      return NOTHING;
    }
    boolean missed = follow(now);
    return replace(now, states, false).chain(() -> missed ? readAll() : NOTHING);
  }

  /** Watches the accounts of the mailboxes; returns whether hints of one may have been missed. */
  private boolean follow(MailboxNames now) {
    var accounts = now.accounts(filter);
    accounts.remove(account);
    return others.follow(accounts);
  }

  /** RFC 5465 §5.8: as if the client had sent NOTIFY NONE. */
  void overflow() {
    context.listener().notifications(Optional.empty());
    if (context.connectionState().updatesBetweenCommands() || !filter.isOfAnnotations()) {
      context.updates().events(SelectedEvents.NONE);
    }
    context
        .reply()
        .send(
            StatusResponse.of(
                Condition.OK,
                new ResponseCode.Atom("NOTIFICATIONOVERFLOW"),
                "There are more than "
                    + MailboxNames.MAX
                    + " of what is watched: nothing is sent any more."));
  }

  /** Sends what differs from what was known before; the present names take their place. */
  private Uni<Void> replace(
      MailboxNames now, Map<MailboxName, KnownStatuses.Counters> states, boolean allStatuses) {
    var listed = names.replace(now, states.keySet(), context.extensions());
    statuses.retain(states);
    return context
        .reply()
        .each(listed.size(), i -> context.reply().send(listed.get(i)))
        .chain(() -> statuses.send(states, allStatuses))
        .chain(() -> sendAnnotations(Optional.of(now.annotations())));
  }

  /** The same of annotations that were read without the names of their mailboxes. */
  private Uni<Void> sendPending(Optional<List<Version>> now) {
    return now.filter(annotations::lacksSome).isPresent() ? readAll() : sendAnnotations(now);
  }

  /** Sends what has changed of annotations that were read. */
  private Uni<Void> sendAnnotations(Optional<List<Version>> now) {
    if (now.filter(it -> it.size() > MailboxNames.MAX).isPresent()) {
      overflow();
      return NOTHING;
    }
    var responses = now.map(annotations::replace).orElse(List.of());
    return context.reply().each(responses.size(), i -> context.reply().send(responses.get(i)));
  }
}
