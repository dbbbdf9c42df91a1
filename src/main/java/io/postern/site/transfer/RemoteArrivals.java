package io.postern.site.transfer;

import io.postern.store.move.Arrivals;
import io.postern.store.move.MovedRows;
import io.postern.store.move.RowKey;
import io.postern.store.move.Ticket;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/** The store of another site, as moves see it. */
final class RemoteArrivals implements Arrivals {
  private final TransferClient client;
  private final String site;

  /**
   * @param site the name of the other site
   */
  RemoteArrivals(TransferClient client, String site) {
    this.client = client;
    this.site = site;
  }

  private Uni<TransferMessage> call(String name, JsonObject fields, Buffer octets) {
    return client.call(site, name, new TransferMessage(fields, octets));
  }

  private Uni<TransferMessage> call(String name, JsonObject fields) {
    return call(name, fields, Buffer.buffer());
  }

  @Override
  public Uni<Store> store() {
    return call("store", new JsonObject()).map(it -> TransferFields.store(it.fields()));
  }

  @Override
  public Uni<Begun> begin(Arrival arrival) {
    return call(
            "begin",
            TransferFields.of(arrival.ticket())
                .put("name", arrival.name())
                .put("from", TransferFields.of(arrival.from()))
                .put("epoch", arrival.epoch())
                .put("greatest", new JsonArray(arrival.greatest())))
        .map(it -> Begun.valueOf(it.fields().getString("begun")));
  }

  @Override
  public Uni<List<RowKey>> compare(
      Ticket ticket, MovedRows rows, RowKey after, List<RowKey> present, boolean last) {
    var fields =
        TransferFields.of(ticket)
            .put("rows", rows.name())
            .put("first", after.first())
            .put("second", after.second())
            .put("last", last);
    return call("compare", fields, TransferFields.octets(present))
        .map(it -> TransferFields.keys(it.octets()));
  }

  @Override
  public Uni<Void> putChunks(Ticket ticket, Buffer chunks) {
    return call("put-chunks", TransferFields.of(ticket), chunks).replaceWithVoid();
  }

  @Override
  public Uni<String> put(Ticket ticket, MovedRows rows, String json, boolean first) {
    var fields = TransferFields.of(ticket).put("rows", rows.name()).put("first", first);
    return call("put", fields, Buffer.buffer(json)).map(it -> it.fields().getString("digest"));
  }

  @Override
  public Uni<List<String>> digest(Ticket ticket) {
    return call("digest", TransferFields.of(ticket))
        .map(it -> it.fields().getJsonArray("lines"))
        .map(lines -> IntStream.range(0, lines.size()).mapToObj(lines::getString).toList());
  }

  @Override
  public Uni<Void> complete(Ticket ticket) {
    return call("complete", TransferFields.of(ticket)).replaceWithVoid();
  }

  @Override
  public Uni<Void> open(Ticket ticket) {
    return call("open", TransferFields.of(ticket)).replaceWithVoid();
  }

  @Override
  public Uni<Void> discard(Ticket ticket) {
    return call("discard", TransferFields.of(ticket)).replaceWithVoid();
  }
}
