package io.postern.store.postgres.schema;

import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The state of the database's schema, as recorded by Flyway. */
public final class Schema {
  /** The newest migration in this package, as in the name of its file. */
  public static final String NEWEST = "019";

  private static final String SEEN =
      "SELECT FROM flyway_schema_history WHERE version = $1 AND success";

  private static final String PROGRESS =
      "SELECT (SELECT count(*) FROM page_migration), (SELECT count(*) FROM mailbox_state)";

  /** SQLSTATE undefined_table: Flyway has never run here, or the migration is not under way. */
  private static final String NO_SUCH_TABLE = "42P01";

  private final Tx tx;

  public Schema(Tx tx) {
    this.tx = tx;
  }

  /**
   * Whether the migration was applied. Those before it then were, too: they are applied in order.
   * One short query, where Flyway's own check takes a dozen over two connections.
   *
   * @param version as in the name of its file, {@code 001}
   * @return fails with {@code Unavailable} when the database does not answer
   */
  public Uni<Boolean> has(String version) {
    return tx.autocommit(client -> seen(client, version));
  }

  /**
   * How far the migration is that converts mailboxes one by one.
   *
   * @param done how many are converted
   * @param all how many there are
   */
  public record Progress(long done, long all) {
    @Override
    public String toString() {
      return done + " of " + all + " mailboxes converted to pages";
    }
  }

  /** How far it is; empty while it is not under way. Fails as {@link #has} does. */
  public Uni<Optional<Progress>> progress() {
    return tx.autocommit(
        client ->
            client
                .preparedQuery(PROGRESS)
                .execute()
                .map(rows -> rows.iterator().next())
                .map(row -> Optional.of(new Progress(row.getLong(0), row.getLong(1))))
                .recover(fault -> missing(fault, Optional.empty())));
  }

  private static Future<Boolean> seen(SqlClient client, String version) {
    return client
        .preparedQuery(SEEN)
        .execute(Tuple.of(version))
        .map(rows -> rows.size() > 0)
        .recover(fault -> missing(fault, false));
  }

  private static <T> Future<T> missing(Throwable fault, T answer) {
    return fault instanceof PgException refused && NO_SUCH_TABLE.equals(refused.getSqlState())
        ? Future.succeededFuture(answer)
        : Future.failedFuture(fault);
  }
}
