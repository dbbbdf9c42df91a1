package io.postern.store.postgres;

import io.postern.store.postgres.message.MailboxStateRow;
import io.postern.store.postgres.page.DamagedPage;
import io.postern.store.postgres.page.PageLayout;
import io.postern.store.postgres.page.PageReader;
import io.postern.store.postgres.page.RecoveryCodec;
import io.postern.store.postgres.tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Compares the contents of an account with those that its messages and its recoverable messages
 * name, in one snapshot. In memory are eight octets for each name, and a few pages at a time.
 */
final class AccountContents {
  private static final int PAGES = 128;
  private static final int TAILS = 256;
  private static final int RECOVERY_ROWS = 512;
  private static final int CONTENTS = 10_000;

  private static final String READ_PAGES =
      "SELECT mailbox, page, flags, facts, facts_crc FROM mailbox_page WHERE account = $1"
          + " AND (mailbox, page) > ($2, $3) ORDER BY mailbox, page LIMIT "
          + PAGES;

  private static final String READ_TAILS =
      "SELECT mailbox, uid_next, tail_flags, tail_facts, "
          + MailboxStateRow.TAIL_INTACT
          + " FROM mailbox_state WHERE account = $1"
          + " AND mailbox > $2 ORDER BY mailbox LIMIT "
          + TAILS;

  /** As many as have together about as many octets as one row may have. */
  private static final String READ_RECOVERY =
      "SELECT id, entries FROM (SELECT id, entries, sum(octet_length(entries)) OVER (ORDER BY id)"
          + " - octet_length(entries) AS before FROM (SELECT id, entries FROM recovery"
          + " WHERE account = $1 AND id > $2 ORDER BY id LIMIT %d) r) r".formatted(RECOVERY_ROWS)
          + " WHERE before < %d ORDER BY id"
              .formatted(RecoveryCodec.ENTRY * RecoveryCodec.MAX_ENTRIES);

  private static final String READ_CONTENTS =
      "SELECT id FROM content WHERE account = $1 AND id > $2 ORDER BY id LIMIT " + CONTENTS;

  private final Statements statements;
  private final long account;
  private final LongStream.Builder named = LongStream.builder();
  private final LongStream.Builder unnamed = LongStream.builder();
  private int found;

  /**
   * @param statements of a transaction that sees one snapshot
   */
  AccountContents(Statements statements, long account) {
    this.statements = statements;
    this.account = account;
  }

  /**
   * The ids of contents that nothing names, ascending; fails with DamagedPage.
   *
   * @param limit how many at most
   */
  Future<long[]> unnamed(int limit) {
    return pages(Long.MIN_VALUE, 0)
        .compose(_ -> tails(Long.MIN_VALUE))
        .compose(_ -> recovery(Long.MIN_VALUE))
        .map(_ -> named.build().sorted().toArray())
        .compose(known -> unnamed(known, Long.MIN_VALUE, limit))
        .map(_ -> unnamed.build().toArray());
  }

  private Future<?> pages(long mailbox, int page) {
    return statements
        .run(READ_PAGES, account, mailbox, page)
        .compose(
            rows -> {
              long lastMailbox = mailbox;
              int lastPage = page;
              for (var row : rows) {
                var reader = new PageReader(PageLayout.PAGE, -1);
                lastMailbox = row.getLong(0);
                lastPage = row.getInteger(1);
                reader.page(
                    lastPage,
                    octets(row, 2),
                    Optional.of(new PageReader.Facts(octets(row, 3), octets(row, 4))));
                Arrays.stream(reader.build().contents()).forEach(named);
              }
              return rows.size() < PAGES ? Future.succeededFuture() : pages(lastMailbox, lastPage);
            });
  }

  private Future<?> tails(long mailbox) {
    return statements
        .run(READ_TAILS, account, mailbox)
        .compose(
            rows -> {
              long last = mailbox;
              for (var row : rows) {
                last = row.getLong(0);
                var reader = new PageReader(PageLayout.BLOCK, -1);
                if (!row.getBoolean(4)) {
                  throw new DamagedPage("the checksum of a tail does not match");
                }
                reader.tail(PageLayout.tailStart(row.getLong(1)), octets(row, 2), octets(row, 3));
                Arrays.stream(reader.build().contents()).forEach(named);
              }
              return rows.size() < TAILS ? Future.succeededFuture() : tails(last);
            });
  }

  private Future<?> recovery(long id) {
    return statements
        .run(READ_RECOVERY, account, id)
        .compose(
            rows -> {
              long last = id;
              for (var row : rows) {
                last = row.getLong(0);
                RecoveryCodec.decode(octets(row, 1)).stream()
                    .filter(entry -> entry.uid() != 0)
                    .forEach(entry -> named.accept(entry.content()));
              }
              return rows.size() == 0 ? Future.succeededFuture() : recovery(last);
            });
  }

  /** Reads the ids of all contents, ascending, and keeps those that are not known. */
  private Future<?> unnamed(long[] known, long after, int limit) {
    return statements
        .run(READ_CONTENTS, account, after)
        .compose(
            rows -> {
              long last = after;
              for (var row : rows) {
                last = row.getLong(0);
                if (found < limit && Arrays.binarySearch(known, last) < 0) {
                  unnamed.accept(last);
                  found++;
                }
              }
              return rows.size() < CONTENTS || found == limit
                  ? Future.succeededFuture()
                  : unnamed(known, last, limit);
            });
  }

  private static byte[] octets(Row row, int column) {
    return row.getBuffer(column).getBytes();
  }
}
