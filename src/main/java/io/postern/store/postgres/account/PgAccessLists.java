package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.Rights;
import io.postern.model.UidValidity;
import io.postern.store.account.AccessLists;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Access control lists, in PostgreSQL. */
public final class PgAccessLists implements AccessLists {
  private static final String ENTRIES =
      "SELECT g.name, x.rights FROM mailbox_access x JOIN account g ON g.id = x.grantee"
          + " WHERE x.account = $1 AND x.mailbox = $2 AND g.deleted IS NULL"
          + " UNION SELECT grantee_name, rights FROM mailbox_access_elsewhere"
          + " WHERE account = $1 AND mailbox = $2 ORDER BY 1";

  private static final String GRANTEE =
      "SELECT id FROM account WHERE name = $1 AND deleted IS NULL";

  private static final String CHANGE = "SELECT change_mailbox_access($1, $2, $3, $4, $5, $6, $7)";

  /** Of a user whose mailboxes another site stores, and who has an entry; how many entries. */
  private static final String CHANGE_ELSEWHERE =
      "WITH o AS (SELECT e.ctid, CASE $4::text WHEN 'ADD' THEN rights | $5::int"
          + " WHEN 'REMOVE' THEN rights & ~$5::int ELSE $5::int END AS rights"
          + " FROM mailbox_access_elsewhere e"
          + " WHERE account = $1 AND mailbox = $2 AND grantee_name = $3 FOR UPDATE),"
          + " gone AS (DELETE FROM mailbox_access_elsewhere e USING o"
          + " WHERE e.ctid = o.ctid AND o.rights = 0),"
          + " changed AS (UPDATE mailbox_access_elsewhere e SET rights = o.rights FROM o"
          + " WHERE e.ctid = o.ctid AND o.rights <> 0) SELECT count(*) FROM o";

  /** The owner is in use. */
  private static final String OWNED =
      " JOIN account o ON o.id = x.account AND o.enabled AND o.deleted IS NULL";

  /** The entries that are for a viewer; the one for all accounts has no id, as those elsewhere. */
  private static final String ENTRIES_FOR =
      "(SELECT account, mailbox, rights FROM mailbox_access WHERE grantee = $1"
          + " UNION ALL SELECT account, mailbox, rights FROM mailbox_access_elsewhere"
          + " WHERE grantee_name = '"
          + ANYONE
          + "' AND account <> $1) x";

  private static final String RIGHTS =
      "SELECT coalesce(bit_or(x.rights), 0) FROM "
          + ENTRIES_FOR
          + OWNED
          + " WHERE x.account = $2 AND x.mailbox = $3";

  private static final String SHARED =
      "SELECT o.name, x.account, m.id, m.name, m.uid_validity, bit_or(x.rights) FROM "
          + ENTRIES_FOR
          + OWNED
          + " JOIN mailbox m ON m.account = x.account AND m.id = x.mailbox";

  /** In the order in which mailboxes are shown. */
  private static final String EACH =
      " GROUP BY o.name, m.name, x.account, m.id, m.uid_validity ORDER BY o.name, m.name LIMIT "
          + MOST_SHARED;

  private static final String ALL_SHARED = SHARED + EACH;

  private static final String FIND = SHARED + " WHERE o.name = $2 AND m.name = $3" + EACH;

  /** The changes of one account wait for each other. */
  private static final String LOCK = "SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE";

  /** Of the entry for all accounts: what became of it. */
  private static final String CHANGE_ANYONE =
      "WITH m AS (SELECT FROM mailbox WHERE account = $1 AND id = $2 FOR KEY SHARE),"
          + " old AS (SELECT rights FROM mailbox_access_elsewhere"
          + " WHERE account = $1 AND mailbox = $2 AND grantee_name = $3),"
          + " new AS (SELECT CASE $4::text WHEN 'ADD' THEN coalesce(old.rights, 0) | $5::int"
          + " WHEN 'REMOVE' THEN coalesce(old.rights, 0) & ~$5::int ELSE $5::int END AS rights"
          + " FROM m LEFT JOIN old ON true),"
          + " gone AS (DELETE FROM mailbox_access_elsewhere e USING new WHERE new.rights = 0"
          + " AND e.account = $1 AND e.mailbox = $2 AND e.grantee_name = $3),"
          + " put AS (INSERT INTO mailbox_access_elsewhere (account, mailbox, grantee_name, rights)"
          + " SELECT $1, $2, $3, rights FROM new WHERE rights <> 0 AND (EXISTS (SELECT FROM old)"
          + " OR (SELECT count(*) FROM mailbox_access WHERE account = $1 AND mailbox = $2)"
          + " < $6::int)"
          + " ON CONFLICT (account, mailbox, grantee_name) DO UPDATE SET rights = excluded.rights"
          + " RETURNING 1)"
          + " SELECT CASE WHEN NOT EXISTS (SELECT FROM m) THEN 'GONE'"
          + " WHEN EXISTS (SELECT FROM put) OR EXISTS (SELECT FROM new WHERE rights = 0)"
          + " THEN 'DONE'"
          + " ELSE 'FULL' END";

