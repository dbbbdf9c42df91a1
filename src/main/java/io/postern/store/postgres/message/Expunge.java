package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.store.MaildropLock;
import io.postern.store.Messages.Changed;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.stream.Collector;

/** Removes messages from a mailbox, and writes one row to the expunge log. */
final class Expunge {
  /** The bit of \Deleted, written so that the partial index is used. */
  private static final String MARKED = "m.flags & 4 <> 0";

  /** What is known of a removed message. */
  private static final String REMOVED =
      " RETURNING m.uid, m.flags, m.size, m.internal_date, m.internal_zone, m.content)";

  /** System flags are the five low bits (V001). */
  private static final String KEPT =
      ", kept AS (INSERT INTO recoverable (account, mailbox, uid, flags, size, internal_date,"
          + " internal_zone, content) SELECT $1, $2, uid, flags & 31, size, internal_date,"
          + " internal_zone, content FROM gone ORDER BY uid)";

  private static final String RESULT = " SELECT uid, flags, size FROM gone ORDER BY uid";

  private static final String EXPUNGE_ALL =
      "WITH gone AS (DELETE FROM message m WHERE m.account = $1 AND m.mailbox = $2 AND "
          + MARKED
          + REMOVED
          + KEPT
          + RESULT;

  private static final String EXPUNGE_SOME =
      "WITH gone AS (DELETE FROM message m WHERE "
          + MessageRows.placed(" AND " + MARKED)
          + REMOVED
          + KEPT
          + RESULT;

  private static final String REMOVE =
      "WITH gone AS (DELETE FROM message m WHERE "
          + MessageRows.placed("")
          + REMOVED
          + KEPT
          + RESULT;

  private static final String TAKE =
      "WITH gone AS (DELETE FROM message m WHERE "
          + MessageRows.placed("")
          + " RETURNING m.uid, m.flags, m.size)"
          + RESULT;

  private static final String LOG =
      "INSERT INTO expunged (account, mailbox, mod_seq, uids) VALUES ($1, $2, $3, $4)";

  private Expunge() {}

  /**
   * What a command removed from a mailbox.
   *
   * @param uids which messages
   * @param unseen how many of them were unseen
   * @param size octets of all
   */
  record Removed(NumberSet uids, int unseen, long size) {
    /** Collects rows of uid, flags, size, ascending by uid. */
    static Collector<Row, ?, Removed> collector() {
      return Collector.of(
          Accumulator::new, Accumulator::add, MessageRows.oneByOne(), Accumulator::done);
    }

    private static final class Accumulator {
      private final NumberSet.Builder uids = new NumberSet.Builder();
      private int unseen;
      private long size;

      void add(Row row) {
        uids.add(row.getLong(0));
        unseen += (row.getLong(1) & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
        size += row.getInteger(2);
      }

      Removed done() {
        return new Removed(uids.build(), unseen, size);
      }
    }
  }

  /** Removes the marked messages, all or those of a set (RFC 3501 §6.4.3, RFC 4315 §2.1). */
  static Future<Changed> expunge(
      Statements statements, MailboxKey mailbox, Optional<NumberSet> uids) {
    var locked = MailboxStateRow.lock(statements, mailbox);
    var gone =
        uids.map(
                set ->
                    statements.collect(
                        EXPUNGE_SOME, Removed.collector(), MessageRows.ranges(mailbox, set)))
            .orElseGet(
                () ->
                    statements.collect(
                        EXPUNGE_ALL,
                        Removed.collector(),
                        Tuple.of(mailbox.account().value(), mailbox.mailbox().value())));
    return locked.compose(before -> gone.compose(removed -> save(statements, before, removed)));
  }

  /** Removes messages for the holder of the maildrop lock and releases it (RFC 1939 §6). */
  static Future<Optional<Changed>> update(
      Statements statements, MaildropLock lock, NumberSet uids) {
    // The mailbox first, as everywhere: a session that waits for it still holds its maildrop lock.
    return MailboxStateRow.lock(statements, lock.mailbox())
        .compose(
            before ->
                PgMaildropLocks.giveUp(statements, lock)
                    .compose(
                        held ->
                            held
                                ? remove(statements, before, uids).map(Optional::of)
                                : Future.succeededFuture(Optional.empty())));
  }

  private static Future<Changed> remove(
      Statements statements, MailboxStateRow before, NumberSet uids) {
    return statements
        .collect(REMOVE, Removed.collector(), MessageRows.ranges(before.key(), uids))
        .compose(removed -> save(statements, before, removed));
  }

  private static Future<Changed> save(
      Statements statements, MailboxStateRow before, Removed removed) {
    if (removed.uids().isEmpty()) {
      return statements.commit().map(Append.changed(before, before, MessageColumns.EMPTY));
    }
    var after = before.minus(removed);
    return Future.all(log(statements, after, removed), after.save(statements), statements.commit())
        .map(changed(before, after, removed));
  }

  /** Removes messages that were moved to another mailbox. */
  static Future<Removed> take(Statements statements, MailboxKey mailbox, NumberSet uids) {
    return statements.collect(TAKE, Removed.collector(), MessageRows.ranges(mailbox, uids));
  }

  /** Logs the UIDs removed by the step that led to these counters. */
  static Future<?> log(Statements statements, MailboxStateRow after, Removed removed) {
    var set = removed.uids();
    var bounds = new Long[2 * set.ranges()];
    for (int i = 0; i < set.ranges(); i++) {
      bounds[2 * i] = set.first(i);
      bounds[2 * i + 1] = set.last(i);
    }
    return statements.run(
        LOG, after.key().account().value(), after.key().mailbox().value(), after.modSeq(), bounds);
  }

  static Changed changed(MailboxStateRow before, MailboxStateRow after, Removed removed) {
    return new Changed(
        after.state(),
        before.state().highestModSeq(),
        after.state().highestModSeq(),
        MessageColumns.EMPTY,
        removed.uids(),
        after.keywords());
  }
}
