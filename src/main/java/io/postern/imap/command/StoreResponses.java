package io.postern.imap.command;

import io.postern.imap.response.FetchData;
import io.postern.imap.response.Untagged;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.model.NumberSet;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.Keywords;
import io.postern.store.Messages.Changed;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** The FETCH responses of one STORE (RFC 3501 §6.4.6, RFC 7162 §3.1.3). */
final class StoreResponses {
  private final CommandContext context;
  private final View view;
  private final MailboxIndex index;
  private final FlagsUpdate update;
  private final boolean byUid;
  private final boolean silent;

  /** The messages of a silent STORE whose flags the updates show. */
  private NumberSet unknown = NumberSet.EMPTY;

  /**
   * @param index that the command counts with: it may be older than the change
   */
  StoreResponses(
      CommandContext context,
      View view,
      MailboxIndex index,
      FlagsUpdate update,
      boolean byUid,
      boolean silent) {
    this.context = context;
    this.view = view;
    this.index = index;
    this.update = update;
    this.byUid = byUid;
    this.silent = silent;
  }

  /** Records what the client knows of the change, so that the updates do not show it again. */
  void known(Changed changed) {
    context.listener().changed(view.mailbox(), changed.modSeq());
    // A STORE without effect returns the mod-sequence of another session's change.
    if (changed.modSeq().isAfter(changed.previous())) {
      unknown = silent ? unknown(changed) : NumberSet.EMPTY;
      view.knows(changed.modSeq(), unknown);
    }
    if (!silent || !changed.modified().isEmpty()) {
      // Of messages that stay as they are, the flags of the index are shown.
      context.updates().keywords(view, index);
    }
    context.updates().keywords(view, changed);
  }

  /**
   * The messages whose flags are not what the client can conclude from those it knows and its own
   * update, because others changed them just before.
   */
  private NumberSet unknown(Changed changed) {
    if (view.wasSent(changed.previous())) {
      return NumberSet.EMPTY;
    }
    var rows = changed.changed();
    boolean comparable = isComparable(changed);
    long named = changed.keywords().pack(update.flags());
    var others = new NumberSet.Builder();
    for (int i = 0; i < rows.size(); i++) {
      int at = index.countBelow(rows.uid(i));
      boolean known =
          comparable
              && view.knowsFlags(index, at)
              && update.apply(index.flags(at), named) == rows.flags()[i];
      if (!known) {
        others.add(rows.uid(i), rows.uid(i));
      }
    }
    return others.build();
  }

  /**
   * Sends the flags of all messages in the set, changed or not; of a silent STORE the mod-sequences
   * alone, to a client that keeps them.
   */
  Uni<Void> send(NumberSet uids, Changed changed) {
    boolean modSeqs = context.reply().showsModSeq();
    if (silent && !modSeqs) {
      return Uni.createFrom().voidItem();
    }
    int[] positions = view.positions(index, uids);
    return context.reply().each(positions.length, i -> send(positions[i], changed));
  }

  private void send(int position, Changed changed) {
    long uid = index.uid(position);
    int row = changed.changed().positionOf(uid);
    if (changed.modified().contains(uid)) {
      // RFC 7162 §3.1.3: so that the client need not ask; what it lacks, the updates send.
      if (view.knowsFlags(index, position)) {
        sendStored(uid, position);
      }
    } else if (silent) {
      sendModSeq(uid, position, row, changed);
    } else if (row < 0) {
      if (stayed(position, changed)) {
        sendStored(uid, position);
      }
    } else {
      // Each set of flags has its own keywords: a bit may mean another one by now.
      sendFlags(
          uid,
          position,
          changed.changed().flags()[row],
          changed.keywords(),
          changed.modSeq().value());
    }
  }

  /** Whether a bit of the index's flags means the same keyword after the change. */
  private boolean isComparable(Changed changed) {
    var before = index.keywords().names();
    var after = changed.keywords().names();
    return before.size() <= after.size() && before.equals(after.subList(0, before.size()));
  }

  /**
   * Whether a message that was not changed has the flags of the index. If others changed the
   * mailbox just before, it may have been expunged, or have got the flags from them: the updates
   * show that, and the flags of the index would contradict the command.
   */
  private boolean stayed(int position, Changed changed) {
    if (index.modSeq().equals(changed.previous())) {
      return true;
    }
    var flags = update.flags();
    boolean named = update.mode() == Mode.REMOVE || changed.keywords().containsAll(flags);
    long before = index.flags(position);
    var allowed = update.within(view.changeable(), flags);
    return isComparable(changed)
        && named
        && allowed.apply(before, changed.keywords().pack(flags)) == before;
  }

  /** Sends the flags of a message that stayed as it was. */
  private void sendStored(long uid, int position) {
    sendFlags(uid, position, index.flags(position), index.keywords(), index.modSeqAt(position));
  }

  private void sendFlags(long uid, int position, long bits, Keywords keywords, long modSeq) {
    var flags = new FetchData.FlagList(bits, keywords, view.isRecent(uid));
    context
        .reply()
        .send(new Untagged.MessageFlags(view.number(position, uid), uid, byUid, flags, modSeq));
  }

  /**
   * Sends the mod-sequence of a message that was changed without the client's hearing the flags;
   * after a condition, of one that needed no change too.
   */
  private void sendModSeq(long uid, int position, int row, Changed changed) {
    boolean shown =
        row < 0 ? update.isConditional() && stayed(position, changed) : !unknown.contains(uid);
    if (shown) {
      long modSeq = row < 0 ? index.modSeqAt(position) : changed.modSeq().value();
      var item = new FetchData.ModSequence(modSeq);
      // RFC 9586 §3.3: a UIDFETCH response begins with the UID.
      List<FetchData> items =
          context.enabled().uidOnly()
              ? List.of(item)
              : List.of(new FetchData.Numeric("UID", uid), item);
      context.reply().send(new Untagged.MessageData(view.number(position, uid), uid, items));
    }
  }
}
