package io.postern.imap.selected;

import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.response.Untagged;
import io.postern.model.NumberSet;
import io.postern.store.Mailboxes;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/**
 * Sends a client the changes of its selected mailbox since the last update (RFC 3501 §5.2, §7.3,
 * §7.4): the difference between its view and the index. Push, NOOP and the end of every command use
 * it.
 */
public final class Updates {
  private final MailboxIndexes indexes;
  private final Supplier<Mailboxes> mailboxes;
  private final ResponseWriter reply;
  private final UpdateMeter meter;
  private final KeywordUpdates keywords;
  private SelectedEvents events = SelectedEvents.ALL;

  /** Which updates may be sent (RFC 3501 §5.5, §7.4.1). */
  public enum Scope {
    /** None: the command left the mailbox. */
    NOTHING,
    /** New messages and flags, no EXPUNGE: the command used sequence numbers. */
    WITHOUT_EXPUNGE,
    /** All updates. */
    ALL
  }

  /**
   * @param mailboxes as the present user of the session sees them
   */
  public Updates(
      MailboxIndexes indexes,
      Supplier<Mailboxes> mailboxes,
      ResponseWriter reply,
      UpdateMeter meter) {
    this.indexes = indexes;
    this.mailboxes = mailboxes;
    this.reply = reply;
    this.meter = meter;
    this.keywords = new KeywordUpdates(reply);
  }

  /** Sends these events from now on. */
  public void events(SelectedEvents wanted) {
    events = wanted;
  }

  /** Which updates may be sent while no command runs. */
  Scope betweenCommands() {
    return events.betweenCommands();
  }

  /**
   * The index that a command reads until it asks for the next one; the view has noticed it.
   *
   * @param fresh whether to read the mailbox's state from the store first; otherwise the cached
   *     index serves, if it holds all changes that the session knows of
   */
  public Uni<MailboxIndex> index(View view, boolean fresh) {
    var cached = indexes.peek(view.mailbox()).filter(i -> !fresh && view.accepts(i.modSeq()));
    return cached
        .map(index -> Uni.createFrom().item(index))
        .orElseGet(() -> indexes.current(view.mailbox()))
        .chain(index -> noticed(view, index));
  }

  private Uni<MailboxIndex> noticed(View view, MailboxIndex index) {
    if (!index.uidValidity().equals(view.uidValidity())) {
      return renewed();
    }
    if (index.modSeq().equals(view.noticed())) {
      return Uni.createFrom().item(index);
    }
    return indexes
        .goneSince(view.mailbox(), view.noticed())
        .invoke(removed -> view.notice(index, removed))
        .replaceWith(index);
  }

  /**
   * The mailbox got another UIDVALIDITY while it was selected. RFC 3501 §2.3.1.1: it must not
   * change within a session, so for this session the mailbox it knows is gone.
   */
  private static <T> Uni<T> renewed() {
    return Uni.createFrom().failure(new StoreException(new StoreFailure.MailboxGone()));
  }

  /**
   * Sends the updates of that scope.
   *
   * @param fresh whether to read the mailbox's state from the store first
   * @param changed whether the command itself has changed which messages there are
   */
  public Uni<Void> send(View view, Scope scope, boolean fresh, boolean changed) {
    if (scope == Scope.NOTHING) {
      return Uni.createFrom().voidItem();
    }
    if (!events.messages()) {
      // What the client has expunged itself answers its command, and is no event.
      return changed && scope == Scope.ALL
          ? index(view, false).chain(index -> expunges(view, index))
          : Uni.createFrom().voidItem();
    }
    if (!fresh && view.isUpToDate()) {
      return claim(view);
    }
    return fresh && !view.isUpToDate() && !view.readOnly()
        ? sendClaimed(view, scope)
        : index(view, fresh).chain(index -> send(view, index, scope)).call(() -> claim(view));
  }

