package io.postern.store.postgres;

import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.IndexedTexts;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What SEARCH keeps of contents, in the table {@code content_search}. */
public final class PgIndexedTexts implements IndexedTexts {
  private static final int MOST = 1_000;

  /**
   * The contents are locked in the order in which the sweeper locks those that it deletes, and
   * before the foreign key asks for them: so none of them is gone then. Nothing waits for the disk.
   */
  private static final String STORE =
      "WITH o AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))"
          + " INSERT INTO content_search (account, content, format, fields, signature)"
          + " SELECT $1, t.content, $2, t.fields, t.signature FROM o,"
          + " unnest($3::bigint[], $4::bytea[], $5::bytea[]) AS t(content, fields, signature)"
          + " CROSS JOIN LATERAL (SELECT FROM content WHERE account = $1 AND id = t.content"
          + " FOR KEY SHARE) c"
          + " ON CONFLICT (account, content) DO UPDATE SET format = excluded.format,"
          + " fields = excluded.fields, signature = excluded.signature"
          + " WHERE content_search.format < excluded.format";

  private final Tx tx;

  public PgIndexedTexts(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<Void> store(AccountId account, Map<ContentId, IndexedText> texts) {
    if (texts.size() > MOST) {
      throw new IllegalArgumentException("at most 1,000 texts at a time, were " + texts.size());
    }
    return texts.isEmpty()
        ? Uni.createFrom().voidItem()
        : tx.update(client -> client.preparedQuery(STORE).execute(arguments(account, texts)))
            .replaceWithVoid();
  }

  private static Tuple arguments(AccountId account, Map<ContentId, IndexedText> texts) {
    var ordered = new TreeMap<Long, IndexedText>();
    texts.forEach((id, text) -> ordered.put(id.value(), text));
    int n = ordered.size();
    @Nullable Buffer[] fields = new @Nullable Buffer[n];
    @Nullable Buffer[] signatures = new @Nullable Buffer[n];
    int i = 0;
    for (var text : ordered.values()) {
      fields[i] = buffer(text.fields());
      signatures[i++] = buffer(text.signature());
    }
    return Tuple.of(account.value(), IndexedText.FORMAT)
        .addArrayOfLong(ordered.keySet().toArray(Long[]::new))
        .addArrayOfBuffer(fields)
        .addArrayOfBuffer(signatures);
  }

  private static @Nullable Buffer buffer(Optional<ByteBuffer> octets) {
    return octets
        .map(
            it -> {
              var copy = new byte[it.remaining()];
              it.get(it.position(), copy);
              return Buffer.buffer(copy);
            })
        .orElse(null);
  }
}
