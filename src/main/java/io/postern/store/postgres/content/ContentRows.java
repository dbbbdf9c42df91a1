package io.postern.store.postgres.content;

import io.postern.mime.MessageFacts;
import io.postern.mime.OctetFacts;
import io.postern.mime.PartTreeCodec;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.Staged;
import io.postern.store.postgres.tx.Statements;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of {@code content}, and the bytes of small messages. */
public final class ContentRows {
  private static final String INTO =
      "INSERT INTO content (account, id, blob, size, sent, envelope, body, body_structure, header,"
          + " parts, unended, crlf_size, nul, prefix) SELECT $1, nextval('content_id'), c.* FROM ";

  private static final String INSERT =
      INTO
          + "unnest($2::uuid[], $3::int[], $4::date[], $5::bytea[], $6::bytea[], $7::bytea[],"
          + " $8::bytea[], $9::bytea[], $10::boolean[], $11::bigint[], $12::boolean[],"
          + " $13::bytea[]) AS c RETURNING id";

  /**
   * The same as {@link #insert}, as parts of a statement in which {@code s} has a row if the
   * messages may be added; {@code c} are the ids. Arguments from {@code $2} to {@code $15}.
   */
  public static final String PARTS =
      "k AS (INSERT INTO blob_chunk (blob, n, bytes) SELECT c.blob, 0, c.bytes"
          + " FROM s, unnest($2::uuid[], $3::bytea[]) AS c(blob, bytes)),"
          + " o AS (DELETE FROM blob_unowned WHERE blob = ANY($4) AND EXISTS (SELECT FROM s)),"
          + " c AS ("
          + INTO
          + "s, unnest($4::uuid[], $5::int[], $6::date[], $7::bytea[], $8::bytea[], $9::bytea[],"
          + " $10::bytea[], $11::bytea[], $12::boolean[], $13::bigint[], $14::boolean[],"
          + " $15::bytea[]) AS c RETURNING id)";

  /**
   * The same for one content, whose bytes are in memory and whose id {@code s} has as {@code
   * content}, without arrays. Arguments: account as {@code $1}, size as {@code $4}, and those of
   * {@link #one} from {@code $5} to {@code $15}.
   */
  public static final String ONE =
      "k AS (INSERT INTO blob_chunk (blob, n, bytes) SELECT $5::uuid, 0, $6::bytea FROM s), c AS ("
          + INTO.replace("nextval('content_id'), c.* FROM ", "s.content, ")
          + "$5::uuid, $4::int, $7::date, $8::bytea, $9::bytea, $10::bytea, $11::bytea, $12::bytea,"
          + " $13::boolean, $14::bigint, $15::boolean, NULL FROM s)";

  private static final String INSERT_CHUNKS =
      "INSERT INTO blob_chunk (blob, n, bytes) SELECT blob, 0, bytes"
          + " FROM unnest($1::uuid[], $2::bytea[]) AS c(blob, bytes)";

  private static final String OWN = "DELETE FROM blob_unowned WHERE blob = ANY($1)";

  private ContentRows() {}

  /** Writes the contents, and the bytes that are not written yet; their ids in the same order. */
  public static Future<long[]> insert(
      Statements statements, AccountId account, List<Staged> staged) {
    var inline = new HashMap<UUID, Buffer>();
    var blobs = blobs(staged, inline);
    var written = writeChunks(statements, inline);
    var owned = own(statements, blobs, inline.size());
    return statements
        .collect(INSERT, ids(), columns(Tuple.of(account.value()), blobs, staged))
        .compose(ids -> Future.all(written, owned).map(ids));
  }

  /** The arguments {@code $1} to {@code $15} of {@link #PARTS}. */
  public static Tuple parts(AccountId account, List<Staged> staged) {
    var inline = new HashMap<UUID, Buffer>();
    var blobs = blobs(staged, inline);
    var tuple =
        Tuple.of(account.value())
            .addArrayOfUUID(inline.keySet().toArray(UUID[]::new))
            .addArrayOfBuffer(inline.values().toArray(Buffer[]::new));
    return columns(tuple, blobs, staged);
  }

  /** Adds the arguments {@code $5} to {@code $15} of {@link #ONE}. */
  public static Tuple one(Tuple tuple, Buffer bytes, MessageFacts facts) {
    var octets = facts.octets();
    return tuple
        .addUUID(BlobId.random().value())
        .addBuffer(bytes)
        .addLocalDate(facts.sent().orElse(null))
        .addBuffer(facts.envelope())
        .addBuffer(facts.body())
        .addBuffer(facts.bodyStructure())
        .addBuffer(facts.header())
        .addBuffer(Buffer.buffer(PartTreeCodec.encode(facts.parts())))
        .addBoolean(!octets.ended())
        .addLong(crlfSize(octets))
        .addBoolean(octets.nul());
  }

