package io.postern.store.postgres.message;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.MessageColumns;
import io.postern.store.IndexReader;
import io.postern.store.Messages.Loaded;
import io.postern.store.Messages.Since;
import io.postern.store.postgres.page.DamagedPage;
import io.postern.store.postgres.page.PageLayout;
import io.postern.store.postgres.page.PageReader;
import io.postern.store.postgres.page.PageReader.Facts;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;

/**
 * Reads a mailbox, or its changes, in one statement and so at one moment. A change and the
 * mailbox's new mod-sequence are committed together: nothing above the bound is seen and nothing up
 * to it is missed. When nothing has changed since, the statement reads one row by primary key.
 */
public final class PgIndexReader implements IndexReader {
  /**
   * The columns behind those of {@link MailboxStateRow}: flags, facts, expunged UIDs, page,
   * checksums of facts, mark of damage, whether the tail is intact.
   */
  private static final int FLAGS = MailboxStateRow.WIDTH;

  /** Below every mod-sequence. */
  private static final long ALL = -1;

  private static final int FACTS = FLAGS + 1;
  private static final int GONE = FLAGS + 2;
  private static final int PAGE = FLAGS + 3;
  private static final int CHECKSUMS = FLAGS + 4;
  private static final int CONDITION = FLAGS + 5;

  /**
   * Arguments: account, mailbox, mod-sequence, and the first page whose facts are read. The first
   * row is the mailbox with its tail, the others are pages.
   */
  private static final String READ = "WITH " + read("$2", "$3", "$4");

  /** The same of the mailbox of a name; of all pages if it is not the one that is expected. */
  private static final String READ_NAMED =
      "WITH k AS MATERIALIZED (SELECT id, CASE WHEN id = $5 THEN $3::bigint ELSE "
          + ALL
          + " END AS since, CASE WHEN id = $5 THEN $4 ELSE 0 END AS page FROM mailbox"
          + " WHERE account = $1 AND name = $2), "
          + read("(SELECT id FROM k)", "(SELECT since FROM k)", "(SELECT page FROM k)");

  private static String read(String mailbox, String since, String firstPage) {
    return ("s AS MATERIALIZED (SELECT "
            + MailboxStateRow.COLUMNS
            + ", tail_flags, tail_facts, tail_crc, tail_crc_mod_seq, damaged FROM mailbox_state"
            + " WHERE account = $1 AND mailbox = :mailbox)"
            + " SELECT "
            + MailboxStateRow.COLUMNS
            + ", CASE WHEN mod_seq > :since THEN tail_flags END,"
            + " CASE WHEN mod_seq > :since THEN tail_facts END, CASE WHEN mod_seq > :since"
            + " AND :since >= 0 THEN ARRAY(SELECT unnest(e.uids) FROM expunged e"
            + " WHERE e.account = $1 AND e.mailbox = :mailbox AND e.mod_seq > :since) END,"
            + " NULL::int, NULL::bytea, damaged, mod_seq <= :since OR "
            + MailboxStateRow.TAIL_INTACT
            + " FROM s UNION ALL SELECT "
            + "NULL, ".repeat(MailboxStateRow.WIDTH)
            + "f.flags, CASE WHEN f.page >= :page THEN f.facts END, NULL, f.page,"
            + " f.facts_crc, NULL, NULL FROM mailbox_page f"
            + " WHERE f.account = $1 AND f.mailbox = :mailbox AND f.mod_seq > :since"
            + " AND (SELECT mod_seq FROM s) > :since")
        .replace(":mailbox", mailbox)
        .replace(":since", since)
        .replace(":page", firstPage);
  }

  /** Arguments: account, mailbox, mod-sequence. */
  private static final String EXPUNGED =
      "SELECT CASE WHEN s.expunged_floor <= $3 OR s.uid_next = 1"
          + " THEN ARRAY(SELECT unnest(e.uids) FROM expunged e"
          + " WHERE e.account = $1 AND e.mailbox = $2 AND e.mod_seq > $3) END"
          + " FROM mailbox_state s WHERE s.account = $1 AND s.mailbox = $2";

  private final Tx tx;
  private final DamagedMailboxes damaged;

  /**
   * @param damaged marks what cannot be read
   */
  public PgIndexReader(Tx tx, DamagedMailboxes damaged) {
    this.tx = tx;
    this.damaged = damaged;
  }

