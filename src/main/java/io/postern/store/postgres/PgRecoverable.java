package io.postern.store.postgres;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.Uid;
import io.postern.model.message.InternalDate;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.ChangeListener;
import io.postern.store.Messages.Changed;
import io.postern.store.maintenance.Recoverable;
import io.postern.store.postgres.message.PageRows;
import io.postern.store.postgres.message.PageRows.Tail;
import io.postern.store.postgres.page.RecoveryCodec;
import io.postern.store.postgres.page.RecoveryCodec.Entry;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Recoverable messages in PostgreSQL: a row of {@code recovery} for each command that removed some.
 *
 * <p>The id of a message is made of the row's id and of its position in the row, which never
 * changes: an entry that was restored is overwritten with zeros ({@link RecoveryTake}). The row's
 * id comes from a sequence, so an id has room for 2^48 rows.
 */
public final class PgRecoverable implements Recoverable {
  /**
   * The entries behind an id, of as few rows as have the wanted number. Arguments: account, row,
   * position in that row, number of entries. Only this part of the rows is read, because the column
   * is neither compressed nor inline.
   */
  private static final String LIST =
      "SELECT id, mailbox, removed AT TIME ZONE 'UTC', first,"
          + " substring(entries FROM first * %1$d + 1 FOR $4 * %1$d),"
              .formatted(RecoveryCodec.ENTRY)
          + " octet_length(entries) / %1$d".formatted(RecoveryCodec.ENTRY)
          + " FROM (SELECT id, mailbox, removed, entries, first, coalesce(sum(n) OVER (ORDER BY id"
          + " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM"
          + " (SELECT *, octet_length(entries) / %1$d - first AS n FROM"
              .formatted(RecoveryCodec.ENTRY)
          + " (SELECT *, CASE WHEN id = $2 THEN $3::int ELSE 0 END AS first FROM recovery"
          + " WHERE account = $1 AND id >= $2 ORDER BY id LIMIT $4::int + 1) r) r) r"
          + " WHERE before < $4 ORDER BY id";

  private final Tx tx;
  private final InstantSource clock;
  private final ChangeListener listener;

  /**
   * @param listener is notified of each restore to a mailbox
   */
  public PgRecoverable(Tx tx, InstantSource clock, ChangeListener listener) {
    this.tx = tx;
    this.clock = clock;
    this.listener = listener;
  }

  /** The id of a message. */
  static long id(long row, int position) {
    return row * RecoveryCodec.MAX_ENTRIES + position;
  }

  /** The row of a message with this id. */
  static long row(long id) {
    return id / RecoveryCodec.MAX_ENTRIES;
  }

  /** Its position in the row, from 0. */
  static int position(long id) {
    return (int) (id % RecoveryCodec.MAX_ENTRIES);
  }

  @Override
  public Uni<List<Item>> list(AccountId account, long after, int limit) {
    if (limit < 1 || limit > MAX_ITEMS) {
      throw new IllegalArgumentException("1 to " + MAX_ITEMS + " are listed, not " + limit);
    }
    return tx.write(
        s -> {
          var items = new ArrayList<Item>(limit);
          return fill(s, account, Math.max(after, 0) + 1, limit, items).map(_ -> items);
        });
  }

  /** Reads on until there are enough items: entries that were restored are none. */
  private static Future<?> fill(
      Statements statements, AccountId account, long from, int limit, List<Item> items) {
    return statements
        .run(LIST, account.value(), row(from), position(from), limit)
        .compose(
            rows -> {
              long next = from;
              for (var row : rows) {
                next = add(row, limit, items);
              }
              return rows.size() == 0 || items.size() == limit
                  ? Future.succeededFuture()
                  : fill(statements, account, next, limit, items);
            });
  }

  /** Adds the items of a row; the id from which to read on. */
  private static long add(Row row, int limit, List<Item> items) {
    int position = row.getInteger(3);
    for (var entry : RecoveryCodec.decode(row.getBuffer(4).getBytes())) {
      if (entry.uid() != 0 && items.size() < limit) {
        items.add(item(row, position, entry));
      }
      position++;
    }
    return position >= row.getInteger(5) ? id(row.getLong(0) + 1, 0) : id(row.getLong(0), position);
  }

  private static Item item(Row row, int position, Entry entry) {
    return new Item(
        id(row.getLong(0), position),
        new MailboxId(row.getLong(1)),
        new Uid(entry.uid()),
        Keywords.NONE.unpack(entry.flags()),
        entry.size(),
        InternalDate.unpack(entry.internalDate()),
        row.getLocalDateTime(2).toInstant(ZoneOffset.UTC));
  }

  @Override
  public Uni<Changed> restore(Collection<Long> ids, MailboxKey to) {
    if (ids.size() > MAX_ITEMS) {
      throw new IllegalArgumentException(
          "at most " + MAX_ITEMS + " are restored, not " + ids.size());
    }
    return tx.write(
            s ->
                PageRows.lock(s, to)
                    .compose(
                        before ->
                            new RecoveryTake(s, to.account(), ids)
                                .run()
                                .compose(entries -> put(s, to, before, entries))))
        .invoke(change -> listener.changed(to, change));
  }

  private Future<Changed> put(
      Statements statements, MailboxKey to, Tail tail, List<Entry> entries) {
    var before = tail.row();
    if (entries.isEmpty()) {
      return statements.commit().map(before.changedTo(before, MessageColumns.EMPTY));
    }
    long uid = PageRows.firstUid(before, entries.size());
    long now = clock.instant().getEpochSecond();
    int unseen = 0;
    long size = 0;
    var columns = new MessageColumns.Builder(entries.size());
    for (var entry : entries) {
      long flags = entry.flags() & ~SystemFlag.DELETED.bit();
      unseen += (flags & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
      size += entry.size();
      columns.add(
          uid++,
          flags,
          before.modSeq() + 1,
          entry.size(),
          entry.internalDate(),
          now,
          entry.content());
    }
    var put = columns.build();
    var change = before.changedTo(before.plus(put.size(), unseen, size), put);
    return Future.all(PageRows.put(statements, to, tail, change), statements.commit()).map(change);
  }
}
