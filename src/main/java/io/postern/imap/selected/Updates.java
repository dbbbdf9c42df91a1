package io.postern.imap.selected;

import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.response.Untagged;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.Keywords;
import io.postern.store.Mailboxes;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.List;
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
   */
  public Uni<Void> send(View view, Scope scope, boolean fresh) {
    if (scope == Scope.NOTHING) {
      return Uni.createFrom().voidItem();
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
  public Uni<Void> catchUp(View view) {
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
              return sendAll(view);
            });
  }

  /** Sends all updates known to exist, as {@link #catchUp} does. */
  public Uni<Void> sendAll(View view) {
    if (view.isHintedGone()) {
      return catchUp(view);
    }
    return view.isUpToDate()
        ? Uni.createFrom().voidItem()
        : index(view, false).chain(index -> send(view, index, Scope.ALL));
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
    if (index.modSeq().equals(view.sent())) {
      return Uni.createFrom().voidItem();
    }
    meter.caughtUp(index.modSeq().value() - view.sent().value());
    keywords(view, index);
    int known = view.present(index);
    var changed =
        index
            .changedSince(view.sent())
            .filter(at -> at < known && !view.isOwn(index.modSeqAt(at), index.uid(at)))
            .toArray();
    long before = view.uidNext();
    boolean arrived = index.uidNext() > before;
    var news = view.followed().isEmpty() ? NumberSet.EMPTY : news(view, index);
    return reply
        .each(changed.length, i -> flags(view, index, changed[i]))
        .invoke(
            () -> {
              // From here on EXISTS and RECENT include the new messages.
              view.allSent(index);
              if (arrived) {
                reply.send(new Untagged.Exists(view.exists(index)));
                if (view.isClaimed(before)) {
                  reply.send(new Untagged.Recent(view.recent(index)));
                } else {
                  view.recentMessages().arrived();
                }
              }
            })
        .chain(() -> view.followed().changed(index, news));
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
    long bits = Arrays.stream(changed.changed().flags()).reduce(0, (a, b) -> a | b);
    var keywords = changed.keywords();
    if (!view.keywordsSent().containsAll(keywords.unpack(bits).keywords())) {
      // Only these messages were read: keywords sent before may be in use elsewhere.
      long before = keywords.pack(Flags.of(List.of(), view.keywordsSent()));
      sendKeywords(view, keywords, bits | before);
    }
  }

  /** Sends FLAGS for the whole mailbox, also when it changed whether keywords can be created. */
  private void keywords(View view, MailboxIndex index) {
    var sent = view.keywordsSent();
    var inUse = index.keywords().unpack(index.flagsInUse()).keywords();
    boolean open = inUse.size() < Keywords.MAX;
    if (!sent.containsAll(inUse) || (!view.readOnly() && open != sent.size() < Keywords.MAX)) {
      sendKeywords(view, index.keywords(), index.flagsInUse());
    }
  }

  private void sendKeywords(View view, Keywords keywords, long bits) {
    sendFlags(keywords, bits, view.changeable(), reply);
    view.sentKeywords(keywords.unpack(bits).keywords());
  }

  /**
   * Sends the FLAGS and PERMANENTFLAGS lines of SELECT (RFC 3501 §6.3.1).
   *
   * @param bits of the keywords that messages have
   * @param changeable packed flags that the client can change
   */
  public static void sendFlags(
      Keywords keywords, long bits, long changeable, ResponseWriter reply) {
    long all = bits | (1L << Keywords.FIRST_BIT) - 1;
    // RFC 3501 §7.1: \* says that new keywords can be created.
    boolean any =
        (changeable & 1L << Keywords.FIRST_BIT) != 0
            && keywords.unpack(all).keywords().size() < Keywords.MAX;
    var permanent = new ResponseCode.PermanentFlags(all & changeable, keywords, any);
    var text = changeable == 0 ? "No flag can be changed." : "These can be changed.";
    reply.send(new Untagged.Flags(all, keywords));
    reply.send(StatusResponse.of(Condition.OK, permanent, text));
  }
}