  /**
   * Sends the updates of a mailbox that has changed, as a hint has announced. New messages are
   * claimed by a statement that is sent beside the one that reads them: one trip in all. Messages
   * that only one of the two has seen are claimed behind them.
   */
  private Uni<Void> sendClaimed(View view, Scope scope) {
    return Uni.combine()
        .all()
        .unis(index(view, true), claimed(view))
        .asTuple()
        .chain(
            both -> {
              var state = both.getItem1().state();
              boolean allClaimed = state.firstRecent() >= state.uidNext();
              view.claimed(both.getItem2());
              return send(view, both.getItem1(), scope)
                  .call(() -> allClaimed ? recent(view, NumberSet.EMPTY) : claim(view));
            });
  }

  /** None if they cannot be claimed: they stay recent for the next session. */
  private Uni<NumberSet> claimed(View view) {
    return mailboxes.get().claimRecent(view.mailbox()).onFailure().recoverWithItem(NumberSet.EMPTY);
  }

  private Uni<Void> send(View view, MailboxIndex index, Scope scope) {
    return switch (scope) {
      case NOTHING -> Uni.createFrom().voidItem();
      case WITHOUT_EXPUNGE -> changes(view, index);
      case ALL -> expunges(view, index).chain(() -> changes(view, index));
    };
  }

  /**
   * Sends all updates, if there are any, but for the number of recent messages, which the next
   * command sends: a claim writes, and a push must not. Without any it costs one read by primary
   * key, whether the mailbox's index is cached or not.
   */
  public Uni<Void> catchUp(View view, Scope scope) {
    if (scope == Scope.NOTHING || !events.messages()) {
      return Uni.createFrom().voidItem();
    }
    return mailboxes
        .get()
        .state(view.mailbox())
        .chain(
            state -> {
              if (!state.uidValidity().equals(view.uidValidity())) {
                return renewed();
              }
              if (view.isHintedGone()) {
                view.present(state.highestModSeq());
              }
              if (view.standsAt(state)) {
                return Uni.createFrom().voidItem();
              }
              view.expect(state.highestModSeq());
              return sendKnown(view, scope);
            });
  }

  /** Sends all updates known to exist, as {@link #catchUp} does. */
  public Uni<Void> sendKnown(View view, Scope scope) {
    if (view.isHintedGone()) {
      return catchUp(view, scope);
    }
    if (scope == Scope.NOTHING || !events.messages() || view.isUpToDate()) {
      return Uni.createFrom().voidItem();
    }
    return index(view, false)
        .chain(
            index -> {
              boolean expunges = !view.gone().isEmpty();
              return send(view, index, scope)
                  .invoke(
                      () -> {
                        if (scope != Scope.ALL) {
                          limitModSeq(view);
                        } else if (expunges) {
                          raiseModSeq(view);
                        }
                      });
            });
  }

  /**
   * If expunges were sent by UID, which have no mod-sequence of their own, sends the one up to
   * which the client lacks nothing, unless it was shown: some clients take up changes only when it
   * grows.
   */
  private void raiseModSeq(View view) {
    if (reply.showsVanished()
        && reply.showsModSeq()
        && reply.modSeqShown() < view.complete().value()) {
      sendHighestModSeq(view);
    }
  }

  /**
   * If the client was shown a mod-sequence, and lacks an earlier change, sends the mod-sequence up
   * to which it lacks none: otherwise it would not ask for that change after a disconnect (RFC 7162
   * §3.2).
   */
  public void limitModSeq(View view) {
    if (reply.modSeqShown() > view.complete().value()) {
      sendHighestModSeq(view);
    }
  }

  /** Sends the mod-sequence up to which the client was sent every change. */
  public void sendHighestModSeq(View view) {
    reply.send(
        StatusResponse.of(Condition.OK, highestModSeq(view), "All changes up to here were sent."));
  }

  /** The mod-sequence up to which the client was sent every change. */
  public static ResponseCode highestModSeq(View view) {
    return new ResponseCode.Numeric("HIGHESTMODSEQ", view.complete().value());
  }

