package io.postern.store.postgres;

import io.postern.mime.MessageFacts;
import io.postern.mime.PartTreeCodec;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Blobs;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Wanted;
import io.postern.store.Staged;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of {@code content}, and the bytes of small messages. */
final class ContentRows {
  private static final String ALWAYS =
      "SELECT c.id, c.blob, c.size, c.sent, c.header, c.parts, c.unended";

  private static final String STRUCTURE = ", c.envelope, c.body, c.body_structure";

  private static final String WHERE = " WHERE c.account = $1 AND c.id = ANY($2)";

  private static final String WITH_BYTES =
      " FROM content c LEFT JOIN blob_chunk b ON b.blob = c.blob AND b.n = 0 AND c.size <= $3";

  private static final String FACTS = ALWAYS + STRUCTURE + " FROM content c" + WHERE;
  private static final String SEARCHED = ALWAYS + " FROM content c" + WHERE;
  private static final String FACTS_BYTES = ALWAYS + STRUCTURE + ", b.bytes" + WITH_BYTES + WHERE;
  private static final String SEARCHED_BYTES = ALWAYS + ", b.bytes" + WITH_BYTES + WHERE;

  private static final String INTO =
      "INSERT INTO content (account, id, blob, size, sent, envelope, body, body_structure, header,"
          + " parts, unended) SELECT $1, nextval('content_id'), c.* FROM ";

  private static final String INSERT =
      INTO
          + "unnest($2::uuid[], $3::int[], $4::date[], $5::bytea[], $6::bytea[], $7::bytea[],"
          + " $8::bytea[], $9::bytea[], $10::boolean[]) AS c RETURNING id";

  /**
   * All that {@link #insert} does, as parts of a statement in which {@code s} has a row if the
   * messages may come; {@code c} are the ids. Arguments from {@code $2} to {@code $12}.
   */
  static final String PARTS =
      "k AS (INSERT INTO blob_chunk (blob, n, bytes) SELECT c.blob, 0, c.bytes"
          + " FROM s, unnest($2::uuid[], $3::bytea[]) AS c(blob, bytes)),"
          + " o AS (DELETE FROM blob_unowned WHERE blob = ANY($4) AND EXISTS (SELECT FROM s)),"
          + " c AS ("
          + INTO
          + "s, unnest($4::uuid[], $5::int[], $6::date[], $7::bytea[], $8::bytea[], $9::bytea[],"
          + " $10::bytea[], $11::bytea[], $12::boolean[]) AS c RETURNING id)";

  /** Argument: account. */
  static final String UNENDED = "SELECT id FROM content WHERE account = $1 AND unended";

  private static final String INSERT_CHUNKS =
      "INSERT INTO blob_chunk (blob, n, bytes) SELECT blob, 0, bytes"
          + " FROM unnest($1::uuid[], $2::bytea[]) AS c(blob, bytes)";

  private static final String OWN = "DELETE FROM blob_unowned WHERE blob = ANY($1)";

  private ContentRows() {}

  /** Writes the contents, and the bytes that are not written yet; their ids in the same order. */
  static Future<long[]> insert(Statements statements, AccountId account, List<Staged> staged) {
    var inline = new HashMap<UUID, Buffer>();
    var blobs = blobs(staged, inline);
    var written = writeChunks(statements, inline);
    var owned = own(statements, blobs, inline.size());
    return statements
        .collect(INSERT, ids(), columns(Tuple.of(account.value()), blobs, staged))
        .compose(ids -> Future.all(written, owned).map(ids));
  }

  /** The arguments {@code $1} to {@code $12} of {@link #PARTS}. */
  static Tuple parts(AccountId account, List<Staged> staged) {
    var inline = new HashMap<UUID, Buffer>();
    var blobs = blobs(staged, inline);
    var tuple =
        Tuple.of(account.value())
            .addArrayOfUUID(inline.keySet().toArray(UUID[]::new))
            .addArrayOfBuffer(inline.values().toArray(Buffer[]::new));
    return columns(tuple, blobs, staged);
  }

  /** Where the bytes are or will be; those still to be written are put into the map. */
  private static List<UUID> blobs(List<Staged> staged, Map<UUID, Buffer> inline) {
    var blobs = new ArrayList<UUID>();
    for (var each : staged) {
      var blob =
          switch (each.bytes()) {
            case Staged.Bytes.Inline _ -> BlobId.random().value();
            case Staged.Bytes.Stored(var id) -> id.value();
          };
      blobs.add(blob);
      if (each.bytes() instanceof Staged.Bytes.Inline(var bytes) && bytes.length() > 0) {
        inline.put(blob, bytes);
      }
    }
    return blobs;
  }

