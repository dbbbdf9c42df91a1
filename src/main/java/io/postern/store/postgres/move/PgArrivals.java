package io.postern.store.postgres.move;

import io.postern.store.move.Arrivals;
import io.postern.store.move.MoveRefused;
import io.postern.store.move.MovedRows;
import io.postern.store.move.RowKey;
import io.postern.store.move.Ticket;
import io.postern.store.postgres.account.AccountPurge;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** The side that accounts arrive at, in PostgreSQL. */
public final class PgArrivals implements Arrivals {
  /** So that only accounts are purged that are being purged already. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  private static final String FIND =
      "SELECT a.id, a.name, a.moving, a.purging, r.origin, r.move, r.attempt FROM account a"
          + " LEFT JOIN account_arrival r ON r.account = a.id WHERE a.id = $1 OR a.name = $2"
          + " FOR UPDATE OF a";

  /** It is not visible: it is marked as deleted. */
  private static final String INSERT =
      "INSERT INTO account (id, name, verifier, enabled, deleted, moving)"
          + " VALUES ($1, $2, '', false, now(), 'arriving')";

  private static final String ARRIVAL =
      "INSERT INTO account_arrival (account, move, attempt, origin, epoch)"
          + " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account) DO UPDATE SET move = $2,"
          + " attempt = $3, origin = $4, epoch = $5, complete = false, since = now()";

  /** Sequences that might give ids again that the account has. */
  private static final String STRIPE =
      "SELECT stripe_sequence(s.name, (SELECT number FROM site_number), s.beyond) FROM"
          + " unnest(ARRAY['account_id', 'mailbox_id', 'content_id', 'recoverable_id'], $1::bigint[])"
          + " AS s(name, beyond) JOIN pg_sequences q ON q.sequencename = s.name"
          + " AND q.schemaname = current_schema() WHERE s.beyond >= coalesce(q.last_value, 0)"
          + " AND s.beyond > 0";

  private static final String PURGE =
      "UPDATE account SET purging = true, deleted = coalesce(deleted, now())"
          + " WHERE id = $1 AND moving IN ('left', 'arriving')";

  private static final String CURRENT =
      "SELECT complete FROM account_arrival WHERE account = $1 AND move = $2 AND attempt = $3"
          + " FOR SHARE";

  /** Whatever the run: since it is complete, the move can only go on. */
  private static final String ARRIVED =
      "SELECT FROM account_arrival WHERE account = $1 AND move = $2 AND complete FOR UPDATE";

  /** From now on logins find it: the home may change at any time. It stays fenced. */
  private static final String COMPLETE =
      "WITH shown AS (UPDATE account SET deleted = NULL WHERE id = $1)"
          + " UPDATE account_arrival SET complete = true WHERE account = $1";

  private static final String HIDE =
      "UPDATE account SET deleted = now() WHERE id = $1 AND deleted IS NULL";

  /** Keeps runs before this one from writing. */
  private static final String SUCCEED =
      "UPDATE account_arrival SET attempt = $3, complete = false"
          + " WHERE account = $1 AND move = $2 AND attempt <= $3";

  private static final String IS_OPEN =
      "SELECT FROM account WHERE id = $1 AND moving IS NULL AND deleted IS NULL";

  /** The lock of the maildrop was held by a session of the other site. */
  private static final List<String> OPEN =
      List.of(
          "UPDATE account SET moving = NULL, deleted = NULL WHERE id = $1",
          "UPDATE mailbox_state SET fenced = false WHERE account = $1",
          "UPDATE maildrop_lock SET until = now() WHERE account = $1 AND until > now()",
          "INSERT INTO access_grant SELECT e.owner, a.id FROM access_grant_elsewhere e"
              + " JOIN account a ON a.name = e.delegate_name WHERE a.id = $1 ON CONFLICT DO NOTHING",
          "DELETE FROM access_grant_elsewhere WHERE delegate_name = (SELECT name FROM account"
              + " WHERE id = $1)",
          "INSERT INTO mailbox_access SELECT e.account, e.mailbox, a.id, e.rights"
              + " FROM mailbox_access_elsewhere e JOIN account a ON a.name = e.grantee_name"
              + " WHERE a.id = $1 AND a.name <> 'anyone' ON CONFLICT DO NOTHING",
          "INSERT INTO annotation SELECT e.account, e.mailbox, a.id, e.entry, e.value"
              + " FROM annotation_elsewhere e JOIN account a ON a.name = e.viewer_name"
              + " WHERE a.id = $1 ON CONFLICT DO NOTHING",
          "INSERT INTO account_sweep (account) VALUES ($1)"
              + " ON CONFLICT (account) DO UPDATE SET marks = account_sweep.marks + 1",
          "DELETE FROM account_arrival WHERE account = $1");

  private final Tx tx;
  private final String site;

  /**
   * @param site the name of this site
   */
  public PgArrivals(Tx tx, String site) {
    this.tx = tx;
    this.site = site;
  }

  @Override
  public Uni<Store> store() {
    return PgDepartures.store(tx, site);
  }

  @Override
  public Uni<Begun> begin(Arrival arrival) {
    return store()
        .invoke(here -> requireAlike(here, arrival.from()))
        .chain(() -> tx.write(s -> session(s).compose(_ -> begin(s, arrival))))
        .call(
            begun ->
                begun == Begun.REMOVING
                    ? new AccountPurge(tx).batch(NEVER)
                    : Uni.createFrom().nullItem());
  }

