package io.postern.store.postgres;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.message.MessageColumns;
import io.postern.store.StoreException;
import io.postern.store.postgres.message.MailboxStateRow;
import io.postern.store.postgres.page.DamagedPage;
import io.postern.store.postgres.page.PageLayout;
import io.postern.store.postgres.page.PageReader;
import io.postern.store.postgres.page.PageReader.Facts;
import io.postern.store.postgres.page.PageWriter;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Rewrites pages of which expunges have left little: the facts of the messages that are gone are
 * dropped, and a page without a message is deleted. A message keeps its UID, and so its page, slot
 * and mod-sequence: pages of neighbours are not merged into one row, which the version before could
 * not read. Which UIDs were expunged is in a log of its own, so that VANISHED and changes since a
 * mod-sequence are answered as before.
 *
 * <p>A page is rewritten with the mailbox's row locked, and only if it is still as sparse then. The
 * mailbox's mod-sequence stays: a change that another node has computed meanwhile replaces the
 * flags of whole pages, and touches none that has no message. Bounded: a run reads so many pages,
 * and the next goes on behind them. Several nodes may run at once.
 */
public final class SparsePages {
  /** How many pages one statement reads. */
  private static final int BATCH = 512;

  /** How many octets of facts are gained at least. */
  private static final int LEAST_GAIN = 1_024;

  private static final String NEXT =
      "SELECT account, mailbox, page, flags, octet_length(facts) FROM mailbox_page"
          + " WHERE (account, mailbox, page) > ($1, $2, $3) ORDER BY account, mailbox, page LIMIT ";

  private static final String READ =
      "SELECT flags, facts, facts_crc FROM mailbox_page"
          + " WHERE account = $1 AND mailbox = $2 AND page = $3";

  private static final String DELETE =
      "DELETE FROM mailbox_page WHERE account = $1 AND mailbox = $2 AND page = $3";

  private static final String REWRITE =
      "UPDATE mailbox_page SET flags = $4, facts = $5, facts_crc = $6"
          + " WHERE account = $1 AND mailbox = $2 AND page = $3";

  private static final Position START = new Position(Long.MIN_VALUE, Long.MIN_VALUE, 0);

  private final Tx tx;
  private final int batch;
  private final int batches;
  private final AtomicReference<Position> position = new AtomicReference<>(START);

  /** Reads up to 8,192 pages in a run. */
  public SparsePages(Tx tx) {
    this(tx, BATCH, 16);
  }

  /**
   * @param batch how many pages one statement reads, 1 or more
   * @param batches how many statements a run reads pages by, 1 or more
   */
  public SparsePages(Tx tx, int batch, int batches) {
    this.tx = tx;
    this.batch = batch;
    this.batches = batches;
  }

  /** A page; the next ones are behind it. */
  private record Position(long account, long mailbox, int page) {
    static Position of(Row row) {
      return new Position(row.getLong(0), row.getLong(1), row.getInteger(2));
    }

    MailboxKey key() {
      return new MailboxKey(new AccountId(account), new MailboxId(mailbox));
    }
  }

  /** Rewrites the sparse ones among the next pages; how many there were. */
  public Uni<Long> run() {
    return Multi.createBy()
        .repeating()
        .uni(this::next)
        .atMost(batches)
        .select()
        .first(rows -> rows.size() > 0)
        .onItem()
        .<Position>transformToMultiAndConcatenate(rows -> Multi.createFrom().iterable(sparse(rows)))
        .onItem()
        .transformToUniAndConcatenate(this::rewrite)
        .filter(done -> done)
        .collect()
        .with(Collectors.counting());
  }

  /** The next pages; none at the end, after which it begins anew. */
  private Uni<RowSet<Row>> next() {
    var after = position.get();
    return tx.readSnapshot(s -> s.run(NEXT + batch, after.account, after.mailbox, after.page))
        .invoke(
            rows -> {
              var last = START;
              for (var row : rows) {
                last = Position.of(row);
              }
              position.set(last);
            });
  }

  private static List<Position> sparse(RowSet<Row> rows) {
    var found = new ArrayList<Position>();
    for (var row : rows) {
      var flags = row.getBuffer(3).getBytes();
      if (isSparse(row.getInteger(2), flags, row.getInteger(4))) {
        found.add(Position.of(row));
      }
    }
    return found;
  }

  private static boolean isSparse(int page, byte[] flags, int octets) {
    var reader = new PageReader(PageLayout.PAGE, -1);
    try {
      reader.page(page, flags, Optional.empty());
    } catch (DamagedPage damaged) {
      // The page is not changed; the next read of the mailbox reports the damage.
      return false;
    }
    return isSparse(reader.build(), octets);
  }

  private static boolean isSparse(MessageColumns messages, int octets) {
    int needed = PageWriter.packedOctets(messages);
    return messages.size() == 0 || (octets >= 2 * needed && octets - needed >= LEAST_GAIN);
  }

  /** Whether the page was still sparse; a mailbox that is gone or damaged is left alone. */
  private Uni<Boolean> rewrite(Position page) {
    return tx.write(
            s ->
                MailboxStateRow.lock(s, page.key())
                    .compose(_ -> s.run(READ, page.account, page.mailbox, page.page))
                    .compose(rows -> rewrite(s, page, rows)))
        .onFailure(failure -> failure instanceof StoreException || failure instanceof DamagedPage)
        .recoverWithItem(false);
  }

  private static Future<Boolean> rewrite(Statements statements, Position page, RowSet<Row> rows) {
    if (rows.size() == 0) {
      return Future.succeededFuture(false);
    }
    var row = rows.iterator().next();
    var facts = row.getBuffer(1).getBytes();
    var reader = new PageReader(PageLayout.PAGE, -1);
    reader.page(
        page.page,
        row.getBuffer(0).getBytes(),
        Optional.of(new Facts(facts, row.getBuffer(2).getBytes())));
    var messages = reader.build();
    if (!isSparse(messages, facts.length)) {
      return Future.succeededFuture(false);
    }
    if (messages.size() == 0) {
      return statements.run(DELETE, page.account, page.mailbox, page.page).map(true);
    }
    var packed = PageWriter.packed(messages);
    return statements
        .run(
            REWRITE,
            page.account,
            page.mailbox,
            page.page,
            packed.flags(),
            packed.facts(),
            packed.checksums())
        .map(true);
  }
}
