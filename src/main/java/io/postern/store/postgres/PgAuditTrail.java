package io.postern.store.postgres;

import io.postern.store.maintenance.AuditTrail;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The audit trail, in PostgreSQL. */
public final class PgAuditTrail implements AuditTrail {
  /** How many rows one transaction removes. */
  private static final int BATCH = 2_000;

  private static final String ADD =
      "INSERT INTO audit_trail (at, actor, address, action, path, account_name, status)"
          + " VALUES ($1, $2, $3, $4, $5, $6, $7)";

  private static final String SELECT =
      "SELECT id, at, actor, address, action, path, account_name, status FROM audit_trail"
          + " WHERE id < $1";

  private static final String EXPIRE =
      "DELETE FROM audit_trail WHERE id IN (SELECT id FROM audit_trail"
          + " WHERE at < now() - $1 * interval '1 millisecond' ORDER BY at LIMIT "
          + BATCH
          + " FOR UPDATE SKIP LOCKED)";

  private final Tx tx;

  public PgAuditTrail(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<Void> add(Call call) {
    var arguments =
        Tuple.of(utc(call.at()), call.actor(), call.address(), call.action(), call.path())
            .addValue(call.account().orElse(null))
            .addInteger(call.status());
    return tx.update(client -> client.preparedQuery(ADD).execute(arguments)).replaceWithVoid();
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  @Override
  public Uni<List<Kept>> page(Filter filter, long before, int limit) {
    var sql = new StringBuilder(SELECT);
    var arguments = Tuple.of(before);
    and(sql, arguments, " AND account_name = $%d", filter.account());
    and(sql, arguments, " AND actor = $%d", filter.actor());
    and(sql, arguments, " AND starts_with(action, $%d)", filter.action());
    and(sql, arguments, " AND at >= $%d", filter.from().map(PgAuditTrail::utc));
    and(sql, arguments, " AND at < $%d", filter.to().map(PgAuditTrail::utc));
    and(sql, arguments, " ORDER BY id DESC LIMIT $%d", Optional.of(limit));
    return tx.longRead(client -> client.preparedQuery(sql.toString()).execute(arguments))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false).map(PgAuditTrail::kept).toList());
  }

  private static void and(StringBuilder sql, Tuple arguments, String clause, Optional<?> value) {
    value.ifPresent(
        it -> {
          arguments.addValue(it);
          sql.append(clause.formatted(arguments.size()));
        });
  }

  private static Kept kept(Row row) {
    return new Kept(
        row.getLong(0),
        new Call(
            row.getOffsetDateTime(1).toInstant(),
            row.getString(2),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            Optional.ofNullable(row.getString(6)),
            row.getInteger(7)));
  }

  @Override
  public Uni<Long> expire(Duration retention) {
    return Multi.createBy()
        .repeating()
        .uni(() -> tx.write(s -> s.run(EXPIRE, retention.toMillis()).map(it -> it.rowCount())))
        .whilst(removed -> removed == BATCH)
        .collect()
        .in(() -> new long[1], (sum, n) -> sum[0] += n)
        .map(sum -> sum[0]);
  }
}
