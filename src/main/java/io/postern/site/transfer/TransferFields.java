package io.postern.site.transfer;

import io.postern.model.Ids.AccountId;
import io.postern.store.move.Arrivals.Store;
import io.postern.store.move.RowKey;
import io.postern.store.move.Ticket;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What the calls of moves have in their fields. */
final class TransferFields {
  private static final int KEY = 24;

  private TransferFields() {}

  static JsonObject of(Ticket ticket) {
    return new JsonObject()
        .put("move", ticket.move().toString())
        .put("attempt", ticket.attempt())
        .put("account", ticket.account().value());
  }

  static Ticket ticket(JsonObject fields) {
    return new Ticket(
        UUID.fromString(fields.getString("move")),
        fields.getInteger("attempt"),
        new AccountId(fields.getLong("account")));
  }

  static JsonObject of(Store store) {
    return new JsonObject()
        .put("site", store.site())
        .put("number", store.number())
        .put("schema", store.schema());
  }

  static Store store(JsonObject fields) {
    return new Store(
        fields.getString("site"), fields.getInteger("number"), fields.getString("schema"));
  }

  static Buffer octets(List<RowKey> keys) {
    var octets = Buffer.buffer(KEY * keys.size());
    keys.forEach(
        key -> octets.appendLong(key.first()).appendLong(key.second()).appendLong(key.hash()));
    return octets;
  }

  static List<RowKey> keys(Buffer octets) {
    var keys = new ArrayList<RowKey>(octets.length() / KEY);
    for (int at = 0; at + KEY <= octets.length(); at += KEY) {
      keys.add(new RowKey(octets.getLong(at), octets.getLong(at + 8), octets.getLong(at + 16)));
    }
    return keys;
  }
}
