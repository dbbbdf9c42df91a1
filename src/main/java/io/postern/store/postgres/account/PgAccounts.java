package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Access;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.postgres.mailbox.InitialMailboxes;
import io.postern.store.postgres.tx.SqlErrors;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.hibernate.reactive.mutiny.Mutiny;

/** The accounts, in PostgreSQL. */
public final class PgAccounts implements Accounts {
  private static final String NEXT_ID = "SELECT nextval('account_id')";
  private static final String TAKEN = "SELECT deleted IS NOT NULL FROM account WHERE name = :name";
  private static final String DECOY = "SELECT value FROM site_secret WHERE name = 'decoy'";

  private final Tx tx;

  public PgAccounts(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<Optional<Account>> find(String name) {
    return tx.ormRead(
        session ->
            session
                .createSelectionQuery("from Account where name = :name", AccountRow.class)
                .setParameter("name", folded(name))
                .getSingleResultOrNull()
                .map(row -> Optional.ofNullable(row).map(AccountRow::account)));
  }

  @Override
  public Uni<List<Account>> page(String after, int most) {
    return tx.ormRead(
        session ->
            session
                .createSelectionQuery(
                    "from Account where name > :after order by name", AccountRow.class)
                .setParameter("after", folded(after))
                .setMaxResults(most)
                .getResultList()
                .map(rows -> rows.stream().map(AccountRow::account).toList()));
  }

  @Override
  public Uni<AccountId> create(String name, Verifiers verifiers) {
    var login = folded(name);
    return tx.ormTransaction(
            session -> taken(session, login).chain(() -> insert(session, login, verifiers)))
        .onFailure(SqlErrors::duplicate)
        .transform(taken -> new StoreException(new StoreFailure.AccountExists(login), taken));
  }

  /** Checked first, so that the usual case logs no error; the unique key decides. */
  private static Uni<Void> taken(Mutiny.Session session, String login) {
    return session
        .createNativeQuery(TAKEN, Boolean.class)
        .setParameter("name", login)
        .getSingleResultOrNull()
        .onItem()
        .ifNotNull()
        .transformToUni(deleted -> Uni.createFrom().failure(taken(login, deleted)))
        .replaceWithVoid();
  }

  private static StoreException taken(String login, boolean deleted) {
    return new StoreException(
        deleted ? new StoreFailure.AccountDeleted(login) : new StoreFailure.AccountExists(login));
  }

  private static Uni<AccountId> insert(Mutiny.Session session, String login, Verifiers verifiers) {
    return session
        .createNativeQuery(NEXT_ID, Long.class)
        .getSingleResult()
        .call(id -> session.persist(new AccountRow(id, login, verifiers)))
        .call(session::flush)
        .map(AccountId::new)
        .call(id -> InitialMailboxes.create(session, id));
  }

  @Override
  public Uni<Void> setVerifiers(AccountId account, Verifiers verifiers) {
    return tx.ormTransaction(
        session ->
            session
                .createMutationQuery(
                    "update Account set verifier = :verifier, scram = :scram where id = :id")
                .setParameter("verifier", verifiers.password().reveal())
                .setParameter("scram", AccountRow.scram(verifiers))
                .setParameter("id", account.value())
                .executeUpdate()
                .replaceWithVoid());
  }

  @Override
  public Uni<Boolean> upgradeVerifiers(AccountId account, Secret current, Verifiers better) {
    return tx.ormTransaction(
        session ->
            session
                .createMutationQuery(
                    "update Account set verifier = :verifier, scram = :scram"
                        + " where id = :id and verifier = :current")
                .setParameter("verifier", better.password().reveal())
                .setParameter("scram", AccountRow.scram(better))
                .setParameter("id", account.value())
                .setParameter("current", current.reveal())
                .executeUpdate()
                .map(rows -> rows > 0));
  }

  @Override
  public Uni<Optional<Account>> setAccess(AccountId account, UnaryOperator<Access> change) {
    return tx.ormTransaction(
        session ->
            session
                .find(AccountRow.class, account.value(), LockModeType.PESSIMISTIC_WRITE)
                .onItem()
                .ifNotNull()
                .invoke(row -> row.set(change.apply(row.access())))
                .map(row -> Optional.ofNullable(row).map(AccountRow::account)));
  }

  @Override
  public Uni<Optional<Account>> setOptions(
      AccountId account, UnaryOperator<ProtocolOptions> change) {
    return tx.ormTransaction(
        session ->
            session
                .find(AccountRow.class, account.value(), LockModeType.PESSIMISTIC_WRITE)
                .onItem()
                .ifNotNull()
                .invoke(row -> row.set(change.apply(row.options())))
                .map(row -> Optional.ofNullable(row).map(AccountRow::account)));
  }

  @Override
  public Uni<Secret> decoyKey() {
    return tx.ormRead(
        session ->
            session.createNativeQuery(DECOY, String.class).getSingleResult().map(Secret::new));
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
