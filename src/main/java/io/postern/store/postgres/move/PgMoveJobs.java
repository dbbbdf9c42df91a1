package io.postern.store.postgres.move;

import io.postern.model.Ids.AccountId;
import io.postern.store.move.Departures.Departing;
import io.postern.store.move.MoveJobs;
import io.postern.store.move.Ticket;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Records of moves, in PostgreSQL. */
public final class PgMoveJobs implements MoveJobs {
  private static final String COLUMNS =
      "id, attempt, moved, name, destination, epoch, phase, cancelled, rounds, contents, octets,"
          + " all_contents, all_octets, requested, finished, frozen_millis, problem";

  private static final String REQUEST =
      "INSERT INTO account_move (moved, name, destination, epoch, all_contents, all_octets)"
          + " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING "
          + COLUMNS;

  private static final String FIND = "SELECT " + COLUMNS + " FROM account_move WHERE id = $1";

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM account_move ORDER BY requested DESC, id LIMIT $1";

  /** Of a run in a phase. */
  private static final String LEASE =
      "clock_timestamp() + CASE WHEN %s IN ('copy', 'grace') THEN interval '"
          + MoveJobs.LEASE.toSeconds()
          + " seconds' ELSE interval '"
          + MoveJobs.FROZEN_LEASE.toSeconds()
          + " seconds' END";

  private static final String TAKE =
      "UPDATE account_move SET attempt = attempt + 1, leased_until = "
          + LEASE.formatted("phase")
          + " WHERE id = (SELECT id FROM account_move WHERE finished IS NULL"
          + " AND leased_until <= now() AND (phase <> 'grace' OR sweep_at <= now())"
          + " ORDER BY leased_until LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING "
          + COLUMNS;

  /** The end of the freeze is that of the first record of an opened account. */
  private static final String RECORD =
      "UPDATE account_move SET phase = $3, rounds = $4, contents = $5, octets = $6, leased_until = "
          + LEASE.formatted("$3")
          + ", problem = CASE WHEN phase = $3 THEN problem END, finished ="
          + " CASE WHEN $3 = 'done' THEN now() END, frozen_millis = CASE WHEN $3 = 'kick'"
          + " AND phase <> 'kick' THEN (extract(epoch FROM clock_timestamp() - frozen_at) * 1000)"
          + "::bigint ELSE frozen_millis END WHERE id = $1 AND attempt = $2 AND finished IS NULL"
          + " AND ($3 <> 'switch' OR NOT cancelled)";

  private static final String KEEP =
      "UPDATE account_move SET phase = 'grace', leased_until = now(),"
          + " sweep_at = now() + $3 * interval '1 millisecond'"
          + " WHERE id = $1 AND attempt = $2 AND finished IS NULL";

  private static final String RELEASE =
      "UPDATE account_move SET problem = $3, leased_until = now() + $4 * interval '1 millisecond'"
          + " WHERE id = $1 AND attempt = $2 AND finished IS NULL";

  private static final String FAIL =
      "UPDATE account_move SET phase = $3, problem = $4, finished = now()"
          + " WHERE id = $1 AND attempt = $2 AND finished IS NULL";

  private static final String CANCEL =
      "UPDATE account_move SET cancelled = true WHERE id = $1 AND phase IN ('copy', 'freeze')";

  private final Tx tx;

  public PgMoveJobs(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<Optional<Job>> request(
      Departing account, String name, String destination, long epoch) {
    return first(
        REQUEST,
        Tuple.of(
            account.account().value(),
            name,
            destination,
            epoch,
            account.contents(),
            account.octets()));
  }

  private Uni<Optional<Job>> first(String sql, Tuple arguments) {
    return tx.update(client -> client.preparedQuery(sql).execute(arguments))
        .map(rows -> jobs(rows).stream().findFirst());
  }

  @Override
  public Uni<Optional<Job>> find(UUID move) {
    return tx.autocommit(client -> client.preparedQuery(FIND).execute(Tuple.of(move)))
        .map(rows -> jobs(rows).stream().findFirst());
  }

  @Override
  public Uni<List<Job>> list(int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("1 to 1,000 moves are listed, not " + limit);
    }
    return tx.autocommit(client -> client.preparedQuery(LIST).execute(Tuple.of(limit)))
        .map(PgMoveJobs::jobs);
  }

  @Override
  public Uni<Optional<Job>> take() {
    return first(TAKE, Tuple.tuple());
  }

  private static List<Job> jobs(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(PgMoveJobs::job).toList();
  }

  private static Job job(Row row) {
    return new Job(
        new Ticket(row.getUUID(0), row.getInteger(1), new AccountId(row.getLong(2))),
        row.getString(3),
        row.getString(4),
        row.getLong(5),
        Phase.valueOf(row.getString(6).toUpperCase(Locale.ROOT)),
        row.getBoolean(7),
        new Progress(
            row.getInteger(8), row.getLong(9), row.getLong(10), row.getLong(11), row.getLong(12)),
        row.getOffsetDateTime(13).toInstant(),
        Optional.ofNullable(row.getOffsetDateTime(14)).map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getLong(15)).map(Duration::ofMillis),
        Optional.ofNullable(row.getString(16)));
  }

  @Override
  public Uni<Boolean> record(Ticket ticket, Phase phase, Progress progress) {
    return update(
        RECORD,
        own(ticket)
            .addString(phase.label())
            .addInteger(progress.rounds())
            .addLong(progress.contents())
            .addLong(progress.octets()));
  }

  private static Tuple own(Ticket ticket) {
    return Tuple.of(ticket.move(), ticket.attempt());
  }

  private Uni<Boolean> update(String sql, Tuple arguments) {
    return tx.update(client -> client.preparedQuery(sql).execute(arguments))
        .map(rows -> rows.rowCount() > 0);
  }

  @Override
  public Uni<Boolean> keep(Ticket ticket, Duration grace) {
    return update(KEEP, own(ticket).addLong(grace.toMillis()));
  }

  @Override
  public Uni<Void> release(Ticket ticket, String problem, Duration pause) {
    return update(RELEASE, own(ticket).addString(problem).addLong(pause.toMillis()))
        .replaceWithVoid();
  }

  @Override
  public Uni<Boolean> fail(Ticket ticket, Phase phase, String problem) {
    return update(FAIL, own(ticket).addString(phase.label()).addString(problem));
  }

  @Override
  public Uni<Boolean> cancel(UUID move) {
    return update(CANCEL, Tuple.of(move));
  }
}
