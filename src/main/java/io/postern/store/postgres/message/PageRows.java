package io.postern.store.postgres.message;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.Uid;
import io.postern.model.message.MessageColumns;
import io.postern.store.Destination;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.postgres.page.PageLayout;
import io.postern.store.postgres.page.PageWriter;
import io.postern.store.postgres.page.RecoveryCodec;
import io.postern.store.postgres.tx.Statements;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The statements that write pages, the tail and the counters of a mailbox. */
public final class PageRows {
  private static final String PAGES = ", p AS (" + replaced("s", "$2", "$5", 11) + ")";

  /**
   * Replaces flags of pages and of the tail, if the mailbox is still at the mod-sequence that the
   * caller's index has, and writes the log of removals. A row that another transaction updates
   * meanwhile is checked again after it; if it passes, no change was committed since, so this
   * statement's snapshot has the newest pages. Changes nothing in a mailbox that is damaged. Fails
   * if a page is missing. Arguments: account, mailbox, UIDVALIDITY, mod-sequence before;
   * mod-sequence, messages, unseen, octets, keywords and tail after; numbers and flags of pages; of
   * each removal its mod-sequence and UIDs, as text; entries of recoverable messages.
   */
  private static final String CHANGE = change("") + " SELECT " + allReplaced(11) + " FROM s";

  /** Without removals: PostgreSQL prepares each table of a statement, also if no row is for it. */
  private static final String FLAGS = state("") + PAGES + " SELECT " + allReplaced(11) + " FROM s";

  /** As {@link #FLAGS}, in the tail only. */
  private static final String TAIL_FLAGS = state("") + " SELECT mod_seq FROM s";

  /**
   * The same while a maildrop lock is held, which it releases, behind the mailbox's row; fails if
   * the lock is lost meanwhile. The last argument is the lock's token.
   */
  static final String CHANGE_AND_RELEASE =
      change(" AND EXISTS (SELECT FROM maildrop_lock" + PgMaildropLocks.held("$16") + ")")
          + ", d AS (UPDATE maildrop_lock SET until = '-infinity' FROM s"
          + PgMaildropLocks.held("$16")
          + " RETURNING token) SELECT "
          + allReplaced(11)
          + " / (SELECT count(*) FROM d) FROM s";

  private static String change(String condition) {
    return state(condition)
        + PAGES
        + ", e AS ("
        + logged("s", "$2", 13)
        + "), r AS (INSERT INTO recovery (account, mailbox, entries)"
        + " SELECT $1, $2, x.entries FROM s, unnest($15::bytea[]) AS x(entries))";
  }

  private static String state(String condition) {
    return "WITH s AS (UPDATE mailbox_state SET mod_seq = $5, messages = $6, unseen = $7,"
        + " size = $8, keywords = $9, tail_flags = $10, "
        + checked("$10::bytea", "tail_facts", "$5")
        + " WHERE account = $1 AND mailbox = $2 AND uid_validity = $3 AND mod_seq = $4 AND "
        + MailboxStateRow.WRITABLE
        + condition
        + " RETURNING mod_seq)";
  }

  /** Of a mailbox whose row the transaction has locked. */
  private static final String PUT =
      "WITH s AS (UPDATE mailbox_state SET uid_next = $3, mod_seq = $4, messages = $5, unseen = $6,"
          + " size = $7, keywords = $8, tail_flags = $9, tail_facts = $10, "
          + checked("$9::bytea", "$10::bytea", "$4")
          + " WHERE account = $1 AND mailbox = $2 RETURNING mod_seq), p AS ("
          + appended("s", "$2", "$4", 11)
          + ") SELECT mod_seq FROM s";

  /** What {@link Tail#of} reads. */
  static final String TAIL =
      MailboxStateRow.COLUMNS + ", tail_flags, tail_facts, " + MailboxStateRow.CONDITION;

  private static final String READ =
      "SELECT " + TAIL + " FROM mailbox_state WHERE account = $1 AND mailbox = ";

  private static final String LOCK = READ + "$2 FOR UPDATE";

  private static final String NAMED = "(" + MailboxStateRow.NAMED + ")";

  private PageRows() {}

  /**
   * A mailbox's counters and its newest messages.
   *
   * @param mailbox its id
   * @param row the counters
   * @param flags as PageWriter encodes them
   * @param facts of the same messages
   */
  public record Tail(MailboxId mailbox, MailboxStateRow row, Buffer flags, Buffer facts) {
    /** Throws Damaged. */
    static Tail of(AccountId account, Row row) {
      MailboxStateRow.writable(account, row, MailboxStateRow.WIDTH + 2);
      return new Tail(
          new MailboxId(row.getLong(0)),
          MailboxStateRow.of(row),
          row.getBuffer(MailboxStateRow.WIDTH),
          row.getBuffer(MailboxStateRow.WIDTH + 1));
    }

