package io.postern.store.postgres.mailbox;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.NumberSet;
import io.postern.model.SpecialUse;
import io.postern.store.Mailboxes;
import io.postern.store.postgres.mailbox.Entities.MailboxRow;
import io.postern.store.postgres.message.MailboxStateRow;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** The mailbox trees and their counters, in PostgreSQL. */
public final class PgMailboxes implements Mailboxes {
  private static final Comparator<MailboxInfo> INBOX_FIRST =
      Comparator.comparing((MailboxInfo info) -> !info.name().isInbox())
          .thenComparing(MailboxInfo::name);

  /**
   * The recent messages to claim; the row is locked only if there are any. A claim need not survive
   * a crash of the database, so it waits for no disk: without it the messages are recent once more.
   */
  private static final String CLAIM =
      "WITH k AS MATERIALIZED (%s),"
          + " before AS (SELECT first_recent, uid_next,"
          + " set_config('synchronous_commit', 'off', true) FROM mailbox_state WHERE account = $1"
          + " AND mailbox = (SELECT id FROM k) AND first_recent < uid_next FOR UPDATE), claim AS"
          + " (UPDATE mailbox_state s SET first_recent = b.uid_next FROM before b"
          + " WHERE s.account = $1 AND s.mailbox = (SELECT id FROM k))"
          + " SELECT coalesce(b.first_recent, s.uid_next) AS first_recent,"
          + " coalesce(b.uid_next, s.uid_next) AS uid_next, s.mailbox"
          + " FROM mailbox_state s LEFT JOIN before b ON true"
          + " WHERE s.account = $1 AND s.mailbox = (SELECT id FROM k)";

  private static final String CLAIM_OF_KEY = CLAIM.formatted("SELECT $2::bigint AS id");

  private static final String CLAIM_OF_NAME = CLAIM.formatted(MailboxStateRow.NAMED);

  private final Tx tx;
  private final Supplier<Limits> limits;

  /**
   * @param limits read at each call that creates something
   */
  public PgMailboxes(Tx tx, Supplier<Limits> limits) {
    this.tx = tx;
    this.limits = limits;
  }

  @Override
  public Uni<List<MailboxInfo>> list(AccountId account) {
    return tx.ormRead(
        session ->
            session
                .createSelectionQuery("from MailboxRow where account = :account", MailboxRow.class)
                .setParameter("account", account.value())
                .getResultList()
                .map(rows -> rows.stream().map(MailboxRow::info).sorted(INBOX_FIRST).toList()));
  }

  @Override
  public Uni<Optional<MailboxInfo>> find(AccountId account, MailboxName name) {
    return tx.ormRead(
        session ->
            session
                .createSelectionQuery(
                    "from MailboxRow where account = :account and name = :name", MailboxRow.class)
                .setParameter("account", account.value())
                .setParameter("name", name.value())
                .getSingleResultOrNull()
                .map(row -> Optional.ofNullable(row).map(MailboxRow::info)));
  }

  @Override
  public Uni<MailboxInfo> create(AccountId account, MailboxName name, Optional<SpecialUse> use) {
    return tx.ormTransaction(
        session -> tree(session, account).flatMap(tree -> tree.create(name, use)));
  }

  @Override
  public Uni<MailboxKey> delete(AccountId account, MailboxName name) {
    return tx.ormTransaction(
        session ->
            tree(session, account)
                .flatMap(tree -> new TreeChange(session, account, tree).delete(name)));
  }

  @Override
  public Uni<Void> rename(AccountId account, MailboxName from, MailboxName to) {
    return tx.ormTransaction(
        session ->
            tree(session, account)
                .flatMap(tree -> new TreeChange(session, account, tree).rename(from, to)));
  }

  private Uni<Tree> tree(Mutiny.Session session, AccountId account) {
    return new Tree(session, account, limits.get()).lock();
  }

  @Override
  public Uni<SortedSet<MailboxName>> subscriptions(AccountId account) {
    return tx.ormRead(
        session ->
            session
                .createSelectionQuery(
                    "select name from SubscriptionRow where account = :account", String.class)
                .setParameter("account", account.value())
                .getResultList()
                .map(
                    names ->
                        names.stream()
                            .map(MailboxName::new)
                            .collect(Collectors.toCollection(TreeSet::new))));
  }

  @Override
  public Uni<Void> subscribe(AccountId account, MailboxName name) {
    return tx.ormTransaction(
        session -> tree(session, account).flatMap(tree -> tree.subscribe(name)));
  }

  @Override
  public Uni<Void> subscribeUnseen(AccountId account, MailboxName name) {
    return tx.ormTransaction(
        session -> tree(session, account).flatMap(tree -> tree.subscribeUnseen(name)));
  }

  @Override
  public Uni<Void> unsubscribe(AccountId account, MailboxName name) {
    return tx.ormTransaction(
        session ->
            session
                .createMutationQuery(
                    "delete from SubscriptionRow where account = :account and name = :name")
                .setParameter("account", account.value())
                .setParameter("name", name.value())
                .executeUpdate()
                .replaceWithVoid());
  }

  @Override
  public Uni<MailboxState> state(MailboxKey mailbox) {
    return tx.autocommit(
        client ->
            MailboxStateRow.found(client.preparedQuery(MailboxStateRow.READ).execute(key(mailbox)))
                .map(MailboxStateRow::state));
  }

  @Override
  public Uni<Map<MailboxId, MailboxState>> states(AccountId account) {
    return tx.autocommit(client -> MailboxStateRow.states(client, account));
  }

  @Override
  public Uni<Map<MailboxKey, MailboxState>> states(Collection<MailboxKey> mailboxes) {
    return tx.autocommit(client -> MailboxStateRow.states(client, mailboxes));
  }

  @Override
  public Uni<NumberSet> claimRecent(MailboxKey mailbox) {
    return tx.update(client -> claim(mailbox, client));
  }

  private static Future<NumberSet> claim(MailboxKey mailbox, SqlClient client) {
    return MailboxStateRow.present(client.preparedQuery(CLAIM_OF_KEY).execute(key(mailbox)))
        .map(PgMailboxes::claimed);
  }

  private static NumberSet claimed(Row row) {
    long first = row.getLong(0);
    long next = row.getLong(1);
    return first < next ? NumberSet.range(first, next - 1) : NumberSet.EMPTY;
  }

  @Override
  public Uni<Optional<Claim>> claimRecent(AccountId account, MailboxName name) {
    return tx.update(client -> named(client, CLAIM_OF_NAME, account, name))
        .map(
            found ->
                found.map(row -> new Claim(MailboxStateRow.key(account, row, 2), claimed(row))));
  }

  @Override
  public Uni<Optional<Status>> status(AccountId account, MailboxName name) {
    return tx.autocommit(client -> named(client, MailboxStateRow.READ_NAMED, account, name))
        .map(
            found ->
                found.map(
                    row ->
                        new Status(
                            MailboxStateRow.key(account, row, 0),
                            MailboxStateRow.of(row).state())));
  }

  private static Future<Optional<Row>> named(
      SqlClient client, String sql, AccountId account, MailboxName name) {
    return client
        .preparedQuery(sql)
        .execute(Tuple.of(account.value(), name.value()))
        .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next()));
  }

  private static Tuple key(MailboxKey mailbox) {
    return Tuple.of(mailbox.account().value(), mailbox.mailbox().value());
  }
}