  /** With marks that no meter counts. */
  public PgIndexReader(Tx tx) {
    this(tx, new DamagedMailboxes(tx));
  }

  /** Executes a statement; its rows. */
  interface Executor {
    Future<RowSet<Row>> execute(String sql, Tuple arguments);
  }

  @Override
  public Uni<Loaded> load(MailboxKey mailbox) {
    return damaged.marking(
        tx.longRead(
            client ->
                whole(executor(client), mailbox)
                    .map(rows -> readable(mailbox.account(), rows))
                    .map(rows -> loaded(mailbox.account(), rows))));
  }

  @Override
  public Uni<Since> changesSince(MailboxKey mailbox, ModSeq since) {
    return changesSince(mailbox, since, 1);
  }

  @Override
  public Uni<Since> changesSince(MailboxKey mailbox, ModSeq since, long uidNext) {
    return damaged.marking(
        tx.autocommit(
            client ->
                changes(executor(client), mailbox, since, uidNext)
                    .map(rows -> readable(mailbox.account(), rows))
                    .compose(rows -> since(executor(client), mailbox, since, rows))));
  }

  @Override
  public Uni<Optional<NumberSet>> expungedSince(MailboxKey mailbox, ModSeq since) {
    var arguments = Tuple.of(mailbox.account().value(), mailbox.mailbox().value(), since.value());
    return tx.autocommit(
        client ->
            MailboxStateRow.present(client.preparedQuery(EXPUNGED).execute(arguments))
                .map(row -> Optional.ofNullable(row.getArrayOfLongs(0)).map(PgIndexReader::union)));
  }

  @Override
  public Uni<Optional<Found>> find(AccountId account, MailboxName name, Optional<Known> known) {
    return damaged.marking(
        known.isPresent()
            ? tx.autocommit(client -> found(executor(client), account, name, known))
            : tx.longRead(client -> found(executor(client), account, name, known)));
  }