    static Tail of(MailboxId mailbox, MailboxIndex index) {
      return new Tail(
          mailbox, MailboxStateRow.of(index), PageWriter.tail(index), PageWriter.tailFacts(index));
    }
  }

  /**
   * Replaces flags of pages, which arrays from an argument on give. The pages are named twice, so
   * that only these are read whatever the join is: the planner's statistics do not show one large
   * mailbox among many small ones.
   */
  static String replaced(String when, String mailbox, String modSeq, int first) {
    return "UPDATE mailbox_page f SET mod_seq = %s, flags = x.flags".formatted(modSeq)
        + " FROM %s, unnest($%d::int[], $%d::bytea[]) AS x(page, flags)"
            .formatted(when, first, first + 1)
        + " WHERE f.account = $1 AND f.mailbox = %s AND f.page = ANY($%d::int[])"
            .formatted(mailbox, first)
        + " AND f.page = x.page RETURNING f.page";
  }

  /** A division by zero unless {@code p} has replaced all pages. */
  static String allReplaced(int first) {
    return "1 / ((SELECT count(*) FROM p) = cardinality($" + first + "))::int";
  }

  /** Logs removals, which arrays from an argument on give. */
  static String logged(String when, String mailbox, int first) {
    return "INSERT INTO expunged (account, mailbox, mod_seq, uids) SELECT $1, "
        + mailbox
        + ", x.mod_seq, x.uids::bigint[] FROM %s, unnest($%d::bigint[], $%d::text[])"
            .formatted(when, first, first + 1)
        + " AS x(mod_seq, uids)";
  }

  /** Sets the checksum of a tail: expressions of its flags, its facts and the mod-sequence. */
  public static String checked(String flags, String facts, String modSeq) {
    return "tail_crc = crc32c(%s || %s), tail_crc_mod_seq = %s".formatted(flags, facts, modSeq);
  }

  /** The checksum of a block of facts as FactsCodec has it. */
  public static String factsCrc(String block) {
    return "substring(%1$s FROM 2 FOR 1) || substring(int8send(crc32c(%1$s)) FROM 5)"
        .formatted(block);
  }

  /** Appends blocks to pages, which arrays from an argument on give. */
  static String appended(String when, String mailbox, String modSeq, int first) {
    return "INSERT INTO mailbox_page AS f (account, mailbox, page, mod_seq, flags, facts, facts_crc)"
        + " SELECT $1, %s, x.page, %s, x.flags, x.facts, ".formatted(mailbox, modSeq)
        + factsCrc("x.facts")
        + " FROM %s, unnest($%d::int[], $%d::bytea[], $%d::bytea[]) AS x(page, flags, facts)"
            .formatted(when, first, first + 1, first + 2)
        + " ON CONFLICT (account, mailbox, page) DO UPDATE SET mod_seq = excluded.mod_seq,"
        + " flags = f.flags || excluded.flags, facts = f.facts || excluded.facts,"
        + " facts_crc = f.facts_crc || excluded.facts_crc";
  }

  /** Locks the row of a mailbox; fails with MailboxGone, NoSuchMailbox or Damaged. */
  static Future<Tail> lock(Statements statements, Destination to) {
    return switch (to) {
      case Destination.Keyed(var key) -> lock(statements, key);
      case Destination.Named(var account, var name, _) ->
          named(
              statements.run(READ + NAMED + " FOR UPDATE", account.value(), name.value()),
              account,
              name);
    };
  }

  /**
   * Reads the counters and the newest messages; fails with MailboxGone, NoSuchMailbox or Damaged.
   */
  static Future<Tail> read(SqlClient client, Destination to) {
    return switch (to) {
      case Destination.Keyed(var key) ->
          MailboxStateRow.present(
                  client
                      .preparedQuery(READ + "$2")
                      .execute(Tuple.of(key.account().value(), key.mailbox().value())))
              .map(row -> Tail.of(key.account(), row));
      case Destination.Named(var account, var name, _) ->
          named(
              client.preparedQuery(READ + NAMED).execute(Tuple.of(account.value(), name.value())),
              account,
              name);
    };
  }

  private static Future<Tail> named(Future<RowSet<Row>> rows, AccountId account, MailboxName name) {
    return rows.compose(
        found ->
            found.size() == 0
                ? Future.failedFuture(new StoreException(new StoreFailure.NoSuchMailbox(name)))
                : Future.succeededFuture(Tail.of(account, found.iterator().next())));
  }

  /** Locks a mailbox's row; fails with MailboxGone or Damaged. */
  public static Future<Tail> lock(Statements statements, MailboxKey mailbox) {
    return MailboxStateRow.present(
            statements.run(LOCK, mailbox.account().value(), mailbox.mailbox().value()))
        .map(row -> Tail.of(mailbox.account(), row));
  }

  /** A statement that makes changes, and its arguments. */
  record Change(String sql, Tuple arguments) {}

