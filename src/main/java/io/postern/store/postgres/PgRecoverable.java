package io.postern.store.postgres;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.InternalDate;
import io.postern.model.Keywords;
import io.postern.model.MessageColumns;
import io.postern.model.SystemFlag;
import io.postern.model.Uid;
import io.postern.store.ChangeListener;
import io.postern.store.Messages.Changed;
import io.postern.store.Recoverable;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.message.Append;
import io.postern.store.postgres.message.MailboxStateRow;
import io.postern.store.postgres.message.MessageRows;
import io.postern.store.postgres.tx.Tx;
import io.postern.store.postgres.tx.Tx.Statements;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.stream.StreamSupport;

/** Recoverable messages in PostgreSQL. */
public final class PgRecoverable implements Recoverable {
  private static final String LIST =
      "SELECT id, mailbox, uid, flags, size, internal_date, internal_zone,"
          + " removed AT TIME ZONE 'UTC' FROM recoverable"
          + " WHERE account = $1 AND id > $2 ORDER BY id LIMIT $3";

  private static final String TAKE =
      "WITH back AS (DELETE FROM recoverable WHERE account = $1 AND id = ANY($2)"
          + " RETURNING id, flags, size, internal_date, internal_zone, content)"
          + " SELECT flags, size, internal_date, internal_zone, content FROM back ORDER BY id";

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

  @Override
  public Uni<List<Item>> list(AccountId account, long after, int limit) {
    if (limit < 1 || limit > MAX_ITEMS) {
      throw new IllegalArgumentException("1 to " + MAX_ITEMS + " are listed, not " + limit);
    }
    return tx.write(
        s ->
            s.run(LIST, account.value(), after, limit)
                .map(
                    rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                            .map(PgRecoverable::item)
                            .toList()));
  }

  private static Item item(Row row) {
    return new Item(
        row.getLong(0),
        new MailboxId(row.getLong(1)),
        new Uid(row.getLong(2)),
        Keywords.NONE.unpack(row.getLong(3)),
        row.getInteger(4),
        new InternalDate(row.getLong(5), row.getShort(6)),
        row.getLocalDateTime(7).toInstant(ZoneOffset.UTC));
  }

  @Override
  public Uni<Changed> restore(Collection<Long> ids, MailboxKey to) {
    if (ids.size() > MAX_ITEMS) {
      throw new IllegalArgumentException(
          "at most " + MAX_ITEMS + " are restored, not " + ids.size());
    }
    return tx.write(
            s ->
                MailboxStateRow.lock(s, to)
                    .compose(
                        before ->
                            s.run(TAKE, to.account().value(), ids.toArray(Long[]::new))
                                .compose(rows -> put(s, before, rows))))
        .invoke(change -> listener.changed(to, change));
  }

  private Future<Changed> put(Statements statements, MailboxStateRow before, RowSet<Row> rows) {
    if (rows.size() == 0) {
      return statements.commit().map(Append.changed(before, before, MessageColumns.EMPTY));
    }
    long uid = before.state().uidNext();
    if (uid + rows.size() - 1 > Uid.MAX) {
      throw new StoreException(new StoreFailure.LimitReached("UIDs", Uid.MAX));
    }
    long now = clock.instant().getEpochSecond();
    int unseen = 0;
    long size = 0;
    var columns = new MessageColumns.Builder(rows.size());
    for (var row : rows) {
      long flags = row.getLong(0) & ~SystemFlag.DELETED.bit();
      unseen += (flags & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
      size += row.getInteger(1);
      columns.add(
          uid++,
          flags,
          before.modSeq() + 1,
          row.getInteger(1),
          new InternalDate(row.getLong(2), row.getShort(3)).packed(),
          now,
          row.getLong(4));
    }
    var put = columns.build();
    var after = before.plus(put.size(), unseen, size);
    var written =
        Future.all(MessageRows.insert(statements, before.key(), put), after.save(statements));
    return MessageRows.commit(statements, put, written).map(Append.changed(before, after, put));
  }
}