  private static @Nullable Long crlfSize(OctetFacts octets) {
    return octets.crlfSize().isPresent() ? octets.crlfSize().getAsLong() : null;
  }

  /** Where the bytes are or will be; those still to be written are put into the map. */
  private static List<UUID> blobs(List<Staged> staged, Map<UUID, Buffer> inline) {
    var blobs = new ArrayList<UUID>();
    for (var each : staged) {
      var blob =
          switch (each.bytes()) {
            case Staged.Bytes.Inline _ -> BlobId.random().value();
            case Staged.Bytes.Stored(var id) -> id.value();
            case Staged.Bytes.Prefixed(_, var id) -> id.value();
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

  /** Removes already written blobs from the list of unowned blobs. */
  private static Future<?> own(Statements statements, List<UUID> blobs, int inline) {
    return blobs.size() == inline
        ? Future.succeededFuture()
        : statements.run(OWN, (Object) blobs.toArray(UUID[]::new));
  }

  private static Tuple columns(Tuple tuple, List<UUID> blobs, List<Staged> staged) {
    int n = staged.size();
    var sizes = new Integer[n];
    @Nullable LocalDate[] sent = new @Nullable LocalDate[n];
    var missingFinalCrlf = new Boolean[n];
    @Nullable Long[] crlfSizes = new @Nullable Long[n];
    var nul = new Boolean[n];
    @Nullable Buffer[] prefixes = new @Nullable Buffer[n];
    var bytes = new Buffer[5][n];
    for (int i = 0; i < n; i++) {
      var facts = staged.get(i).facts();
      sizes[i] = facts.size();
      sent[i] = facts.sent().orElse(null);
      missingFinalCrlf[i] = !facts.octets().ended();
      crlfSizes[i] = crlfSize(facts.octets());
      nul[i] = facts.octets().nul();
      prefixes[i] =
          staged.get(i).bytes() instanceof Staged.Bytes.Prefixed(var prefix, _) ? prefix : null;
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
    return tuple
        .addArrayOfBoolean(missingFinalCrlf)
        .addArrayOfLong(crlfSizes)
        .addArrayOfBoolean(nul)
        .addArrayOfBuffer(prefixes);
  }

  /** The sequence was read in the order of the rows, so ascending ids are in that order. */
  private static Collector<Row, ?, long[]> ids() {
    return Collectors.collectingAndThen(
        Collectors.toList(),
        rows -> rows.stream().mapToLong(row -> row.getLong(0)).sorted().toArray());
  }

  /** Reads the rows of a {@link ContentQuery}. */
  public static Contents read(RowSet<Row> rows, Columns wanted) {
    var found = HashMap.<ContentId, Content>newHashMap(rows.size());
    var left = new HashSet<ContentId>();
    for (var row : rows) {
      if (row.getBoolean(7)) {
        var content = content(row, wanted);
        found.put(content.id(), content);
      } else {
        left.add(id(row));
      }
    }
    return new Contents(found, left);
  }

  static ContentId id(Row row) {
    return new ContentId(row.getLong(0));
  }

  private static Content content(Row row, Columns wanted) {
    boolean structure = wanted.structure();
    int header = structure ? 13 : 10;
    int bytes = wanted.header() ? header + 1 : header;
    var facts =
        new MessageFacts(
            row.getInteger(2),
            structure ? row.getBuffer(10) : Buffer.buffer(),
            structure ? row.getBuffer(11) : Buffer.buffer(),
            structure ? row.getBuffer(12) : Buffer.buffer(),
            wanted.header() ? row.getBuffer(header) : Buffer.buffer(),
            Optional.ofNullable(row.getLocalDate(3)),
            PartTreeCodec.decode(row.getBuffer(9).getBytes()),
            octets(row));
    var prefix = Optional.ofNullable(row.getBuffer(8));
    var whole =
        wanted.bytes() > 0 ? Optional.ofNullable(row.getBuffer(bytes)) : Optional.<Buffer>empty();
    // Incomplete bytes are left out: the later read from the blob reports the failure.
    return new Content(
        id(row),
        new BlobId(row.getUUID(1)),
        prefix.orElseGet(Buffer::buffer),
        facts,
        whole
            .map(own -> prefix.map(lines -> lines.copy().appendBuffer(own)).orElse(own))
            .filter(all -> all.length() == facts.size()));
  }

  /** Rows of the previous version do not record whether the content has NUL: it may. */
  private static OctetFacts octets(Row row) {
    var crlfSize = Optional.ofNullable(row.getLong(5));
    return new OctetFacts(
        !row.getBoolean(4),
        crlfSize.map(OptionalLong::of).orElseGet(OptionalLong::empty),
        !Boolean.FALSE.equals(row.getBoolean(6)));
  }
}
