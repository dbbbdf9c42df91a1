package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.store.Annotations;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Annotations, in PostgreSQL. */
public final class PgAnnotations implements Annotations {
  /** Of the viewer $2, with a name of $3 or below one, down to the depth $4, up to $5 octets. */
  private static final String READ =
      "SELECT mailbox, entry, octet_length(value),"
          + " CASE WHEN octet_length(value) <= $5::bigint THEN value END FROM annotation"
          + " WHERE account = $1 AND viewer IN (0, $2) AND (entry = ANY($3) OR $4::int > 0 AND EXISTS"
          + " (SELECT FROM unnest($3) AS e WHERE starts_with(entry, e || '/')"
          + " AND ($4::int > 1 OR strpos(substr(entry, length(e) + 2), '/') = 0))) AND %s"
          + " ORDER BY mailbox, entry";

  private static final String OF_MAILBOX = READ.formatted("mailbox = $6");
  private static final String OF_SERVER = READ.formatted("mailbox IS NULL");
  private static final String OF_ALL = READ.formatted("mailbox IS NOT NULL");

  /** Rows of one transaction have its number; it is another one for each call. */
  private static final String VERSIONS =
      "SELECT mailbox, entry, xmin::text::bigint FROM annotation"
          + " WHERE account = $1 AND viewer IN (0, $2) ORDER BY mailbox, entry LIMIT $3";

  private static final String SET =
      "SELECT set_annotations($1, $2, $3, $4, $5, $6, $7, $8),"
          + " pg_current_xact_id()::xid::text::bigint";

  private final Tx tx;

  public PgAnnotations(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<List<Found>> read(Subject subject, AccountId viewer, Query query) {
    var arguments = arguments(subject.account(), viewer, query);
    subject.mailbox().ifPresent(mailbox -> arguments.addLong(mailbox.value()));
    return read(subject.mailbox().isPresent() ? OF_MAILBOX : OF_SERVER, arguments);
  }

  @Override
  public Uni<List<Found>> readAll(AccountId account, AccountId viewer, Query query) {
    return read(OF_ALL, arguments(account, viewer, query));
  }

  private static Tuple arguments(AccountId account, AccountId viewer, Query query) {
    return Tuple.tuple()
        .addLong(account.value())
        .addLong(viewer.value())
        .addArrayOfString(query.entries().toArray(String[]::new))
        .addInteger(query.depth().ordinal())
        .addLong(query.most());
  }

  private Uni<List<Found>> read(String sql, Tuple arguments) {
    return tx.autocommit(client -> client.preparedQuery(sql).execute(arguments))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false).map(PgAnnotations::found).toList());
  }

  private static Found found(Row row) {
    return new Found(
        mailbox(row), row.getString(1), row.getInteger(2), Optional.ofNullable(row.getBuffer(3)));
  }

  @Override
  public Uni<List<Version>> versions(AccountId account, AccountId viewer, int most) {
    var arguments = Tuple.of(account.value(), viewer.value(), (long) most);
    return tx.autocommit(client -> client.preparedQuery(VERSIONS).execute(arguments))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> new Version(mailbox(row), row.getString(1), row.getLong(2)))
                    .toList());
  }

  private static Optional<MailboxId> mailbox(Row row) {
    return Optional.ofNullable(row.getLong(0)).map(MailboxId::new);
  }

  @Override
  public Uni<Long> set(
      Subject subject, AccountId viewer, Map<String, Optional<Buffer>> values, Limits limits) {
    var entries = values.keySet().toArray(String[]::new);
    var viewers = new Long[entries.length];
    var octets = new Buffer[entries.length];
    var removed = new Boolean[entries.length];
    for (int i = 0; i < entries.length; i++) {
      viewers[i] = entries[i].startsWith(PRIVATE) ? viewer.value() : 0;
      var value = values.getOrDefault(entries[i], Optional.empty());
      octets[i] = value.orElseGet(Buffer::buffer);
      removed[i] = value.isEmpty();
    }
    var arguments =
        Tuple.tuple()
            .addLong(subject.account().value())
            .addLong(subject.mailbox().map(MailboxId::value).orElse(null))
            .addArrayOfLong(viewers)
            .addArrayOfString(entries)
            .addArrayOfBuffer(octets)
            .addArrayOfBoolean(removed)
            .addInteger(limits.entries())
            .addLong(limits.octets());
    return tx.update(client -> client.preparedQuery(SET).execute(arguments))
        .chain(rows -> done(rows, limits));
  }

  private static Uni<Long> done(RowSet<Row> rows, Limits limits) {
    var row = rows.iterator().next();
    return switch (row.getString(0)) {
      case "gone" -> failure(new StoreFailure.MailboxGone());
      case "full" -> failure(new StoreFailure.LimitReached("annotations", limits.entries()));
      case "large" ->
          failure(new StoreFailure.OverQuota(Optional.of(limits.octets()), Optional.empty()));
      default -> Uni.createFrom().item(row.getLong(1));
    };
  }

  private static Uni<Long> failure(StoreFailure failure) {
    return Uni.createFrom().failure(new StoreException(failure));
  }
}
