package io.postern.store.postgres.message;

import io.postern.model.NumberSet;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.RowCursor;

/**
 * Removes messages.
 *
 * @param uids of which messages
 * @param markedOnly whether those without \Deleted stay (RFC 3501 §6.4.3, RFC 4315 §2.1)
 * @param recoverable whether they can be restored
 */
record Expunge(NumberSet uids, boolean markedOnly, boolean recoverable) implements IndexOperation {
  @Override
  public Result on(MailboxIndex index) {
    var gone = new NumberSet.Builder();
    var removed = new MessageColumns.Builder(16);
    int unseen = 0;
    long size = 0;
    for (int range = 0; range < uids.ranges(); range++) {
      int to = index.countBelow(uids.last(range) + 1);
      for (var row = index.rows(index.countBelow(uids.first(range)), to); row.next(); ) {
        if (!markedOnly || (row.flags() & SystemFlag.DELETED.bit()) != 0) {
          gone.add(row.uid());
          add(removed, row);
          unseen += (row.flags() & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
          size += row.size();
        }
      }
    }
    var rows = removed.build();
    if (rows.size() == 0) {
      return Result.none(index);
    }
    var before = MailboxStateRow.of(index);
    var after = before.minus(rows.size(), unseen, size);
    var change =
        new Changed(
            after.state(),
            before.state().highestModSeq(),
            after.state().highestModSeq(),
            MessageColumns.EMPTY,
            gone.build(),
            after.keywords());
    return new Result(index.apply(change), change, rows, recoverable);
  }

  private static void add(MessageColumns.Builder rows, RowCursor row) {
    rows.add(
        row.uid(),
        row.flags(),
        row.modSeq(),
        row.size(),
        row.internalDate(),
        row.saved(),
        row.content());
  }
}