  private static void requireAlike(Store here, Store from) {
    if (!here.schema().equals(from.schema())) {
      throw new MoveRefused(
          "the sites have different versions: the schema is %s at %s and %s at %s"
              .formatted(from.schema(), from.site(), here.schema(), here.site()));
    }
    if (here.number() == 0 || from.number() == 0 || here.number() == from.number()) {
      throw new MoveRefused(
          "mail.site.number must be set to different numbers at %s and %s"
              .formatted(from.site(), here.site()));
    }
  }

  private static Future<RowSet<Row>> session(Statements statements) {
    return statements.run(Digests.SESSION);
  }

  private static Future<Begun> begin(Statements statements, Arrival arrival) {
    long account = arrival.ticket().account().value();
    return statements
        .run(FIND, account, arrival.name())
        .compose(
            found -> {
              if (found.size() == 0) {
                return statements
                    .run(INSERT, account, arrival.name())
                    .compose(_ -> note(statements, arrival));
              }
              var row = found.iterator().next();
              if (found.size() > 1 || row.getLong(0) != account) {
                throw occupied(arrival);
              }
              if (row.getBoolean(3)) {
                return Future.succeededFuture(Begun.REMOVING);
              }
              return switch (Optional.ofNullable(row.getString(2)).orElse("")) {
                case "left" -> statements.run(PURGE, account).map(Begun.REMOVING);
                case "arriving" -> again(statements, arrival, row);
                default -> throw occupied(arrival);
              };
            });
  }

  private static Future<Begun> again(Statements statements, Arrival arrival, Row row) {
    var ticket = arrival.ticket();
    if (!arrival.from().site().equals(row.getString(4))) {
      throw new MoveRefused("the account is arriving from another site, " + row.getString(4));
    }
    if (ticket.move().equals(row.getUUID(5)) && ticket.attempt() < row.getInteger(6)) {
      throw succeeded();
    }
    return note(statements, arrival);
  }

  private static MoveRefused occupied(Arrival arrival) {
    return new MoveRefused(
        "the destination has an account with the name %s or the id %d"
            .formatted(arrival.name(), arrival.ticket().account().value()));
  }

  private static MoveRefused succeeded() {
    return new MoveRefused("another run of the move has begun");
  }

  private static Future<Begun> note(Statements statements, Arrival arrival) {
    var ticket = arrival.ticket();
    return statements
        .run(
            ARRIVAL,
            ticket.account().value(),
            ticket.move(),
            ticket.attempt(),
            arrival.from().site(),
            arrival.epoch())
        .compose(_ -> statements.run(HIDE, ticket.account().value()))
        .compose(_ -> statements.run(STRIPE, (Object) arrival.greatest().toArray(Long[]::new)))
        .map(Begun.READY);
  }

  /** A transaction of the latest run. */
  private <T> Uni<T> current(Ticket ticket, Function<Statements, Future<T>> body) {
    return tx.write(
        s ->
            session(s)
                .compose(_ -> found(s, ticket))
                .compose(
                    found -> {
                      if (found.isEmpty()) {
                        throw succeeded();
                      }
                      return body.apply(s);
                    }));
  }

  /** Whether everything has arrived; empty if another run has begun. */
  private static Future<Optional<Boolean>> found(Statements statements, Ticket ticket) {
    return statements
        .run(CURRENT, ticket.account().value(), ticket.move(), ticket.attempt())
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getBoolean(0))
                    .findFirst());
  }

  private static ArrivedRows rows(Statements statements, Ticket ticket) {
    return new ArrivedRows(statements, ticket.account().value());
  }

  @Override
  public Uni<List<RowKey>> compare(
      Ticket ticket, MovedRows rows, RowKey after, List<RowKey> present, boolean last) {
    return current(ticket, s -> rows(s, ticket).compare(rows, after, present, last));
  }

  @Override
  public Uni<Void> putChunks(Ticket ticket, Buffer chunks) {
    return current(ticket, s -> rows(s, ticket).putChunks(chunks)).replaceWithVoid();
  }

  @Override
  public Uni<String> put(Ticket ticket, MovedRows rows, String json, boolean first) {
    return current(ticket, s -> rows(s, ticket).put(rows, json, first));
  }

  @Override
  public Uni<List<String>> digest(Ticket ticket) {
    return current(ticket, s -> Digests.account(s, ticket.account().value()));
  }

  @Override
  public Uni<Void> complete(Ticket ticket) {
    return current(ticket, s -> s.run(COMPLETE, ticket.account().value())).replaceWithVoid();
  }

  @Override
  public Uni<Void> open(Ticket ticket) {
    long account = ticket.account().value();
    return tx.write(
            s ->
                session(s)
                    .compose(_ -> s.run(IS_OPEN, account))
                    .compose(
                        open ->
                            open.size() > 0
                                ? Future.succeededFuture()
                                : s.run(ARRIVED, account, ticket.move())
                                    .compose(found -> open(s, account, found.size() > 0))))
        .replaceWithVoid();
  }

  private static Future<?> open(Statements statements, long account, boolean complete) {
    if (!complete) {
      throw new MoveRefused("the account has not arrived completely");
    }
    Future<?> done = Future.succeededFuture();
    for (var step : OPEN) {
      done = done.compose(_ -> statements.run(step, account));
    }
    return done;
  }

  @Override
  public Uni<Void> discard(Ticket ticket) {
    long account = ticket.account().value();
    return tx.write(
            s ->
                session(s)
                    .compose(_ -> s.run(SUCCEED, account, ticket.move(), ticket.attempt()))
                    .compose(
                        done ->
                            done.rowCount() > 0 ? s.run(PURGE, account) : Future.succeededFuture()))
        .replaceWithVoid();
  }
}
