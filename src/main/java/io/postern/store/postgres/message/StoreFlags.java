package io.postern.store.postgres.message;

import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import java.util.List;

/**
 * Changes flags (RFC 3501 §6.4.6); a message whose flags stay the same is not touched.
 *
 * @param uids of which messages
 * @param update of their flags
 */
record StoreFlags(NumberSet uids, FlagsUpdate update) implements IndexOperation {
  @Override
  public Result on(MailboxIndex index) {
    var keywords = keywords(index);
    long named = keywords.pack(update.flags());
    long modSeq = index.modSeq().value() + 1;
    var changed = new MessageColumns.Builder(16);
    var modified = new NumberSet.Builder();
    int moreUnseen = 0;
    for (int range = 0; range < uids.ranges(); range++) {
      int to = index.countBelow(uids.last(range) + 1);
      for (var row = index.rows(index.countBelow(uids.first(range)), to); row.next(); ) {
        if (!update.allows(row.modSeq())) {
          modified.add(row.uid());
          continue;
        }
        long flags = update.apply(row.flags(), named);
        if (flags != row.flags()) {
          moreUnseen += unseen(flags) - unseen(row.flags());
          changed.add(
              row.uid(), flags, modSeq, row.size(), row.internalDate(), row.saved(), row.content());
        }
      }
    }
    var rows = changed.build();
    if (rows.size() == 0) {
      return Result.none(index, modified.build());
    }
    var before = MailboxStateRow.of(index);
    var change =
        before.changedTo(before.flagged(moreUnseen, keywords), rows).modified(modified.build());
    return new Result(index.apply(change), change, MessageColumns.EMPTY, false);
  }

  private static int unseen(long flags) {
    return (flags & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
  }

  private Keywords keywords(MailboxIndex index) {
    if (update.mode() == FlagsUpdate.Mode.REMOVE) {
      return index.keywords();
    }
    var known = with(index, List.of(update.flags()));
    if (!known.containsAll(update.flags())) {
      throw new StoreException(new StoreFailure.LimitReached("keywords", Keywords.MAX));
    }
    return known;
  }

  /**
   * An index's keywords with those of the flags, as far as there is room for them. Only when all
   * bits are taken it looks which ones the messages use.
   */
  static Keywords with(MailboxIndex index, List<Flags> flags) {
    var keywords = index.keywords();
    return keywords.with(flags, keywords.hasRoomFor(flags) ? 0 : index.flagsInUse());
  }
}