  /** Makes operations that were done one after the other; no row if another change came first. */
  static Change change(
      MailboxKey mailbox, MailboxIndex before, List<IndexOperation.Result> results) {
    var after = results.getLast().after();
    var tuple = state(mailbox, before, after);
    if (results.stream().anyMatch(result -> !result.change().gone().isEmpty())) {
      return new Change(CHANGE, removals(tuple, after, results));
    }
    var pages = pages(after, results.stream());
    return pages.isEmpty()
        ? new Change(TAIL_FLAGS, tuple)
        : new Change(FLAGS, replaced(tuple, after, pages));
  }

  /** The arguments of {@link #CHANGE} for operations that were done one after the other. */
  static Tuple changes(
      MailboxKey mailbox, MailboxIndex before, List<IndexOperation.Result> results) {
    var after = results.getLast().after();
    return removals(state(mailbox, before, after), after, results);
  }

  private static Tuple state(MailboxKey mailbox, MailboxIndex before, MailboxIndex after) {
    var state = after.state();
    return Tuple.of(mailbox.account().value(), mailbox.mailbox().value())
        .addLong(before.uidValidity().value())
        .addLong(before.modSeq().value())
        .addLong(state.highestModSeq().value())
        .addInteger(state.exists())
        .addInteger(state.unseen())
        .addLong(state.size())
        .addArrayOfString(after.keywords().names().toArray(String[]::new))
        .addBuffer(PageWriter.tail(after));
  }

  private static Tuple removals(
      Tuple tuple, MailboxIndex after, List<IndexOperation.Result> results) {
    replaced(tuple, after, pages(after, results.stream()));
    logged(tuple, results.stream());
    return tuple.addArrayOfBuffer(
        results.stream()
            .filter(IndexOperation.Result::recoverable)
            .flatMap(result -> RecoveryCodec.encode(result.removed()).stream())
            .toArray(Buffer[]::new));
  }

  /** Adds the arguments of {@link #replaced(String, String, String, int)}. */
  static void replaced(Tuple tuple, MailboxIndex after, Stream<IndexOperation.Result> results) {
    replaced(tuple, after, pages(after, results));
  }

  private static Tuple replaced(Tuple tuple, MailboxIndex after, SortedSet<Integer> pages) {
    var flags = PageWriter.flags(after, pages);
    return tuple.addArrayOfInteger(flags.pages()).addArrayOfBuffer(flags.flags());
  }

  private static SortedSet<Integer> pages(
      MailboxIndex after, Stream<IndexOperation.Result> results) {
    long tailStart = PageLayout.tailStart(after.uidNext());
    var pages = new TreeSet<Integer>();
    results.forEach(
        result -> {
          pages.addAll(PageWriter.pagesOf(result.change().changed(), tailStart));
          pages.addAll(PageWriter.pagesOf(result.removed(), tailStart));
        });
    return pages;
  }

  /** Adds the arguments of {@link #logged(String, String, int)}. */
  static void logged(Tuple tuple, Stream<IndexOperation.Result> results) {
    var modSeqs = new ArrayList<Long>();
    var uids = new ArrayList<String>();
    results
        .filter(result -> !result.change().gone().isEmpty())
        .forEach(
            result -> {
              modSeqs.add(result.change().modSeq().value());
              uids.add(bounds(result.change().gone()));
            });
    tuple
        .addArrayOfLong(modSeqs.toArray(Long[]::new))
        .addArrayOfString(uids.toArray(String[]::new));
  }

  private static String bounds(NumberSet uids) {
    return IntStream.range(0, uids.ranges())
        .mapToObj(range -> uids.first(range) + "," + uids.last(range))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** Appends messages to a mailbox whose row the transaction has locked. */
  public static Future<?> put(Statements statements, MailboxKey mailbox, Tail before, Changed put) {
    var state = put.state();
    var added = append(before, put.changed());
    return statements.run(
        PUT,
        Tuple.of(mailbox.account().value(), mailbox.mailbox().value())
            .addLong(state.uidNext())
            .addLong(state.highestModSeq().value())
            .addInteger(state.exists())
            .addInteger(state.unseen())
            .addLong(state.size())
            .addArrayOfString(put.keywords().names().toArray(String[]::new))
            .addBuffer(added.tailFlags())
            .addBuffer(added.tailFacts())
            .addArrayOfInteger(added.pages())
            .addArrayOfBuffer(added.flags())
            .addArrayOfBuffer(added.facts()));
  }

  /** The pages and the tail after messages were appended. */
  static PageWriter.Appended append(Tail before, MessageColumns rows) {
    return PageWriter.append(before.flags(), before.facts(), before.row().state().uidNext(), rows);
  }

  /**
   * Fails with LimitReached if so many messages do not get a UID.
   *
   * @return the UID of the first
   */
  public static long firstUid(MailboxStateRow before, int messages) {
    long uid = before.state().uidNext();
    if (uid + messages - 1 > Uid.MAX) {
      throw new StoreException(new StoreFailure.LimitReached("UIDs", Uid.MAX));
    }
    return uid;
  }
}
