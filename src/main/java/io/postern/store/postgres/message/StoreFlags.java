package io.postern.store.postgres.message;

import io.postern.model.FlagsUpdate;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.postgres.tx.Tx;
import io.postern.store.postgres.tx.Tx.Statements;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;

/** Changes flags (RFC 3501 §6.4.6); a message whose flags stay the same is not touched. */
final class StoreFlags {
  private static final String CHANGED = " AND m.flags & $5 | $6 <> m.flags";

  private static final String UPDATE =
      touching(
          "SELECT mod_seq FROM mailbox_state WHERE account = $1 AND mailbox = $2",
          MessageRows.placed(CHANGED),
          " SELECT * FROM touched ORDER BY uid");

  /**
   * Updates messages and counters in one, after the statement that takes the lock. {@code $7} is
   * what each touched message adds to the unseen.
   */
  private static final String AT_ONCE =
      touching(
          MailboxStateRow.READ,
          MessageRows.placed(CHANGED),
          ", saved AS (UPDATE mailbox_state x SET mod_seq = x.mod_seq + 1,"
              + " unseen = x.unseen + $7 * t.n FROM (SELECT count(*)::int AS n FROM touched) t"
              + " WHERE x.account = $1 AND x.mailbox = $2 AND t.n > 0) SELECT s.*, "
              + MessageRows.OF_M
              + " FROM s LEFT JOIN touched m ON true ORDER BY m.uid");

  /** How many more messages will be without \\Seen (bit 3) after the update. */
  private static final String UNSEEN =
      "SELECT count(*) FILTER (WHERE (m.flags & $5 | $6) & 8 = 0)"
          + " - count(*) FILTER (WHERE m.flags & 8 = 0) FROM "
          + MessageRows.WITHIN;

  private static String touching(String state, String which, String then) {
    return "WITH s AS ("
        + state
        + "), touched AS (UPDATE message m SET flags = m.flags & $5 | $6, mod_seq = s.mod_seq + 1"
        + " FROM s WHERE "
        + which
        + " RETURNING "
        + MessageRows.OF_M
        + ")"
        + then;
  }

  private final Tx tx;
  private final MailboxKey mailbox;
  private final NumberSet uids;
  private final FlagsUpdate update;

  /** The changed messages. */
  private record Touched(MessageColumns rows, int moreUnseen) {}

  StoreFlags(Tx tx, MailboxKey mailbox, NumberSet uids, FlagsUpdate update) {
    this.tx = tx;
    this.mailbox = mailbox;
    this.uids = uids;
    this.update = update;
  }

  /** One round trip if the bits and their effect on the counters are known without a query. */
  Uni<Changed> run() {
    long named = update.flags().systemBits();
    // Every update keeps some bits and sets some: what it makes of all bits, and of none.
    long keep = update.apply(-1, named);
    long set = update.apply(0, named);
    long touches = ~keep | set;
    long seen = SystemFlag.SEEN.bit();
    if (!update.flags().keywords().isEmpty() || ((touches & seen) != 0 && touches != seen)) {
      return tx.writeOrdered(this::bySteps);
    }
    // Where nothing but \Seen can change, each message touched got it or lost it.
    int unseenEach = touches == seen ? ((set & seen) == 0 ? 1 : -1) : 0;
    return tx.writeOrdered(statements -> atOnce(statements, keep, set, unseenEach));
  }

  private Future<Changed> atOnce(Statements statements, long keep, long set, int unseenEach) {
    var locked = MailboxStateRow.lock(statements, mailbox);
    var found = statements.run(AT_ONCE, MessageRows.ranges(mailbox, uids, keep, set, unseenEach));
    return Future.all(locked, found, statements.commit())
        .compose(_ -> MailboxStateRow.found(mailbox, found))
        .compose(before -> found.map(rows -> changed(before, rows, unseenEach)));
  }

  private static Changed changed(MailboxStateRow before, RowSet<Row> rows, int unseenEach) {
    if (rows.iterator().next().getLong(MailboxStateRow.WIDTH) == null) {
      return Append.changed(before, before, MessageColumns.EMPTY);
    }
    var touched = new MessageColumns.Builder(rows.size());
    rows.forEach(row -> MessageRows.add(touched, row, MailboxStateRow.WIDTH));
    return Append.changed(before, before.flagged(unseenEach * rows.size()), touched.build());
  }

  private Future<Changed> bySteps(Statements statements) {
    var locked = MailboxStateRow.lock(statements, mailbox);
    if (update.flags().keywords().isEmpty()) {
      // The bits are known without the mailbox's keywords: both statements go in one round trip.
      var touched = touch(statements, update.flags().systemBits());
      return locked.compose(
          before -> touched.compose(rows -> save(statements, before, before, rows)));
    }
    return locked.compose(
        before ->
            knowing(statements, before)
                .compose(
                    knowing ->
                        touch(statements, knowing.keywords().pack(update.flags()))
                            .compose(rows -> save(statements, before, knowing, rows))));
  }

  private Future<MailboxStateRow> knowing(Statements statements, MailboxStateRow before) {
    return update.mode() == FlagsUpdate.Mode.REMOVE
        ? Future.succeededFuture(before)
        : before.knowingAll(statements, List.of(update.flags()));
  }

  private Future<Touched> touch(Statements statements, long named) {
    long keep = update.apply(-1, named);
    long set = update.apply(0, named);
    var unseen = moreUnseen(statements, keep, set);
    return statements
        .collect(UPDATE, MessageRows.collector(), MessageRows.ranges(mailbox, uids, keep, set))
        .compose(rows -> unseen.map(more -> new Touched(rows, more)));
  }

  private Future<Integer> moreUnseen(Statements statements, long keep, long set) {
    if ((keep & ~set & SystemFlag.SEEN.bit()) != 0) {
      return Future.succeededFuture(0);
    }
    return statements
        .run(UNSEEN, MessageRows.ranges(mailbox, uids, keep, set))
        .map(rows -> rows.iterator().next().getLong(0).intValue());
  }

  private static Future<Changed> save(
      Statements statements, MailboxStateRow before, MailboxStateRow knowing, Touched touched) {
    if (touched.rows.size() == 0) {
      return statements.commit().map(Append.changed(before, before, MessageColumns.EMPTY));
    }
    var after = knowing.flagged(touched.moreUnseen);
    return Future.all(after.save(statements), statements.commit())
        .map(Append.changed(before, after, touched.rows));
  }
}
