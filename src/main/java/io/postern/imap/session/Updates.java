package io.postern.imap.session;

import io.postern.imap.grammar.ResponseText;
import io.postern.model.Flags;
import io.postern.model.Keywords;
import io.postern.model.NumberSet;
import io.postern.store.Mailboxes;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.List;

/**
 * Sends a client the changes of its selected mailbox since the last update (RFC 3501 §5.2, §7.3,
 * §7.4): the difference between its view and the index. Push, NOOP and the end of every command use
 * it.
 */
public final class Updates {
  private final MailboxIndexes indexes;
  private final Mailboxes mailboxes;
  private final ImapPorts.CommandLog log;

  public Updates(MailboxIndexes indexes, Mailboxes mailboxes, ImapPorts.CommandLog log) {
    this.indexes = indexes;
    this.mailboxes = mailboxes;
    this.log = log;
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

  /** Sends the updates that the verb allows, from the index that was noticed last. */
  public Uni<Void> send(View view, MailboxIndex index, Verb.Updating tell, ResponseWriter reply) {
    return switch (tell) {
      case NOTHING -> Uni.createFrom().voidItem();
      case WITHOUT_EXPUNGE -> changes(view, index, reply);
      case ALL -> expunges(view, index, reply).chain(() -> changes(view, index, reply));
    };
  }

  /**
   * Sends all updates, if there are any. Without any it costs one read by primary key, whether the
   * mailbox's index is cached or not.
   */
  public Uni<Void> catchUp(View view, ResponseWriter reply) {
    return mailboxes
        .state(view.mailbox())
        .chain(
            state -> {
              if (!state.uidValidity().equals(view.uidValidity())) {
                return renewed();
              }
              if (view.standsAt(state)) {
                return Uni.createFrom().voidItem();
              }
              view.expect(state.highestModSeq());
              return sendAll(view, reply);
            });
  }

  /** Sends all updates known to exist. */
  public Uni<Void> sendAll(View view, ResponseWriter reply) {
    return index(view, false).chain(index -> send(view, index, Verb.Updating.ALL, reply));
  }

  /** Descending, so that no number sent before changes by one sent after. */
  private Uni<Void> expunges(View view, MailboxIndex index, ResponseWriter reply) {
    var gone = view.gone();
    if (gone.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var downwards = new Downwards(gone);
    int size = (int) gone.size();
    // Of the pending expunges, those below the present one are exactly those not sent yet.
    return reply
        .each(
            size,
            told -> reply.untagged(index.countBelow(downwards.next()) + (size - told) + " EXPUNGE"))
        .invoke(view::goneSent);
  }

  private Uni<Void> changes(View view, MailboxIndex index, ResponseWriter reply) {
    if (index.modSeq().equals(view.sent())) {
      return Uni.createFrom().voidItem();
    }
    log.caughtUp(index.modSeq().value() - view.sent().value());
    keywords(view, index, reply);
    int known = view.present(index);
    var changed =
        index
            .changedSince(view.sent())
            .filter(at -> at < known && !view.isOwn(index.modSeqAt(at)))
            .toArray();
    boolean arrived = index.uidNext() > view.uidNext();
    return reply
        .each(changed.length, i -> flags(view, index, changed[i], reply))
        .chain(() -> arrived ? arrivals(view, index, reply) : Uni.createFrom().voidItem())
        .invoke(() -> view.allSent(index));
  }

  private Uni<Void> arrivals(View view, MailboxIndex index, ResponseWriter reply) {
    var claim =
        view.readOnly()
            ? Uni.createFrom().item(NumberSet.EMPTY)
            : mailboxes.claimRecent(view.mailbox());
    // If claiming fails, the next session claims \Recent; the messages are sent all the same.
    return claim
        .onFailure()
        .recoverWithItem(NumberSet.EMPTY)
        .invoke(
            recent -> {
              view.claim(recent);
              // From here on EXISTS and RECENT include the new messages.
              view.allSent(index);
              reply.untagged(view.exists(index) + " EXISTS");
              reply.untagged(view.recent(index) + " RECENT");
            })
        .replaceWithVoid();
  }

  private static void flags(View view, MailboxIndex index, int at, ResponseWriter reply) {
    long uid = index.uid(at);
    reply.untagged(
        line ->
            line.number(view.number(index, uid))
                .raw(" FETCH (UID ")
                .number(uid)
                .raw(" FLAGS ")
                .flags(index.flags(at), index.keywords(), view.isRecent(uid))
                .raw(')'));
  }

  /** RFC 3501 §7.2.6: sends FLAGS with new keywords before they appear on a message. */
  public void keywords(View view, Changed changed, ResponseWriter reply) {
    long bits = Arrays.stream(changed.changed().flags()).reduce(0, (a, b) -> a | b);
    var keywords = changed.keywords();
    if (!view.keywordsTold().containsAll(keywords.unpack(bits).keywords())) {
      // Only these messages were read: keywords sent before may be in use elsewhere.
      long before = keywords.pack(Flags.of(List.of(), view.keywordsTold()));
      tellKeywords(view, keywords, bits | before, reply);
    }
  }

  /** Sends FLAGS for the whole mailbox, also when it changed whether keywords can be created. */
  private static void keywords(View view, MailboxIndex index, ResponseWriter reply) {
    var told = view.keywordsTold();
    var inUse = index.keywords().unpack(index.flagsInUse()).keywords();
    boolean open = inUse.size() < Keywords.MAX;
    if (!told.containsAll(inUse) || (!view.readOnly() && open != told.size() < Keywords.MAX)) {
      tellKeywords(view, index.keywords(), index.flagsInUse(), reply);
    }
  }

  private static void tellKeywords(View view, Keywords keywords, long bits, ResponseWriter reply) {
    flagsLines(keywords, bits, view.readOnly(), reply);
    view.sentKeywords(keywords.unpack(bits).keywords());
  }

  /**
   * The FLAGS and PERMANENTFLAGS lines of SELECT (RFC 3501 §6.3.1).
   *
   * @param bits of the keywords that messages have
   */
  public static void flagsLines(
      Keywords keywords, long bits, boolean readOnly, ResponseWriter reply) {
    long all = bits | (1L << Keywords.FIRST_BIT) - 1;
    reply.untagged(line -> line.raw("FLAGS ").flags(all, keywords, false));
    reply.untagged(
        line -> {
          line.raw("OK [PERMANENTFLAGS ");
          permanent(line, readOnly ? 0 : all, keywords, readOnly);
          line.raw("] ").raw(readOnly ? "No flag can be changed." : "These can be changed.");
        });
  }

  private static void permanent(ResponseText line, long bits, Keywords keywords, boolean readOnly) {
    if (readOnly) {
      line.raw("()");
      return;
    }
    // RFC 3501 §7.1: \\* says that new keywords can be created.
    var flags = new ResponseText().flags(bits, keywords, false).buffer();
    line.raw(flags.slice(0, flags.length() - 1));
    line.raw(keywords.unpack(bits).keywords().size() < Keywords.MAX ? " \\*)" : ")");
  }

  /** Iterates over the numbers of a set, descending. */
  private static final class Downwards {
    private final NumberSet set;
    private int range;
    private long at;

    Downwards(NumberSet set) {
      this.set = set;
      this.range = set.ranges() - 1;
      this.at = set.last(range);
    }

    long next() {
      long number = at;
      if (at > set.first(range)) {
        at--;
      } else if (range > 0) {
        range--;
        at = set.last(range);
      }
      return number;
    }
  }
}
