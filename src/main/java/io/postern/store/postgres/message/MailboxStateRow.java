package io.postern.store.postgres.message;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.postgres.tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A row of {@code mailbox_state}.
 *
 * @param state the counters
 * @param keywords the mailbox's keywords
 */
public record MailboxStateRow(MailboxState state, Keywords keywords) {
  /** What {@link #of} reads, first in a row. */
  static final String COLUMNS =
      "mailbox, uid_validity, uid_next, mod_seq, messages, unseen, size, first_recent, keywords,"
          + " expunged_floor";

  /** One row by its primary key. */
  public static final String READ =
      "SELECT " + COLUMNS + " FROM mailbox_state WHERE account = $1 AND mailbox = $2";

  /** The rows of all mailboxes of an account. */
  private static final String READ_ALL =
      "SELECT " + COLUMNS + " FROM mailbox_state WHERE account = $1";

  /** Rows by their primary keys, of several accounts. */
  private static final String READ_EACH =
      "SELECT "
          + COLUMNS
          + ", account FROM mailbox_state WHERE (account, mailbox)"
          + " IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))";

  /** The id of a mailbox by account and name. */
  public static final String NAMED = "SELECT id FROM mailbox WHERE account = $1 AND name = $2";

  /** One row by the mailbox's name. */
  public static final String READ_NAMED =
      "SELECT " + COLUMNS + " FROM mailbox_state WHERE account = $1 AND mailbox = (" + NAMED + ")";

  /**
   * Whether the tail is what was written, or has no checksum: the version before writes none, and
   * leaves the mod-sequence behind for which an older one counts.
   */
  public static final String TAIL_INTACT =
      "(tail_crc_mod_seq IS DISTINCT FROM mod_seq OR tail_crc = crc32c(tail_flags || tail_facts))";

  /** Whether the mailbox may be changed, as far as its row shows. */
  public static final String WRITABLE = "damaged IS NULL AND " + TAIL_INTACT;

  /** The number of these columns. */
  static final int WIDTH = 10;

  /** The place of the mod-sequence up to which removals are no longer in the log. */
  static final int FLOOR = 9;

  /** What {@link #writable} reads, behind other columns. */
  static final String CONDITION = "damaged, " + TAIL_INTACT;

  static final String LOCK =
      "SELECT "
          + COLUMNS
          + ", "
          + CONDITION
          + " FROM mailbox_state WHERE account = $1 AND mailbox = $2 FOR UPDATE";

  /** The counters as an index has them. */
  static MailboxStateRow of(MailboxIndex index) {
    return new MailboxStateRow(index.state(), index.keywords());
  }

  /**
   * Locks and reads the row: no other transaction changes messages until this one ends. Fails with
   * MailboxGone or Damaged.
   */
  public static Future<MailboxStateRow> lock(Statements statements, MailboxKey key) {
    return present(statements.run(LOCK, key.account().value(), key.mailbox().value()))
        .map(row -> of(writable(key.account(), row, WIDTH)));
  }

  /**
   * The same row.
   *
   * @param column the first of {@link #CONDITION}
   * @throws StoreException with Damaged
   */
  static Row writable(AccountId account, Row row, int column) {
    readable(account, row, column);
    if (!row.getBoolean(column + 1)) {
      throw damaged(account, row, "the checksum of the tail does not match");
    }
    return row;
  }

  /** The same row; throws Damaged if the column has a mark. */
  static Row readable(AccountId account, Row row, int column) {
    if (row.getString(column) != null) {
      throw damaged(account, row, row.getString(column));
    }
    return row;
  }

  /** The failure for a mailbox whose row begins with the counters. */
  static StoreException damaged(AccountId account, Row row, String what) {
    return new StoreException(
        new StoreFailure.Damaged(key(account, row, 0), of(row).state.uidValidity(), what));
  }

  /** The row of a result; fails with MailboxGone. */
  public static Future<MailboxStateRow> found(Future<RowSet<Row>> rows) {
    return present(rows).map(MailboxStateRow::of);
  }

