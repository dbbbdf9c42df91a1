package io.postern.imap.notify;

import io.postern.imap.response.Untagged.StatusData;
import io.postern.imap.selected.View;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.UidValidity;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client was sent of a mailbox's counters.
 *
 * @param exists -1 if that is unknown: it is as it was at that mod-sequence
 */
record SentStatus(UidValidity uidValidity, long uidNext, ModSeq modSeq, int exists, int unseen) {
  private static final int UNKNOWN = -1;

  static SentStatus of(MailboxState state) {
    return new SentStatus(
        state.uidValidity(),
        state.uidNext(),
        state.highestModSeq(),
        state.exists(),
        state.unseen());
  }

  /** A mailbox that was made just now. */
  static SentStatus empty(UidValidity uidValidity) {
    return new SentStatus(uidValidity, 1, ModSeq.FIRST, 0, 0);
  }

  /**
   * What a client knows of the mailbox that it had selected.
   *
   * @param events that it wants from now on
   */
  static SentStatus of(View view, Events events) {
    var modSeq = events.flags() ? view.complete() : view.expungesSent();
    return new SentStatus(view.uidValidity(), view.uidNext(), modSeq, UNKNOWN, UNKNOWN);
  }

  /**
   * Whether the client is to be sent the counters as they are now.
   *
   * @param modSeqs whether it keeps mod-sequences
   */
  boolean differs(MailboxState now, Events events, boolean modSeqs) {
    boolean sameModSeq = modSeq.equals(now.highestModSeq());
    if (!uidValidity.equals(now.uidValidity()) || uidNext != now.uidNext()) {
      return true;
    }
    if (exists == UNKNOWN) {
      return !sameModSeq;
    }
    return exists != now.exists()
        || (events.flags() && (unseen != now.unseen() || (modSeqs && !sameModSeq)));
  }

  /**
   * The items of a STATUS response (RFC 5465 §5.1, §5.2): those of messages, and if the client
   * hears of flags, those that show that some have changed.
   *
   * @param modSeq whether the mod-sequence is one of them
   */
  static List<StatusData> items(MailboxState now, Events events, boolean modSeq) {
    var items = new ArrayList<StatusData>();
    items.add(new StatusData.Counter("MESSAGES", now.exists()));
    items.add(new StatusData.Counter("UIDNEXT", now.uidNext()));
    items.add(new StatusData.Counter("UIDVALIDITY", now.uidValidity().value()));
    if (events.flags()) {
      items.add(new StatusData.Counter("UNSEEN", now.unseen()));
    }
    if (modSeq) {
      items.add(new StatusData.Counter("HIGHESTMODSEQ", now.highestModSeq().value()));
    }
    return items;
  }
}
