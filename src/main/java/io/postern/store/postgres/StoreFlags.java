package io.postern.store.postgres;

import io.postern.model.FlagsUpdate;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.postgres.Tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.stream.Collector;

/** Changes flags (RFC 3501 §6.4.6); a message whose flags stay the same is not touched. */
final class StoreFlags {
  private static final String UPDATE =
      "WITH touched AS (UPDATE message t SET flags = o.flags & $5 | $6, mod_seq = s.mod_seq + 1"
          + " FROM (SELECT m.uid, m.flags"
          + MessageRows.IN_RANGES
          + " WHERE m.flags & $5 | $6 <> m.flags) o, mailbox_state s"
          + " WHERE s.account = $1 AND s.mailbox = $2"
          + " AND t.account = $1 AND t.mailbox = $2 AND t.uid = o.uid"
          + " RETURNING t.uid, t.flags, t.mod_seq, t.size, t.internal_date, t.internal_zone,"
          + " t.saved, t.content, o.flags AS before)"
          + " SELECT * FROM touched ORDER BY uid";

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
    return statements.collect(UPDATE, collector(), MessageRows.ranges(mailbox, uids, keep, set));
  }

  private Future<Changed> save(Counters before, Counters knowing, Touched touched) {
    if (touched.rows.size() == 0) {
      return statements.commit().map(Append.changed(before, before, MessageColumns.EMPTY));
    }
    var after = knowing.flagged(touched.moreUnseen);
    return Future.all(after.save(statements), statements.commit())
        .map(Append.changed(before, after, touched.rows));
  }

  private static Collector<Row, ?, Touched> collector() {
    return Collector.of(Tally::new, Tally::add, MessageRows.oneByOne(), Tally::done);
  }

  private static final class Tally {
    private final MessageColumns.Builder rows = new MessageColumns.Builder(16);
    private int moreUnseen;

    void add(Row row) {
      MessageRows.add(rows, row);
      moreUnseen += unseen(row.getLong(1)) - unseen(row.getLong(8));
    }

    private static int unseen(long flags) {
      return (flags & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
    }

    Touched done() {
      return new Touched(rows.build(), moreUnseen);
    }
  }
}
