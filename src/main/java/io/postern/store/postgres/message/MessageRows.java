package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.InternalDate;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.function.BinaryOperator;
import java.util.stream.Collector;

/** Converts rows of {@code message} to and from columns. */
public final class MessageRows {
  /** Rows written by one statement: about a megabyte of arguments. */
  private static final int SLICE = 8_192;

  /** What {@link #collector} reads, in its order. */
  static final String COLUMNS =
      "uid, flags, mod_seq, size, internal_date, internal_zone, saved, content";

  /** The same columns, of the messages m. */
  static final String OF_M = "m." + COLUMNS.replace(", ", ", m.");

  /** A UID set, given as two arrays of its ranges' ends, and each of its messages m. */
  static final String WITHIN = within("m.*", "");

  /** The inner order names the index, see {@link #within}. */
  private static final String SINCE =
      "SELECT "
          + OF_M
          + " FROM (SELECT * FROM message WHERE account = $1 AND mailbox = $2 AND mod_seq > $3"
          + " ORDER BY mod_seq) m ORDER BY m.uid";

  private static final String ALL =
      "SELECT " + COLUMNS + " FROM message WHERE account = $1 AND mailbox = $2 ORDER BY uid";

  private static final String SOME = "SELECT " + OF_M + " FROM " + WITHIN + " ORDER BY m.uid";

  private static final String INSERT =
      "INSERT INTO message (account, mailbox, "
          + COLUMNS
          + ") SELECT $1, $2, * FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::int[],"
          + " $7::bigint[], $8::int[], $9::bigint[], $10::bigint[])";

  private MessageRows() {}

  /**
   * The condition that a row m of {@code message} is in the UID set and meets another condition.
   * Only for a statement that begins when its transaction holds the lock of the mailbox's row: then
   * no row moves between the lookup and the change.
   *
   * @param condition about m, with AND before it; or empty
   */
  static String placed(String condition) {
    return "m.ctid = ANY (ARRAY(SELECT m.ctid FROM " + within("m.ctid", condition) + "))";
  }

  /**
   * Looks each range up by itself, by the primary key. The inner ORDER BY keeps the planner from
   * two mistakes that its statistics cause, which do not show one large mailbox among many small
   * ones: a join that compares every message of the mailbox with every range, and another index
   * that finds all messages of the mailbox for each range. So the plan is the same whether it is
   * made for these arguments or for any ({@link io.postern.store.postgres.tx.Tx#writeOrdered}). The
   * ranges do not overlap, and give each message once.
   */
  private static String within(String columns, String condition) {
    return "unnest($3::bigint[], $4::bigint[]) AS r(least, greatest) CROSS JOIN LATERAL (SELECT "
        + columns
        + " FROM message m WHERE m.account = $1 AND m.mailbox = $2"
        + " AND m.uid BETWEEN r.least AND r.greatest"
        + condition
        + " ORDER BY m.uid) m";
  }

  static Future<MessageColumns> all(Statements statements, MailboxKey key) {
    return statements.collect(
        ALL, collector(), Tuple.of(key.account().value(), key.mailbox().value()));
  }

  static Future<MessageColumns> since(Statements statements, MailboxKey key, long modSeq) {
    return statements.collect(
        SINCE, collector(), Tuple.of(key.account().value(), key.mailbox().value(), modSeq));
  }

  static Future<MessageColumns> some(Statements statements, MailboxKey key, NumberSet uids) {
    return statements.collect(SOME, collector(), ranges(key, uids));
  }

  /** Account, mailbox, and the ranges for {@link #WITHIN}, with room for more. */
  static Tuple ranges(MailboxKey key, NumberSet uids, Object... more) {
    var least = new Long[uids.ranges()];
    var greatest = new Long[uids.ranges()];
    for (int i = 0; i < least.length; i++) {
      least[i] = uids.first(i);
      greatest[i] = uids.last(i);
    }
    var tuple =
        Tuple.of(key.account().value(), key.mailbox().value())
            .addArrayOfLong(least)
            .addArrayOfLong(greatest);
    for (var value : more) {
      tuple.addValue(value);
    }
    return tuple;
  }

  /** Writes rows, at most {@link #SLICE} per statement. */
  public static Future<?> insert(Statements statements, MailboxKey key, MessageColumns rows) {
    return insert(statements, key, rows, 0);
  }

  private static Future<?> insert(
      Statements statements, MailboxKey key, MessageColumns rows, int from) {
    int to = Math.min(rows.size(), from + SLICE);
    var slice = insertSlice(statements, key, rows, from, to);
    return to == rows.size() ? slice : slice.compose(_ -> insert(statements, key, rows, to));
  }

  /** Commits what was written with these rows: right behind it, or after the last slice. */
  public static Future<?> commit(Statements statements, MessageColumns rows, Future<?> written) {
    return rows.size() <= SLICE
        ? Future.all(written, statements.commit())
        : written.compose(_ -> statements.commit());
  }

  private static Future<?> insertSlice(
      Statements statements, MailboxKey key, MessageColumns rows, int from, int to) {
    int n = to - from;
    var uids = new Long[n];
    var flags = new Long[n];
    var modSeqs = new Long[n];
    var sizes = new Integer[n];
    var dates = new Long[n];
    var zones = new Integer[n];
    var saved = new Long[n];
    var contents = new Long[n];
    for (int i = 0; i < n; i++) {
      int row = from + i;
      var date = InternalDate.unpack(rows.internalDates()[row]);
      uids[i] = rows.uid(row);
      flags[i] = rows.flags()[row];
      modSeqs[i] = rows.modSeqs()[row];
      sizes[i] = rows.sizes()[row];
      dates[i] = date.epochSecond();
      zones[i] = date.offsetMinutes();
      saved[i] = rows.saved()[row];
      contents[i] = rows.contents()[row];
    }
    return statements.run(
        INSERT,
        key.account().value(),
        key.mailbox().value(),
        uids,
        flags,
        modSeqs,
        sizes,
        dates,
        zones,
        saved,
        contents);
  }

  /** Collects rows of {@link #COLUMNS}, ascending by uid, without keeping an object a row. */
  static Collector<Row, ?, MessageColumns> collector() {
    return Collector.of(
        () -> new MessageColumns.Builder(16),
        MessageRows::add,
        oneByOne(),
        MessageColumns.Builder::build);
  }

  /** Joins nothing: rows are collected one after the other. */
  static <A> BinaryOperator<A> oneByOne() {
    return (_, _) -> {
      throw new IllegalStateException("rows come one after the other");
    };
  }

  /** Adds a row that begins with {@link #COLUMNS}. */
  static void add(MessageColumns.Builder columns, Row row) {
    add(columns, row, 0);
  }

  /** Adds a row that has {@link #COLUMNS} from this place on. */
  static void add(MessageColumns.Builder columns, Row row, int at) {
    columns.add(
        row.getLong(at),
        row.getLong(at + 1),
        row.getLong(at + 2),
        row.getInteger(at + 3),
        new InternalDate(row.getLong(at + 4), row.getShort(at + 5)).packed(),
        row.getLong(at + 6),
        row.getLong(at + 7));
  }
}