  private static Future<?> writeChunks(Statements statements, Map<UUID, Buffer> inline) {
    if (inline.isEmpty()) {
      return Future.succeededFuture();
    }
    return statements.run(
        INSERT_CHUNKS,
        inline.keySet().toArray(UUID[]::new),
        inline.values().toArray(Buffer[]::new));
  }

  /** Takes blobs that were written before out of the list of those that nobody owns. */
  private static Future<?> own(Statements statements, List<UUID> blobs, int inline) {
    return blobs.size() == inline
        ? Future.succeededFuture()
        : statements.run(OWN, (Object) blobs.toArray(UUID[]::new));
  }

  private static Tuple columns(Tuple tuple, List<UUID> blobs, List<Staged> staged) {
    int n = staged.size();
    var sizes = new Integer[n];
    @Nullable LocalDate[] sent = new @Nullable LocalDate[n];
    var unended = new Boolean[n];
    var bytes = new Buffer[5][n];
    for (int i = 0; i < n; i++) {
      var facts = staged.get(i).facts();
      sizes[i] = facts.size();
      sent[i] = facts.sent().orElse(null);
      unended[i] = !facts.ended();
      bytes[0][i] = facts.envelope();
      bytes[1][i] = facts.body();
      bytes[2][i] = facts.bodyStructure();
      bytes[3][i] = facts.header();
      bytes[4][i] = Buffer.buffer(PartTreeCodec.encode(facts.parts()));
    }
    tuple.addArrayOfUUID(blobs.toArray(UUID[]::new));
    tuple.addArrayOfInteger(sizes).addArrayOfLocalDate(sent);
    for (var column : bytes) {
      tuple.addArrayOfBuffer(column);
    }
    return tuple.addArrayOfBoolean(unended);
  }

  /** The sequence was asked in the order of the rows, so ascending ids are in that order. */
  private static Collector<Row, ?, long[]> ids() {
    return Collectors.collectingAndThen(
        Collectors.toList(),
        rows -> rows.stream().mapToLong(row -> row.getLong(0)).sorted().toArray());
  }

  /** The statement that reads so much. */
  static String reading(Wanted wanted) {
    if (wanted.bytes() > 0) {
      return wanted.structure() ? FACTS_BYTES : SEARCHED_BYTES;
    }
    return wanted.structure() ? FACTS : SEARCHED;
  }

  /** The arguments for {@link #reading}. */
  static Tuple which(AccountId account, Collection<ContentId> ids, Wanted wanted) {
    var tuple =
        Tuple.of(account.value(), (Object) ids.stream().map(ContentId::value).toArray(Long[]::new));
    return wanted.bytes() > 0 ? tuple.addInteger(Math.min(wanted.bytes(), Blobs.CHUNK)) : tuple;
  }

  static Map<ContentId, Content> read(RowSet<Row> rows, Wanted wanted) {
    var found = HashMap.<ContentId, Content>newHashMap(rows.size());
    for (var row : rows) {
      var content = content(row, wanted);
      found.put(content.id(), content);
    }
    return found;
  }

  static ContentId id(Row row) {
    return new ContentId(row.getLong(0));
  }

  private static Content content(Row row, Wanted wanted) {
    boolean structure = wanted.structure();
    var facts =
        new MessageFacts(
            row.getInteger(2),
            structure ? row.getBuffer(7) : Buffer.buffer(),
            structure ? row.getBuffer(8) : Buffer.buffer(),
            structure ? row.getBuffer(9) : Buffer.buffer(),
            row.getBuffer(4),
            Optional.ofNullable(row.getLocalDate(3)),
            PartTreeCodec.decode(row.getBuffer(5).getBytes()),
            !row.getBoolean(6));
    var bytes =
        wanted.bytes() > 0
            ? Optional.ofNullable(row.getBuffer(structure ? 10 : 7))
            : Optional.<Buffer>empty();
    // Bytes that are not all there are asked for again where that is answered with a failure.
    return new Content(
        new ContentId(row.getLong(0)),
        new BlobId(row.getUUID(1)),
        facts,
        bytes.filter(all -> all.length() == facts.size()));
  }
}
