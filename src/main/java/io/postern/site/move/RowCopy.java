package io.postern.site.move;

import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.move.Arrivals;
import io.postern.store.move.Departures;
import io.postern.store.move.Departures.Chunks;
import io.postern.store.move.Departures.Rows;
import io.postern.store.move.Departures.Window;
import io.postern.store.move.MovedRows;
import io.postern.store.move.RowKey;
import io.postern.store.move.Ticket;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

/** Copies rows of an account from one store to another, a few at a time. */
final class RowCopy {
  /** Is notified of contents that were copied. */
  interface Copied {
    Uni<Void> copied(int contents, long octets);
  }

  private final Departures from;
  private final Arrivals to;
  private final Ticket ticket;
  private final Copied copied;

  RowCopy(Departures from, Arrivals to, Ticket ticket, Copied copied) {
    this.from = from;
    this.to = to;
    this.ticket = ticket;
    this.copied = copied;
  }

  /** Copies what differs. Contents come first: the other kinds refer to them. */
  Uni<Void> differing() {
    return each(MovedRows::compared, kind -> differing(kind).replaceWith(true));
  }

  private static Uni<Void> each(
      Predicate<MovedRows> which, Function<MovedRows, Uni<Boolean>> work) {
    return Multi.createFrom()
        .iterable(Arrays.stream(MovedRows.values()).filter(which).toList())
        .onItem()
        .transformToUniAndConcatenate(work::apply)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> differing(MovedRows kind) {
    var position = new AtomicReference<>(RowKey.START);
    return Multi.createBy()
        .repeating()
        .uni(() -> window(kind, position))
        .whilst(window -> !window.last())
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Window> window(MovedRows kind, AtomicReference<RowKey> position) {
    var after = position.get();
    return from.window(ticket.account(), kind, after)
        .call(
            window ->
                to.compare(ticket, kind, after, window.rows(), window.last())
                    .chain(missing -> copy(kind, missing)))
        .invoke(
            window -> {
              if (!window.rows().isEmpty()) {
                position.set(window.rows().getLast());
              }
            });
  }

  private Uni<Void> copy(MovedRows kind, List<RowKey> keys) {
    int most = kind.batch();
    var batches = new ArrayList<List<RowKey>>();
    for (int i = 0; i < keys.size(); i += most) {
      batches.add(keys.subList(i, Math.min(i + most, keys.size())));
    }
    return Multi.createFrom()
        .iterable(batches)
        .onItem()
        .transformToUniAndConcatenate(batch -> batch(kind, batch))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Boolean> batch(MovedRows kind, List<RowKey> keys) {
    return from.rows(ticket.account(), kind, keys)
        .chain(
            rows ->
                octets(rows)
                    .chain(
                        octets ->
                            to.put(ticket, kind, rows.json(), false)
                                .invoke(digest -> requireEqual(rows.digest(), digest, kind))
                                .chain(
                                    () ->
                                        kind == MovedRows.CONTENT
                                            ? copied.copied(rows.more(), octets)
                                            : Uni.createFrom().voidItem())))
        .replaceWith(true);
  }

  private static void requireEqual(String here, String there, MovedRows kind) {
    if (kind == MovedRows.CONTENT && !here.equals(there)) {
      throw new StoreException(
          new StoreFailure.Unavailable(
              "octets differ between the sites: " + here + " here, " + there + " there"));
    }
  }

  /** The octets of contents; how many there were. */
  private Uni<Long> octets(Rows rows) {
    if (rows.blobs().isEmpty()) {
      return Uni.createFrom().item(0L);
    }
    var last = new AtomicReference<>(Chunks.none());
    return Multi.createBy()
        .repeating()
        .uni(() -> from.chunks(rows.blobs(), last.get()).call(this::put).invoke(last::set))
        .until(chunks -> chunks.octets().length() == 0)
        .collect()
        .in(() -> new long[1], (sum, chunks) -> sum[0] += chunks.octets().length())
        .map(sum -> sum[0]);
  }

  private Uni<Void> put(Chunks chunks) {
    return chunks.octets().length() == 0
        ? Uni.createFrom().voidItem()
        : to.putChunks(ticket, chunks.octets());
  }

  /** Replaces the rows that are not compared. */
  Uni<Void> others() {
    return each(kind -> !kind.compared(), this::replace);
  }

  private Uni<Boolean> replace(MovedRows kind) {
    var skip = new AtomicInteger();
    return Multi.createBy()
        .repeating()
        .uni(
            () ->
                from.rows(ticket.account(), kind, skip.get())
                    .call(rows -> replace(kind, rows, skip.get() == 0))
                    .invoke(rows -> skip.addAndGet(rows.more())))
        .whilst(rows -> rows.more() > 0)
        .collect()
        .last()
        .replaceWith(true);
  }

  private Uni<String> replace(MovedRows kind, Rows rows, boolean first) {
    return first || rows.more() > 0
        ? to.put(ticket, kind, rows.json(), first)
        : Uni.createFrom().item("");
  }
}
