package io.postern.store;

import io.postern.store.move.Arrivals;
import io.postern.store.move.MovedRows;
import io.postern.store.move.RowKey;
import io.postern.store.move.Ticket;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** A site that does not answer. */
public class UnreachableArrivals implements Arrivals {
  private static <T> Uni<T> silence() {
    return Uni.createFrom()
        .failure(new StoreException(new StoreFailure.Unavailable("no connection")));
  }

  @Override
  public Uni<Store> store() {
    return silence();
  }

  @Override
  public Uni<Begun> begin(Arrival arrival) {
    return silence();
  }

  @Override
  public Uni<List<RowKey>> compare(
      Ticket ticket, MovedRows rows, RowKey after, List<RowKey> present, boolean last) {
    return silence();
  }

  @Override
  public Uni<Void> putChunks(Ticket ticket, Buffer chunks) {
    return silence();
  }

  @Override
  public Uni<String> put(Ticket ticket, MovedRows rows, String json, boolean first) {
    return silence();
  }

  @Override
  public Uni<List<String>> digest(Ticket ticket) {
    return silence();
  }

  @Override
  public Uni<Void> complete(Ticket ticket) {
    return silence();
  }

  @Override
  public Uni<Void> open(Ticket ticket) {
    return silence();
  }

  @Override
  public Uni<Void> discard(Ticket ticket) {
    return silence();
  }
}
