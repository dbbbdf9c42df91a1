package io.postern.store.postgres;

import io.postern.model.FlagsUpdate;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;

/** Changes flags (RFC 3501 §6.4.6); a message whose flags stay the same is not touched. */
final class StoreFlags {
  private static final String UPDATE =
      "WITH touched AS (UPDATE message m SET flags = m.flags & $5 | $6, mod_seq = s.mod_seq + 1"
          + " FROM "
          + MessageRows.RANGES
          + ", mailbox_state s WHERE s.account = $1 AND s.mailbox = $2 AND "
          + MessageRows.WITHIN
          + " AND m.flags & $5 | $6 <> m.flags RETURNING m."
          + MessageRows.COLUMNS.replace(", ", ", m.")
          + ") SELECT * FROM touched ORDER BY uid";

  /** How many more messages will be without \\Seen (bit 3) after the update. */
  private static final String UNSEEN =
      "SELECT count(*) FILTER (WHERE (m.flags & $5 | $6) & 8 = 0)"
          + " - count(*) FILTER (WHERE m.flags & 8 = 0) FROM "
          + MessageRows.RANGES
          + " JOIN message m ON "
          + MessageRows.WITHIN;

  private final Statements statements;
  private final FlagsUpdate update;

  /** What was changed. */
  private record Touched(MessageColumns rows, int moreUnseen) {}

  StoreFlags(Statements statements, FlagsUpdate update) {
    this.statements = statements;
    this.update = update;
  }

  Future<Changed> of(MailboxKey mailbox, NumberSet uids) {
    var locked = Counters.lock(statements, mailbox);
    if (update.flags().keywords().isEmpty()) {
      // The bits are known without the mailbox's keywords: both statements go in one trip.
      var touched = touch(mailbox, uids, update.flags().systemBits());
      return locked.compose(before -> touched.compose(rows -> save(before, before, rows)));
    }
    return locked.compose(
        before -> {
          var knowing =
              update.mode() == FlagsUpdate.Mode.REMOVE ? before : before.knowing(update.flags());
          return touch(mailbox, uids, knowing.keywords().pack(update.flags()))
              .compose(rows -> save(before, knowing, rows));
        });
  }

  private Future<Touched> touch(MailboxKey mailbox, NumberSet uids, long named) {
    // Every update keeps some bits and sets some: what it makes of all bits, and of none.
    long keep = update.apply(-1, named);
    long set = update.apply(0, named);
    var unseen = moreUnseen(mailbox, uids, keep, set);
    return statements
        .collect(UPDATE, MessageRows.collector(), MessageRows.ranges(mailbox, uids, keep, set))
        .compose(rows -> unseen.map(more -> new Touched(rows, more)));
  }

  private Future<Integer> moreUnseen(MailboxKey mailbox, NumberSet uids, long keep, long set) {
    if ((keep & ~set & SystemFlag.SEEN.bit()) != 0) {
      return Future.succeededFuture(0);
    }
    return statements
        .run(UNSEEN, MessageRows.ranges(mailbox, uids, keep, set))
        .map(rows -> rows.iterator().next().getLong(0).intValue());
  }

  private Future<Changed> save(Counters before, Counters knowing, Touched touched) {
    if (touched.rows.size() == 0) {
      return statements.commit().map(Append.changed(before, before, MessageColumns.EMPTY));
    }
    var after = knowing.flagged(touched.moreUnseen);
    return Future.all(after.save(statements), statements.commit())
        .map(Append.changed(before, after, touched.rows));
  }
}
