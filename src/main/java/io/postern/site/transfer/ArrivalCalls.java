package io.postern.site.transfer;

import static io.postern.site.transfer.TransferFields.ticket;

import io.postern.store.move.Arrivals;
import io.postern.store.move.Arrivals.Arrival;
import io.postern.store.move.MoveRefused;
import io.postern.store.move.MovedRows;
import io.postern.store.move.RowKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;

/** Answers calls of other sites for this site's store. */
public final class ArrivalCalls {
  private final Arrivals here;

  public ArrivalCalls(Arrivals here) {
    this.here = here;
  }

  /**
   * Answers a call.
   *
   * @param call its name
   * @param peer the site that calls; empty if certificates need not name one
   * @return fails with {@link IllegalArgumentException} for an unknown or malformed call
   */
  Uni<TransferMessage> answer(String call, String peer, TransferMessage request) {
    return Uni.createFrom()
        .deferred(() -> dispatch(call, peer, request))
        .onFailure(
            failure ->
                failure instanceof NullPointerException || failure instanceof ClassCastException)
        .transform(why -> new IllegalArgumentException("a field is missing or wrong", why));
  }

  private Uni<TransferMessage> dispatch(String call, String peer, TransferMessage request) {
    var fields = request.fields();
    return switch (call) {
      case "store" -> here.store().map(it -> TransferMessage.of(TransferFields.of(it)));
      case "begin" -> begin(peer, fields);
      case "compare" -> compare(request);
      case "put-chunks" -> done(here.putChunks(ticket(fields), request.octets()));
      case "put" ->
          here.put(
                  ticket(fields),
                  rows(fields),
                  request.octets().toString(),
                  fields.getBoolean("first"))
              .map(digest -> TransferMessage.of(new JsonObject().put("digest", digest)));
      case "digest" ->
          here.digest(ticket(fields))
              .map(
                  lines -> TransferMessage.of(new JsonObject().put("lines", new JsonArray(lines))));
      case "complete" -> done(here.complete(ticket(fields)));
      case "open" -> done(here.open(ticket(fields)));
      case "discard" -> done(here.discard(ticket(fields)));
      default -> throw new IllegalArgumentException("there is no call " + call);
    };
  }

  private static MovedRows rows(JsonObject fields) {
    return MovedRows.valueOf(fields.getString("rows"));
  }

  private static Uni<TransferMessage> done(Uni<Void> call) {
    return call.replaceWith(() -> TransferMessage.of(new JsonObject()));
  }

  private Uni<TransferMessage> begin(String peer, JsonObject fields) {
    var from = TransferFields.store(fields.getJsonObject("from"));
    if (!peer.isEmpty() && !peer.equals(from.site())) {
      throw new MoveRefused(
          "the certificate is that of the site %s, not of %s".formatted(peer, from.site()));
    }
    var greatest = fields.getJsonArray("greatest");
    return here.begin(
            new Arrival(
                ticket(fields),
                fields.getString("name"),
                from,
                fields.getLong("epoch"),
                IntStream.range(0, greatest.size()).mapToObj(greatest::getLong).toList()))
        .map(begun -> TransferMessage.of(new JsonObject().put("begun", begun.name())));
  }

  private Uni<TransferMessage> compare(TransferMessage request) {
    var fields = request.fields();
    return here.compare(
            ticket(fields),
            rows(fields),
            new RowKey(fields.getLong("first"), fields.getLong("second"), 0),
            TransferFields.keys(request.octets()),
            fields.getBoolean("last"))
        .map(missing -> new TransferMessage(new JsonObject(), TransferFields.octets(missing)));
  }
}