  /** The counters of all mailboxes of an account. */
  public static Future<Map<MailboxId, MailboxState>> states(SqlClient client, AccountId account) {
    return client
        .preparedQuery(READ_ALL)
        .execute(Tuple.of(account.value()))
        .map(
            rows -> {
              var states = HashMap.<MailboxId, MailboxState>newHashMap(rows.size());
              rows.forEach(row -> states.put(new MailboxId(row.getLong(0)), of(row).state));
              return states;
            });
  }

  /** The counters of these mailboxes, as far as they are there. */
  public static Future<Map<MailboxKey, MailboxState>> states(
      SqlClient client, Collection<MailboxKey> mailboxes) {
    var keys = List.copyOf(mailboxes);
    var accounts = keys.stream().map(it -> it.account().value()).toArray(Long[]::new);
    var ids = keys.stream().map(it -> it.mailbox().value()).toArray(Long[]::new);
    return client
        .preparedQuery(READ_EACH)
        .execute(Tuple.tuple().addArrayOfLong(accounts).addArrayOfLong(ids))
        .map(
            rows -> {
              var states = HashMap.<MailboxKey, MailboxState>newHashMap(rows.size());
              rows.forEach(
                  row -> states.put(key(new AccountId(row.getLong(WIDTH)), row, 0), of(row).state));
              return states;
            });
  }

  /** The only row of a result; fails with MailboxGone when there is none. */
  public static Future<Row> present(Future<RowSet<Row>> rows) {
    return rows.compose(
        found ->
            found.size() == 0
                ? Future.failedFuture(new StoreException(new StoreFailure.MailboxGone()))
                : Future.succeededFuture(found.iterator().next()));
  }

  /** The mailbox whose id is in that column. */
  public static MailboxKey key(AccountId account, Row row, int column) {
    return new MailboxKey(account, new MailboxId(row.getLong(column)));
  }

  /** The counters that a row begins with. */
  public static MailboxStateRow of(Row row) {
    var state =
        new MailboxState(
            new UidValidity(row.getLong(1)),
            row.getLong(2),
            new ModSeq(row.getLong(3)),
            row.getInteger(4),
            row.getInteger(5),
            row.getLong(6),
            row.getLong(7));
    return new MailboxStateRow(state, new Keywords(List.of(row.getArrayOfStrings(8))));
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
  MailboxStateRow minus(int messages, int unseen, long size) {
    return changed(
        state.uidNext(), state.exists() - messages, state.unseen() - unseen, state.size() - size);
  }

  /** After flags changed; one step of the mod-sequence. */
  MailboxStateRow flagged(int moreUnseen, Keywords known) {
    return changed(state.uidNext(), state.exists(), state.unseen() + moreUnseen, state.size())
        .with(known);
  }

  private MailboxStateRow changed(long uidNext, int exists, int unseen, long size) {
    return new MailboxStateRow(
        new MailboxState(
            state.uidValidity(),
            uidNext,
            new ModSeq(state.highestModSeq().value() + 1),
            exists,
            unseen,
            size,
            state.firstRecent()),
        keywords);
  }

  /** With other keywords. */
  MailboxStateRow with(Keywords known) {
    return known.equals(keywords) ? this : new MailboxStateRow(state, known);
  }

  /** The counters before so many messages were added in so many steps of the mod-sequence. */
  MailboxStateRow before(int messages, int steps, int unseen, long size) {
    return new MailboxStateRow(
        new MailboxState(
            state.uidValidity(),
            state.uidNext() - messages,
            new ModSeq(state.highestModSeq().value() - steps),
            state.exists() - messages,
            state.unseen() - unseen,
            state.size() - size,
            state.firstRecent()),
        keywords);
  }

  /**
   * The change that leads to other counters in one step.
   *
   * @param changed the messages that are new or have other flags
   */
  public Changed changedTo(MailboxStateRow after, MessageColumns changed) {
    return new Changed(
        after.state,
        state.highestModSeq(),
        after.state.highestModSeq(),
        changed,
        NumberSet.EMPTY,
        after.keywords);
  }

  public long modSeq() {
    return state.highestModSeq().value();
  }
}