  private static final String INHERIT =
      "WITH elsewhere AS (INSERT INTO mailbox_access_elsewhere"
          + " (account, mailbox, grantee_name, rights)"
          + " SELECT account, $3, grantee_name, rights FROM mailbox_access_elsewhere"
          + " WHERE account = $1 AND mailbox = $2 ON CONFLICT DO NOTHING)"
          + " INSERT INTO mailbox_access (account, mailbox, grantee, rights)"
          + " SELECT account, $3, grantee, rights FROM mailbox_access"
          + " WHERE account = $1 AND mailbox = $2 ON CONFLICT DO NOTHING";

  private final Tx tx;

  public PgAccessLists(Tx tx) {
    this.tx = tx;
  }

  private Uni<RowSet<Row>> read(String sql, Object... arguments) {
    return tx.autocommit(client -> client.preparedQuery(sql).execute(Tuple.wrap(arguments)));
  }

  @Override
  public Uni<List<Entry>> entries(MailboxKey mailbox) {
    return read(ENTRIES, mailbox.account().value(), mailbox.mailbox().value())
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> new Entry(row.getString(0), new Rights(row.getInteger(1))))
                    .toList());
  }

  @Override
  public Uni<Outcome> change(MailboxKey mailbox, String name, Mode mode, Rights rights, int most) {
    if (name.equals(ANYONE)) {
      return changeAnyone(mailbox, mode, rights, most);
    }
    var arguments =
        Tuple.of(mailbox.account().value(), mailbox.mailbox().value(), name, mode.name())
            .addInteger(rights.bits())
            .addInteger(most)
            .addInteger(most * MAILBOXES);
    return tx.update(client -> client.preparedQuery(CHANGE).execute(arguments))
        .map(rows -> Outcome.valueOf(rows.iterator().next().getString(0)))
        .chain(
            outcome ->
                outcome == Outcome.UNKNOWN
                    ? changeElsewhere(mailbox, name, mode, rights)
                    : Uni.createFrom().item(outcome));
  }

  private Uni<Outcome> changeAnyone(MailboxKey mailbox, Mode mode, Rights rights, int most) {
    long account = mailbox.account().value();
    var arguments =
        Tuple.of(account, mailbox.mailbox().value(), ANYONE, mode.name())
            .addInteger(rights.bits())
            .addInteger(most);
    return tx.write(
            statements ->
                statements
                    .run(LOCK, account)
                    .compose(_ -> statements.run(CHANGE_ANYONE, arguments)))
        .map(rows -> Outcome.valueOf(rows.iterator().next().getString(0)));
  }

  private Uni<Outcome> changeElsewhere(MailboxKey mailbox, String name, Mode mode, Rights rights) {
    var arguments =
        Tuple.of(mailbox.account().value(), mailbox.mailbox().value(), name, mode.name())
            .addInteger(rights.bits());
    return tx.update(client -> client.preparedQuery(CHANGE_ELSEWHERE).execute(arguments))
        .map(rows -> rows.iterator().next().getLong(0) > 0 ? Outcome.DONE : Outcome.UNKNOWN);
  }

  @Override
  public Uni<Optional<AccountId>> grantee(String name) {
    return read(GRANTEE, name)
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> new AccountId(row.getLong(0)))
                    .findFirst());
  }

  @Override
  public Uni<Rights> rights(MailboxKey mailbox, AccountId viewer) {
    return read(RIGHTS, viewer.value(), mailbox.account().value(), mailbox.mailbox().value())
        .map(rows -> new Rights(rows.iterator().next().getInteger(0)));
  }

  @Override
  public Uni<List<Shared>> sharedWith(AccountId viewer) {
    return read(ALL_SHARED, viewer.value())
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(PgAccessLists::shared)
                    .toList());
  }

  @Override
  public Uni<Optional<Shared>> find(String owner, MailboxName name, AccountId viewer) {
    return read(FIND, viewer.value(), owner, name.value())
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(shared(rows.iterator().next())));
  }

  /** A special use is the owner's. */
  private static Shared shared(Row row) {
    var key = new MailboxKey(new AccountId(row.getLong(1)), new MailboxId(row.getLong(2)));
    var mailbox =
        new MailboxInfo(
            key,
            new MailboxName(row.getString(3)),
            new UidValidity(row.getLong(4)),
            Optional.empty());
    return new Shared(row.getString(0), mailbox, new Rights(row.getInteger(5)));
  }

  @Override
  public Uni<Void> inherit(MailboxKey above, MailboxKey made) {
    var arguments =
        Tuple.of(above.account().value(), above.mailbox().value(), made.mailbox().value());
    return tx.update(client -> client.preparedQuery(INHERIT).execute(arguments)).replaceWithVoid();
  }
}
