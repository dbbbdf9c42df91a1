package io.postern.store.postgres;

import io.postern.model.Ids.AccountId;
import io.postern.store.postgres.page.RecoveryCodec;
import io.postern.store.postgres.page.RecoveryCodec.Entry;
import io.postern.store.postgres.tx.Statements;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Takes recoverable messages out of their rows, within a transaction. The rows are locked ascending
 * by id and stay locked to the commit: until then they keep the contents from the sweeper, after it
 * the restored messages do. Entries that are taken become zeros, so that the others keep their
 * positions; a row without entries is deleted. Rows are rewritten a few at a time, because one may
 * have more than a megabyte.
 */
final class RecoveryTake {
  /** Octets of the rows that are in memory at a time, unless a single row has more. */
  private static final long OCTETS = 2L * 1024 * 1024;

  private static final String LOCK =
      "SELECT id, octet_length(entries) FROM recovery WHERE account = $1 AND id = ANY($2)"
          + " ORDER BY id FOR UPDATE";

  private static final String READ =
      "SELECT id, entries FROM recovery WHERE account = $1 AND id = ANY($2) ORDER BY id";

  private static final String DELETE = "DELETE FROM recovery WHERE account = $1 AND id = ANY($2)";

  private static final String REWRITE =
      "UPDATE recovery r SET entries = x.entries FROM unnest($2::bigint[], $3::bytea[])"
          + " AS x(id, entries) WHERE r.account = $1 AND r.id = x.id";

  private final Statements statements;
  private final AccountId account;
  private final NavigableSet<Long> ids;
  private final List<Entry> taken = new ArrayList<>();

  RecoveryTake(Statements statements, AccountId account, Collection<Long> ids) {
    this.statements = statements;
    this.account = account;
    this.ids = new TreeSet<>(ids);
  }

  /** The messages that still were there, ascending by id. */
  Future<List<Entry>> run() {
    var rows = ids.stream().map(PgRecoverable::row).distinct().toArray(Long[]::new);
    return statements
        .run(LOCK, account.value(), rows)
        .compose(
            locked -> {
              Future<?> done = Future.succeededFuture();
              for (var batch : batches(locked)) {
                done = done.compose(_ -> take(batch));
              }
              return done;
            })
        .map(_ -> taken);
  }

  private static List<List<Long>> batches(RowSet<Row> rows) {
    var batches = new ArrayList<List<Long>>();
    long octets = OCTETS;
    for (var row : rows) {
      octets += row.getInteger(1);
      if (octets > OCTETS) {
        batches.add(new ArrayList<>());
        octets = row.getInteger(1);
      }
      batches.getLast().add(row.getLong(0));
    }
    return batches;
  }

  private Future<?> take(List<Long> batch) {
    return statements.run(READ, account.value(), batch.toArray(Long[]::new)).compose(this::rewrite);
  }

  private Future<?> rewrite(RowSet<Row> rows) {
    var empty = new ArrayList<Long>();
    var changed = new ArrayList<Long>();
    var entries = new ArrayList<Buffer>();
    for (var row : rows) {
      var octets = row.getBuffer(1).getBytes();
      int before = taken.size();
      boolean left = take(row.getLong(0), octets);
      if (!left) {
        empty.add(row.getLong(0));
      } else if (taken.size() > before) {
        changed.add(row.getLong(0));
        entries.add(Buffer.buffer(octets));
      }
    }
    return Future.all(
        statements.run(DELETE, account.value(), empty.toArray(Long[]::new)),
        statements.run(
            REWRITE,
            account.value(),
            changed.toArray(Long[]::new),
            entries.toArray(Buffer[]::new)));
  }

  /** Takes the wanted entries of a row and overwrites them; whether the row has others. */
  private boolean take(long row, byte[] octets) {
    boolean left = false;
    int position = 0;
    for (var entry : RecoveryCodec.decode(octets)) {
      if (entry.uid() != 0 && ids.contains(PgRecoverable.id(row, position))) {
        taken.add(entry);
        int at = position * RecoveryCodec.ENTRY;
        Arrays.fill(octets, at, at + RecoveryCodec.ENTRY, (byte) 0);
      } else {
        left |= entry.uid() != 0;
      }
      position++;
    }
    return left;
  }
}