  /**
   * If new messages were sent to this session, claims them as {@code \Recent} in it (RFC 3501
   * §2.3.2), and sends how many it has. The claim writes: so the new messages are sent before it,
   * and if it fails, they stay recent for the next session.
   */
  private Uni<Void> claim(View view) {
    return !view.recentMessages().hasArrivals()
        ? Uni.createFrom().voidItem()
        : view.readOnly()
            ? recent(view, NumberSet.EMPTY)
            : claimed(view).chain(claimed -> recent(view, claimed));
  }

  /** If new messages were sent, sends how many are recent, with these that were claimed. */
  private Uni<Void> recent(View view, NumberSet claimed) {
    if (!view.recentMessages().hasArrivals()) {
      return Uni.createFrom().voidItem();
    }
    view.recentMessages().claim(claimed);
    return index(view, false)
        .invoke(index -> reply.send(new Untagged.Recent(view.recent(index))))
        .replaceWithVoid();
  }

  private Uni<Void> expunges(View view, MailboxIndex index) {
    if (view.gone().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    view.followed().gone(index, view.gone());
    return reply.sendExpunged(view.gone(), uid -> view.number(index, uid)).invoke(view::goneSent);
  }

  private Uni<Void> changes(View view, MailboxIndex index) {
    long before = view.uidNext();
    boolean arrived = index.uidNext() > before;
    if (index.modSeq().equals(view.sent()) || (!events.flags() && !arrived)) {
      return newMessages(view, index);
    }
    meter.caughtUp(index.modSeq().value() - view.sent().value());
    keywords.send(view, index);
    int known = view.present(index);
    int[] changed =
        events.flags()
            ? index
                .changedSince(view.sent())
                .filter(at -> at < known && !view.isOwn(index.modSeqAt(at), index.uid(at)))
                .toArray()
            : new int[0];
    var news = view.followed().isEmpty() ? NumberSet.EMPTY : news(view, index);
    return reply
        .each(changed.length, i -> flags(view, index, changed[i]))
        .invoke(
            () -> {
              // From here on EXISTS and RECENT include the new messages.
              if (events.flags()) {
                view.allSent(index);
              } else {
                view.arrivalsSent(index);
              }
              if (arrived) {
                arrived(view, index, before);
              }
            })
        .chain(() -> view.followed().changed(index, before, news))
        .chain(() -> newMessages(view, index));
  }

  private void arrived(View view, MailboxIndex index, long from) {
    reply.send(new Untagged.Exists(view.exists(index)));
    if (view.isClaimed(from)) {
      reply.send(new Untagged.Recent(view.recent(index)));
    } else {
      view.recentMessages().arrived();
    }
    view.newMessages()
        .arrived(NumberSet.range(from, index.uidNext() - 1), events.fetch().isPresent());
  }

  /** RFC 5465 §5.2: sends the data of new messages that the client asked for. */
  private Uni<Void> newMessages(View view, MailboxIndex index) {
    var uids = view.newMessages().unsent();
    return uids.isEmpty() || events.fetch().isEmpty()
        ? Uni.createFrom().voidItem()
        : events.fetch().get().send(view, index, uids).invoke(() -> view.newMessages().sent(uids));
  }

  /** The messages that are new to the client or have changed, also by the client itself. */
  private static NumberSet news(View view, MailboxIndex index) {
    var news = new NumberSet.Builder();
    index.changedSince(view.sent()).forEach(at -> news.add(index.uid(at)));
    return news.build();
  }

  private void flags(View view, MailboxIndex index, int at) {
    long uid = index.uid(at);
    var flags = new FetchData.FlagList(index.flags(at), index.keywords(), view.isRecent(uid));
    reply.send(
        new Untagged.MessageFlags(view.number(index, uid), uid, true, flags, index.modSeqAt(at)));
  }

  /** RFC 3501 §7.2.6: sends FLAGS with new keywords before they appear on a message. */
  public void keywords(View view, Changed changed) {
    keywords.send(view, changed);
  }

  /** The same, before a command shows flags of the index that no update has sent. */
  public void keywords(View view, MailboxIndex index) {
    if (!index.modSeq().equals(view.sent())) {
      keywords.send(view, index);
    }
  }
}
