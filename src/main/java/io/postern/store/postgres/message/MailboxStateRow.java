package io.postern.store.postgres.message;

import io.postern.model.Flags;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.Keywords;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.UidValidity;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.message.Expunge.Removed;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;

/**
 * A row of {@code mailbox_state}.
 *
 * @param key of which mailbox
 * @param state the counters
 * @param keywords the mailbox's keywords
 * @param floor removals up to this mod-sequence are no longer in the log
 */
public record MailboxStateRow(MailboxKey key, MailboxState state, Keywords keywords, long floor) {
  /** What {@link #of} reads, first in a row. */
  static final String COLUMNS =
      "mailbox, uid_validity, uid_next, mod_seq, messages, unseen, size, first_recent, keywords,"
          + " expunged_floor";

  /** One row by its primary key. */
  public static final String READ =
      "SELECT " + COLUMNS + " FROM mailbox_state WHERE account = $1 AND mailbox = $2";

  /** The number of these columns. */
  static final int WIDTH = 10;

  static final String LOCK = READ + " FOR UPDATE";

  /** The flags that messages have, of all together. */
  private static final String USED =
      "SELECT coalesce(bit_or(flags), 0) FROM message WHERE account = $1 AND mailbox = $2";

  private static final String SAVE =
      "UPDATE mailbox_state SET uid_next = $3, mod_seq = $4, messages = $5, unseen = $6,"
          + " size = $7, keywords = $8 WHERE account = $1 AND mailbox = $2";

  /** Reads the row. */
  static Future<MailboxStateRow> read(Statements statements, MailboxKey key) {
    return found(key, statements.run(READ, key.account().value(), key.mailbox().value()));
  }

  /** Locks and reads the row: no other transaction changes messages until this one ends. */
  public static Future<MailboxStateRow> lock(Statements statements, MailboxKey key) {
    return found(key, statements.run(LOCK, key.account().value(), key.mailbox().value()));
  }

  /** The row of a result; fails with MailboxGone. */
  public static Future<MailboxStateRow> found(MailboxKey key, Future<RowSet<Row>> rows) {
    return present(rows).map(row -> of(key, row));
  }

  /** The only row of a result; fails with MailboxGone when there is none. */
  public static Future<Row> present(Future<RowSet<Row>> rows) {
    return rows.compose(
        found ->
            found.size() == 0
                ? Future.failedFuture(new StoreException(new StoreFailure.MailboxGone()))
                : Future.succeededFuture(found.iterator().next()));
  }

  /** The counters that a row begins with. */
  static MailboxStateRow of(MailboxKey key, Row row) {
    var state =
        new MailboxState(
            new UidValidity(row.getLong(1)),
            row.getLong(2),
            new ModSeq(row.getLong(3)),
            row.getInteger(4),
            row.getInteger(5),
            row.getLong(6),
            row.getLong(7));
    return new MailboxStateRow(
        key, state, new Keywords(List.of(row.getArrayOfStrings(8))), row.getLong(9));
  }

  /** After messages were added; one step of the mod-sequence. */
  public MailboxStateRow plus(int messages, int unseen, long size) {
    return changed(
        state.uidNext() + messages,
        state.exists() + messages,
        state.unseen() + unseen,
        state.size() + size);
  }

  /** After messages were removed; one step of the mod-sequence. */
  MailboxStateRow minus(Removed gone) {
    return changed(
        state.uidNext(),
        state.exists() - (int) gone.uids().size(),
        state.unseen() - gone.unseen(),
        state.size() - gone.size());
  }

  /** After flags changed; one step of the mod-sequence. */
  MailboxStateRow flagged(int moreUnseen) {
    return changed(state.uidNext(), state.exists(), state.unseen() + moreUnseen, state.size());
  }

  private MailboxStateRow changed(long uidNext, int exists, int unseen, long size) {
    return new MailboxStateRow(
        key,
        new MailboxState(
            state.uidValidity(),
            uidNext,
            new ModSeq(state.highestModSeq().value() + 1),
            exists,
            unseen,
            size,
            state.firstRecent()),
        keywords,
        floor);
  }

  /** After a change whose result is known already. */
  MailboxStateRow after(Changed change) {
    return new MailboxStateRow(key, change.state(), change.keywords(), floor);
  }

  /**
   * With the keywords of the flags known, as far as there is room for them. The transaction holds
   * the row's lock; only when all bits are taken does it query which ones the messages use.
   */
  Future<MailboxStateRow> knowing(Statements statements, List<Flags> flags) {
    if (keywords.hasRoomFor(flags)) {
      return Future.succeededFuture(with(keywords.with(flags, 0)));
    }
    return statements
        .run(USED, key.account().value(), key.mailbox().value())
        .map(rows -> with(keywords.with(flags, rows.iterator().next().getLong(0))));
  }

  private MailboxStateRow with(Keywords known) {
    return known.equals(keywords) ? this : new MailboxStateRow(key, state, known, floor);
  }

  /** As {@link #knowing}; fails with LimitReached when there is not room for all. */
  Future<MailboxStateRow> knowingAll(Statements statements, List<Flags> flags) {
    return knowing(statements, flags)
        .compose(
            known ->
                flags.stream().allMatch(known.keywords::containsAll)
                    ? Future.succeededFuture(known)
                    : Future.failedFuture(
                        new StoreException(
                            new StoreFailure.LimitReached("keywords", Keywords.MAX))));
  }

  /** The counters before so many messages were added in so many steps of the mod-sequence. */
  MailboxStateRow before(int messages, int steps, int unseen, long size) {
    return new MailboxStateRow(
        key,
        new MailboxState(
            state.uidValidity(),
            state.uidNext() - messages,
            new ModSeq(state.highestModSeq().value() - steps),
            state.exists() - messages,
            state.unseen() - unseen,
            state.size() - size,
            state.firstRecent()),
        keywords,
        floor);
  }

  /** Writes the row, whose lock the transaction holds. */
  public Future<?> save(Statements statements) {
    return statements.run(
        SAVE,
        key.account().value(),
        key.mailbox().value(),
        state.uidNext(),
        state.highestModSeq().value(),
        state.exists(),
        state.unseen(),
        state.size(),
        keywords.names().toArray(String[]::new));
  }

  public long modSeq() {
    return state.highestModSeq().value();
  }
}
