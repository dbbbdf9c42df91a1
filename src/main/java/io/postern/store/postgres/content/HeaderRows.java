package io.postern.store.postgres.content;

import io.postern.mime.MessageFacts;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages.StoredHeader;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The columns of {@code content} that SEARCH reads first. */
public final class HeaderRows {
  private static final String FROM = " FROM content WHERE account = $1 AND id = ANY($2::bigint[])";

  private static final String DATES = "SELECT id, sent, NULL::bytea" + FROM;

  /** A header that fills its column may have been cut; its length is known without reading it. */
  private static final String HEADERS =
      "SELECT id, sent, CASE WHEN octet_length(header) < "
          + MessageFacts.MAX_HEADER
          + " THEN header END"
          + FROM;

  private HeaderRows() {}

  /**
   * The statement.
   *
   * @param text whether it reads the headers, too
   */
  public static String reading(boolean text) {
    return text ? HEADERS : DATES;
  }

  /** The arguments for {@link #reading}. */
  public static Tuple which(AccountId account, Collection<ContentId> ids) {
    return Tuple.of(
        account.value(), (Object) ids.stream().map(ContentId::value).toArray(Long[]::new));
  }

  /** The dates and headers in the rows; contents that are gone have none. */
  public static Map<ContentId, StoredHeader> read(RowSet<Row> rows) {
    var found = HashMap.<ContentId, StoredHeader>newHashMap(rows.size());
    for (var row : rows) {
      found.put(
          new ContentId(row.getLong(0)),
          new StoredHeader(
              Optional.ofNullable(row.getLocalDate(1)), Optional.ofNullable(row.getBuffer(2))));
    }
    return found;
  }
}
