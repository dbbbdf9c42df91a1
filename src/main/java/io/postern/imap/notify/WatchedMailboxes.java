package io.postern.imap.notify;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.response.Untagged;
import io.postern.imap.selected.Notifications;
import io.postern.imap.selected.SelectedEvents;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.push.Hint;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
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
  /** The most mailboxes, and the most subscriptions, that are kept for one session. */
  static final int MAX = 2_000;

  private final CommandContext context;
  private final AccountId account;
  private final EventFilter filter;

  private final KnownNames names;
  private final Map<MailboxName, SentStatus> sent = new HashMap<>();

  /** Mailboxes whose counters are to be read. */
  private final Set<MailboxId> changed = new HashSet<>();

  /** Whether names, subscriptions and all counters are to be read. */
  private boolean stale;

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
    before.ifPresent(
        it -> {
          sent.putAll(it.sent);
          names.takeOver(it.names);
        });
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
              var states = watched(now);
              if (isTooMuch(now, states)) {
                return Uni.createFrom().item(false);
              }
              context.view().ifPresent(view -> expect(view, now));
              if (status) {
                sent.clear();
              } else {
                states.forEach(
                    (name, it) -> sent.computeIfAbsent(name, _ -> SentStatus.of(it.state())));
              }
              return replace(now, states, status).replaceWith(true);
            });
  }

  /** A mailbox's counters. */
  private record Counters(MailboxKey mailbox, MailboxState state) {}

  /** The selected mailbox is not read again to see whether it has changed. */
  private void expect(View view, MailboxNames now) {
    Optional.ofNullable(now.states().get(view.mailbox().mailbox()))
        .ifPresent(state -> context.listener().changed(view.mailbox(), state.highestModSeq()));
  }

  @Override
  public boolean hinted(Hint hint) {
    var id = hint.mailbox().mailbox();
    if (!isOwn(hint.mailbox())) {
      return false;
    }
    if (hint.isAboutNames()) {
      stale = true;
      return true;
    }
    var name = names.of(id);
    if (name.isEmpty()
        || context.listener().isSelected(hint.mailbox())
        || !names.events(name.get()).messages()
        || name.map(sent::get).filter(it -> !hint.modSeq().isAfter(it.modSeq())).isPresent()) {
      return false;
    }
    changed.add(id);
    return true;
  }

  /** RFC 5465 §6.2: those that others share with the user are not in a personal namespace. */
  private boolean isOwn(MailboxKey mailbox) {
    return mailbox.account().equals(account);
  }

  @Override
  public void resync() {
    stale = true;
  }

  @Override
  public boolean isPending() {
    return stale || !changed.isEmpty();
  }

  @Override
  public void changed(OwnChange change) {
    switch (change) {
      case OwnChange.Created(var mailbox) when !isOwn(mailbox.key()) -> {
        // It is not watched.
      }
      case OwnChange.Created(var mailbox) -> {
        names.created(mailbox);
        sent.put(mailbox.name(), SentStatus.empty(mailbox.uidValidity()));
      }
      case OwnChange.Deleted(var mailbox) ->
          names.deleted(mailbox.mailbox()).ifPresent(sent::remove);
      case OwnChange.Renamed(var from, var to) ->
          names.renamed(
              from,
              to,
              (old, now) ->
                  Optional.ofNullable(sent.remove(old)).ifPresent(it -> sent.put(now, it)));
      case OwnChange.Subscription(var name, boolean on) -> names.subscribed(name, on);
    }
  }

  @Override
  public void written(MailboxKey mailbox, Changed change) {
    var name = isOwn(mailbox) ? names.of(mailbox.mailbox()) : Optional.<MailboxName>empty();
    boolean only =
        change.state().highestModSeq().equals(change.modSeq())
            && name.map(sent::get).filter(it -> it.modSeq().equals(change.previous())).isPresent();
    if (only) {
      sent.put(name.get(), SentStatus.of(change.state()));
    }
  }

  @Override
  public void left(View view) {
    var name =
        isOwn(view.mailbox()) ? names.of(view.mailbox().mailbox()) : Optional.<MailboxName>empty();
    var events = name.map(names::events).orElse(Events.NONE);
    if (events.messages()) {
      sent.put(name.orElseThrow(), SentStatus.of(view, events));
      if (!view.isUpToDate()) {
        changed.add(view.mailbox().mailbox());
      }
    }
  }

  @Override
  public Uni<Void> send() {
    if (stale) {
      stale = false;
      changed.clear();
      return read().chain(this::update).onFailure().invoke(() -> stale = true);
    }
    var ids = List.copyOf(changed);
    changed.clear();
    return states(ids)
        .chain(states -> sendStatuses(named(states), false))
        .onFailure()
        .invoke(() -> stale = true)
        .onFailure(WatchedMailboxes::isGone)
        .recoverWithUni(this::send);
  }

  /** A mailbox was removed, and the hint of it has not come yet. */
  private static boolean isGone(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
  }

  /** One statement, however many mailboxes have changed. */
  private Uni<Map<MailboxId, MailboxState>> states(List<MailboxId> ids) {
    var mailboxes = context.ports().mailboxes();
    return ids.size() == 1
        ? mailboxes
            .state(new MailboxKey(account, ids.getFirst()))
            .map(state -> Map.of(ids.getFirst(), state))
        : mailboxes.states(account);
  }

  private Map<MailboxName, Counters> named(Map<MailboxId, MailboxState> states) {
    var named = new HashMap<MailboxName, Counters>();
    states.forEach(
        (id, state) ->
            names
                .of(id)
                .filter(name -> names.events(name).messages())
                .ifPresent(
                    name -> named.put(name, new Counters(new MailboxKey(account, id), state))));
    return named;
  }

  /** Three statements, sent together. */
  private Uni<MailboxNames> read() {
    var mailboxes = context.ports().mailboxes();
    return Uni.combine()
        .all()
        .unis(mailboxes.list(account), mailboxes.subscriptions(account), mailboxes.states(account))
        .with(
            (all, subscriptions, states) ->
                new MailboxNames(
                    all.stream().filter(mailbox -> isOwn(mailbox.key())).toList(),
                    subscriptions,
                    states));
  }

  /** The mailboxes of which the client hears when their messages change. */
  private Map<MailboxName, Counters> watched(MailboxNames now) {
    var watched = new HashMap<MailboxName, Counters>();
    if (filter.all().messages()) {
      for (var mailbox : now.list()) {
        var name = mailbox.name();
        var state = Optional.ofNullable(now.states().get(mailbox.key().mailbox()));
        if (state.isPresent() && filter.of(name, now.subscriptions().contains(name)).messages()) {
          watched.put(name, new Counters(mailbox.key(), state.get()));
        }
      }
    }
    return watched;
  }

  private boolean isTooMuch(MailboxNames now, Map<MailboxName, Counters> watched) {
    return watched.size() > MAX
        || (filter.all().names() && now.list().size() > MAX)
        || (filter.needsSubscriptions() && now.subscriptions().size() > MAX);
  }

  private Uni<Void> update(MailboxNames now) {
    var states = watched(now);
    if (isTooMuch(now, states)) {
      overflow();
      return Uni.createFrom().voidItem();
    }
    return replace(now, states, false);
  }

  /** RFC 5465 §5.8: as if the client had sent NOTIFY NONE. */
  private void overflow() {
    context.listener().notifications(Optional.empty());
    context.updates().events(SelectedEvents.NONE);
    context
        .reply()
        .send(
            StatusResponse.of(
                Condition.OK,
                new ResponseCode.Atom("NOTIFICATIONOVERFLOW"),
                "There are more than " + MAX + " mailboxes to watch: nothing is sent any more."));
  }

  /** Sends what differs from what was known before; the present names take their place. */
  private Uni<Void> replace(
      MailboxNames now, Map<MailboxName, Counters> states, boolean allStatuses) {
    var listed = names.replace(now, states.keySet(), context.extensions());
    sent.keySet().retainAll(states.keySet());
    return context
        .reply()
        .each(listed.size(), i -> context.reply().send(listed.get(i)))
        .chain(() -> sendStatuses(states, allStatuses));
  }

  private Uni<Void> sendStatuses(Map<MailboxName, Counters> states, boolean all) {
    var sorted = states.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    return context
        .reply()
        .each(
            sorted.size(),
            i -> {
              var counters = sorted.get(i).getValue();
              if (!context.listener().isSelected(counters.mailbox())) {
                sendStatus(sorted.get(i).getKey(), counters.state(), all);
              }
            });
  }

  private void sendStatus(MailboxName name, MailboxState now, boolean always) {
    var events = names.events(name);
    boolean modSeqs = context.reply().showsModSeq();
    var before = Optional.ofNullable(sent.put(name, SentStatus.of(now)));
    // A mailbox of which the client has not heard, and that never had a message, is no news.
    boolean differs = before.map(it -> it.differs(now, events, modSeqs)).orElse(now.uidNext() > 1);
    if (always || differs) {
      // RFC 5465 §3.1: the first one has the mod-sequence, whatever is enabled.
      boolean shown = modSeqs || (always && events.flags() && supportsModSeq());
      context.reply().send(new Untagged.MailboxStatus(name, SentStatus.items(now, events, shown)));
    }
  }

  private boolean supportsModSeq() {
    return context.extensions().statusItem("HIGHESTMODSEQ").isPresent();
  }
}
