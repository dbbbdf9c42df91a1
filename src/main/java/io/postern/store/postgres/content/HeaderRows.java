package io.postern.store.postgres.content;

import io.postern.mime.MessageFacts;
import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages.HeaderColumns;
import io.postern.store.Messages.StoredHeader;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The columns of {@code content} and {@code content_search} that SEARCH reads first. */
public final class HeaderRows {
  private static final String NOTHING = "NULL::bytea";

  /** A header that fills its column may have been cut; its length is known without reading it. */
  private static final String HEADER =
      "octet_length(c.header) < " + MessageFacts.MAX_HEADER + " THEN c.header END";

  /** One look-up for each content, whatever the planner knows of the table. */
  private static final String INDEXED =
      " LEFT JOIN LATERAL (SELECT true AS indexed, fields, signature FROM content_search"
          + " WHERE account = c.account AND content = c.id AND format = "
          + IndexedText.FORMAT
          + " OFFSET 0) s ON true";

  private static final String WHICH = " WHERE c.account = $1 AND c.id = ANY($2::bigint[])";

  /** The statements by what is wanted: 1 fields, 2 signatures, 4 headers. */
  private static final List<String> READING =
      IntStream.range(0, 8)
          .mapToObj(
              bits -> text(new HeaderColumns((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0)))
          .toList();

  private HeaderRows() {}

  /** The statement. */
  public static String reading(HeaderColumns columns) {
    return READING.get(
        (columns.fields() ? 1 : 0) + (columns.signature() ? 2 : 0) + (columns.header() ? 4 : 0));
  }

  private static String text(HeaderColumns columns) {
    return "SELECT c.id, c.sent, "
        + header(columns)
        + (columns.indexed() ? ", s.indexed, " : ", NULL::boolean, ")
        + (columns.fields() ? "s.fields, " : NOTHING + ", ")
        + (columns.signature() ? "s.signature" : NOTHING)
        + " FROM content c"
        + (columns.indexed() ? INDEXED : "")
        + WHICH;
  }

  private static String header(HeaderColumns columns) {
    if (!columns.header()) {
      return NOTHING;
    }
    return columns.fields() ? "CASE WHEN s.fields IS NULL AND " + HEADER : "CASE WHEN " + HEADER;
  }

  /** The arguments for {@link #reading}. */
  public static Tuple which(AccountId account, Collection<ContentId> ids) {
    return Tuple.of(
        account.value(), (Object) ids.stream().map(ContentId::value).toArray(Long[]::new));
  }

  /** What is in the rows; contents that are gone have none. */
  public static Map<ContentId, StoredHeader> read(RowSet<Row> rows) {
    var found = HashMap.<ContentId, StoredHeader>newHashMap(rows.size());
    for (var row : rows) {
      found.put(
          ContentRows.id(row),
          new StoredHeader(
              Optional.ofNullable(row.getLocalDate(1)),
              row.getBoolean(3) == null
                  ? Optional.empty()
                  : Optional.of(new IndexedText(octets(row, 4), octets(row, 5))),
              Optional.ofNullable(row.getBuffer(2))));
    }
    return found;
  }

  private static Optional<ByteBuffer> octets(Row row, int column) {
    @Nullable Buffer octets = row.getBuffer(column);
    return Optional.ofNullable(octets).map(it -> ByteBuffer.wrap(it.getBytes()));
  }
}
