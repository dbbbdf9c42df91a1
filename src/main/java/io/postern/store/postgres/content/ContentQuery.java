package io.postern.store.postgres.content;

import io.postern.mime.PartTreeCodec;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Blobs;
import io.postern.store.Messages.Columns;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The query for the wanted columns of some contents, up to a limit of octets. {@link
 * ContentRows#read} reads its rows.
 *
 * <p>One content has a query of its own, without an array: PostgreSQL makes one plan of it for all
 * arguments. For an array of one id it would make a plan at each execution, which costs three times
 * as much as the execution itself, because a plan for all arrays assumes ten ids. Ascending ids,
 * the usual order, are read in the order of the primary key; others are sorted.
 *
 * @param sql its text
 * @param arguments its arguments
 */
public record ContentQuery(String sql, Tuple arguments) {
  private static final String FACTS =
      "c.id, c.blob, c.size, c.sent, c.unended, c.crlf_size, c.nul, ";

  /** Arguments: account, id, and the size of the largest content whose bytes come along. */
  private static final List<String> ONE = forColumns(ContentQuery::one);

  /** Arguments: account, ids, octets, and the size of the largest content with bytes. */
  private static final List<String> ASCENDING = forColumns(values -> some(values, "c.id"));

  /** The same arguments. */
  private static final List<String> IN_ORDER =
      forColumns(values -> some(values, "array_position($2::bigint[], c.id)"));

  /** The texts by what is wanted: 1 structure, 2 header, 4 bytes. */
  private static List<String> forColumns(Function<List<String>, String> text) {
    return IntStream.range(0, 8).mapToObj(bits -> text.apply(values(bits))).toList();
  }

  private static List<String> values(int bits) {
    var values = new StringJoiner(" ");
    values.add("c.parts");
    if ((bits & 1) != 0) {
      values.add("c.envelope").add("c.body").add("c.body_structure");
    }
    if ((bits & 2) != 0) {
      values.add("c.header");
    }
    if ((bits & 4) != 0) {
      values.add("b.bytes");
    }
    return List.of(values.toString().split(" "));
  }

  private static String one(List<String> values) {
    return "SELECT "
        + FACTS
        + "true, c.prefix, "
        + String.join(", ", values)
        + from(values, "$3")
        + " WHERE c.account = $1 AND c.id = $2";
  }

  /**
   * The contents in this order up to so many octets, the first one in any case: PostgreSQL knows
   * the length of a stored value without reading it. Parts count as what they take in memory.
   */
  private static String some(List<String> values, String order) {
    var weight = values.stream().map(ContentQuery::weight).collect(Collectors.joining(" + "));
    var shown =
        values.stream()
            .map(name -> "CASE WHEN x.fits THEN x." + name.substring(2) + " END")
            .collect(Collectors.joining(", "));
    return "SELECT "
        + FACTS.replace("c.", "x.")
        + "x.fits, x.prefix, "
        + shown
        + " FROM (SELECT "
        + FACTS
        + "c.prefix, "
        + String.join(", ", values)
        + ", sum("
        + weight
        + ") OVER (ORDER BY "
        + order
        + " ROWS UNBOUNDED PRECEDING) <= greatest($3::bigint, "
        + weight
        + ") AS fits"
        + from(values, "$4")
        + " WHERE c.account = $1 AND c.id = ANY($2::bigint[])) x";
  }

  private static String from(List<String> values, String bytes) {
    return values.contains("b.bytes")
        ? " FROM content c LEFT JOIN blob_chunk b ON b.blob = c.blob AND b.n = 0 AND c.size <= "
            + bytes
        : " FROM content c";
  }

  /** Never 0, so that only the first content can be as heavy as all up to it. */
  private static String weight(String name) {
    return switch (name) {
      case "c.parts" -> "octet_length(c.parts) * " + PartTreeCodec.HELD;
      case "b.bytes" -> "coalesce(octet_length(b.bytes), 0)";
      default -> "octet_length(" + name + ")";
    };
  }

  /**
   * The query for these contents.
   *
   * @param ids in the order in which they count towards the limit
   * @param octets the limit
   */
  public static ContentQuery of(
      AccountId account, Collection<ContentId> ids, Columns wanted, long octets) {
    int columns =
        (wanted.structure() ? 1 : 0) + (wanted.header() ? 2 : 0) + (wanted.bytes() > 0 ? 4 : 0);
    var numbers = ids.stream().map(ContentId::value).toArray(Long[]::new);
    boolean one = numbers.length == 1;
    var arguments =
        one
            ? Tuple.of(account.value(), numbers[0])
            : Tuple.of(account.value(), (Object) numbers).addLong(octets);
    if (wanted.bytes() > 0) {
      arguments.addInteger(Math.min(wanted.bytes(), Blobs.CHUNK));
    }
    var texts = one ? ONE : isAscending(numbers) ? ASCENDING : IN_ORDER;
    return new ContentQuery(texts.get(columns), arguments);
  }

  private static boolean isAscending(Long[] numbers) {
    for (int i = 1; i < numbers.length; i++) {
      if (numbers[i - 1] >= numbers[i]) {
        return false;
      }
    }
    return true;
  }
}