  private static Future<Optional<Found>> found(
      Executor executor, AccountId account, MailboxName name, Optional<Known> known) {
    return executor
        .execute(
            READ_NAMED,
            Tuple.of(
                account.value(),
                name.value(),
                known.map(index -> index.modSeq().value()).orElse(ALL),
                known.map(index -> PageLayout.page(index.uidNext())).orElse(0),
                known.map(index -> index.mailbox().mailbox().value()).orElse(0L)))
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : found(
                            executor,
                            MailboxStateRow.key(account, state(rows), 0),
                            known,
                            readable(account, rows))
                        .map(Optional::of));
  }

  private static Future<Found> found(
      Executor executor, MailboxKey mailbox, Optional<Known> known, RowSet<Row> rows) {
    return known
        .filter(index -> index.mailbox().equals(mailbox))
        .map(
            index ->
                since(executor, mailbox, index.modSeq(), rows)
                    .<Found>map(since -> new Found.Changes(mailbox, since)))
        .orElseGet(
            () ->
                Future.succeededFuture(new Found.Whole(mailbox, loaded(mailbox.account(), rows))));
  }

  /** The rows; throws Damaged if the mailbox is marked. */
  private static RowSet<Row> readable(AccountId account, RowSet<Row> rows) {
    MailboxStateRow.readable(account, state(rows), CONDITION);
    return rows;
  }

  static Executor executor(SqlClient client) {
    return (sql, arguments) -> client.preparedQuery(sql).execute(arguments);
  }

  /** Reads the whole mailbox, marked or not; fails with MailboxGone or Damaged. */
  static Future<Loaded> load(Executor executor, MailboxKey mailbox) {
    return whole(executor, mailbox).map(rows -> loaded(mailbox.account(), rows));
  }

  private static Future<RowSet<Row>> whole(Executor executor, MailboxKey mailbox) {
    return present(executor.execute(READ, arguments(mailbox, ALL, 0)));
  }

  private static Future<RowSet<Row>> present(Future<RowSet<Row>> read) {
    return read.compose(
        rows -> MailboxStateRow.present(Future.succeededFuture(rows)).map(_ -> rows));
  }

  private static Loaded loaded(AccountId account, RowSet<Row> rows) {
    var state = MailboxStateRow.of(state(rows));
    return new Loaded(state.state(), messages(account, rows, state, ALL), state.keywords());
  }

  /** Reads the changes; fails with MailboxGone or Damaged. */
  static Future<Since> since(Executor executor, MailboxKey mailbox, ModSeq since, long uidNext) {
    return changes(executor, mailbox, since, uidNext)
        .compose(rows -> since(executor, mailbox, since, rows));
  }

  private static Future<RowSet<Row>> changes(
      Executor executor, MailboxKey mailbox, ModSeq since, long uidNext) {
    return present(
        executor.execute(READ, arguments(mailbox, since.value(), PageLayout.page(uidNext))));
  }

  private static Future<Since> since(
      Executor executor, MailboxKey mailbox, ModSeq since, RowSet<Row> rows) {
    var first = state(rows);
    var state = MailboxStateRow.of(first);
    if (state.modSeq() <= since.value()) {
      return Future.succeededFuture(
          new Since(state.state(), MessageColumns.EMPTY, NumberSet.EMPTY, state.keywords()));
    }
    var changed = messages(mailbox.account(), rows, state, since.value());
    if (since.value() >= first.getLong(MailboxStateRow.FLOOR) || state.state().uidNext() == 1) {
      var gone = union(first.getArrayOfLongs(GONE));
      return Future.succeededFuture(new Since(state.state(), changed, gone, state.keywords()));
    }
    return load(executor, mailbox).map(loaded -> since(loaded, since));
  }

  /** Below the log's floor removals are not recorded: all UIDs that do not exist now are gone. */
  private static Since since(Loaded loaded, ModSeq since) {
    var all = loaded.messages();
    var present = new NumberSet.Builder();
    var changed = new MessageColumns.Builder(16);
    for (int i = 0; i < all.size(); i++) {
      present.add(all.uid(i));
      if (all.modSeqs()[i] > since.value()) {
        changed.add(all.info(i));
      }
    }
    var gone = NumberSet.range(1, loaded.state().uidNext() - 1).minus(present.build());
    return new Since(loaded.state(), changed.build(), gone, loaded.keywords());
  }

  private static Tuple arguments(MailboxKey mailbox, long since, int page) {
    return Tuple.of(mailbox.account().value(), mailbox.mailbox().value(), since, page);
  }

  private static Row state(RowSet<Row> rows) {
    for (var row : rows) {
      if (row.getInteger(PAGE) == null) {
        return row;
      }
    }
    throw new IllegalStateException("pages without their mailbox");
  }

  /** Throws Damaged. */
  private static MessageColumns messages(
      AccountId account, RowSet<Row> rows, MailboxStateRow state, long since) {
    var tail = state(rows);
    try {
      return messages(rows, tail, state, since);
    } catch (DamagedPage fault) {
      throw MailboxStateRow.damaged(account, tail, String.valueOf(fault.getMessage()));
    }
  }

  private static MessageColumns messages(
      RowSet<Row> rows, Row tail, MailboxStateRow state, long since) {
    var pages = new ArrayList<Row>(rows.size());
    for (var row : rows) {
      if (row.getInteger(PAGE) != null) {
        pages.add(row);
      }
    }
    pages.sort(Comparator.comparing(row -> row.getInteger(PAGE)));
    var reader = new PageReader(since == ALL ? state.state().exists() : 16, since);
    for (var row : pages) {
      reader.page(
          row.getInteger(PAGE),
          row.getBuffer(FLAGS).getBytes(),
          Optional.ofNullable(row.getBuffer(FACTS))
              .map(facts -> new Facts(facts.getBytes(), row.getBuffer(CHECKSUMS).getBytes())));
    }
    if (!tail.getBoolean(CONDITION + 1)) {
      throw new DamagedPage("the checksum of the tail does not match");
    }
    reader.tail(
        PageLayout.tailStart(state.state().uidNext()),
        tail.getBuffer(FLAGS).getBytes(),
        tail.getBuffer(FACTS).getBytes());
    return reader.build();
  }

  /** The union of ranges, given as first, last, first, last, … in any order. */
  private static NumberSet union(Long[] bounds) {
    record Range(long first, long last) {}
    var all = new ArrayList<Range>(bounds.length / 2);
    for (int i = 0; i < bounds.length; i += 2) {
      all.add(new Range(bounds[i], bounds[i + 1]));
    }
    all.sort(Comparator.comparingLong(Range::first));
    var set = new NumberSet.Builder();
    all.forEach(range -> set.add(range.first, range.last));
    return set.build();
  }
}
