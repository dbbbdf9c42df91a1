package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.Accounts;
import io.postern.store.account.MailboxPlan;
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
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.hibernate.reactive.mutiny.Mutiny;

/** The accounts, in PostgreSQL. */
public final class PgAccounts implements Accounts {
  private static final String NEXT_ID = "SELECT nextval('account_id')";
  private static final String TAKEN = "SELECT deleted IS NOT NULL FROM account WHERE name = :name";
  private static final String DECOY = "SELECT value FROM site_secret WHERE name = 'decoy'";

  private static final String DEFAULT_PLAN = "SELECT name FROM mailbox_plan WHERE by_default";

  /** An account's row and that of its plan, or null. */
  private static final String WITH_PLAN =
      "select a, p from Account a left join MailboxPlan p on p.name = a.plan where ";

  private final Tx tx;

  public PgAccounts(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<Optional<Account>> find(String name) {
    return AccountLookup.find(tx, folded(name));
  }

  @Override
  public Uni<List<Account>> page(String after, int most) {
    return tx.ormRead(
        session ->
            session
                .createSelectionQuery(WITH_PLAN + "a.name > :after order by a.name", Object[].class)
                .setParameter("after", folded(after))
                .setMaxResults(most)
                .getResultList()
                .map(rows -> rows.stream().map(PgAccounts::account).toList()));
  }

  /** The accounts of these ids, by name. */
  static Uni<List<Account>> all(Mutiny.QueryProducer session, List<Long> ids) {
    return session
        .createSelectionQuery(WITH_PLAN + "a.id in :ids order by a.name", Object[].class)
        .setParameter("ids", ids)
        .getResultList()
        .map(rows -> rows.stream().map(PgAccounts::account).toList());
  }

  private static Account account(Object[] row) {
    var plan = Optional.ofNullable((MailboxPlanRow) row[1]).map(MailboxPlanRow::plan);
    return ((AccountRow) row[0]).account(plan);
  }

  @Override
  public Uni<AccountId> create(String name, Verifiers verifiers, Optional<String> plan) {
    var login = folded(name);
    return tx.ormTransaction(
            session ->
                taken(session, login)
                    .chain(() -> ofNew(session, plan))
                    .chain(it -> insert(session, login, verifiers, it)))
        .onFailure(SqlErrors::duplicate)
        .transform(taken -> new StoreException(new StoreFailure.AccountExists(login), taken));
  }

  /** The plan of a new account. */
  private static Uni<Optional<String>> ofNew(Mutiny.Session session, Optional<String> named) {
    return named.isPresent()
        ? plan(session, named).replaceWith(named)
        : session
            .createNativeQuery(DEFAULT_PLAN, String.class)
            .getSingleResultOrNull()
            .map(Optional::ofNullable);
  }

  /** The plan of this name, which must be there. */
  private static Uni<Optional<MailboxPlan>> plan(Mutiny.Session session, Optional<String> name) {
    return name.map(
            it ->
                PgMailboxPlans.find(session, it)
                    .invoke(
                        found -> {
                          if (found.isEmpty()) {
                            throw new StoreException(
                                new StoreFailure.NotPermitted(
                                    "There is no mailbox plan \"" + it + "\""));
                          }
                        }))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
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

  private static Uni<AccountId> insert(
      Mutiny.Session session, String login, Verifiers verifiers, Optional<String> plan) {
    return session
        .createNativeQuery(NEXT_ID, Long.class)
        .getSingleResult()
        .call(id -> session.persist(new AccountRow(id, login, verifiers, plan)))
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
  public Uni<Optional<Account>> change(AccountId account, UnaryOperator<AccountSettings> change) {
    return changeRow(account, row -> row.set(change.apply(row.settings())));
  }

  @Override
  public Uni<Optional<Account>> setOptions(
      AccountId account, UnaryOperator<ProtocolOptions> change) {
    return changeRow(account, row -> row.set(change.apply(row.options())));
  }

  private Uni<Optional<Account>> changeRow(AccountId account, Consumer<AccountRow> change) {
    return tx.ormTransaction(
        session ->
            session
                .find(AccountRow.class, account.value(), LockModeType.PESSIMISTIC_WRITE)
                .chain(
                    row -> {
                      if (row == null) {
                        return Uni.createFrom().item(Optional.empty());
                      }
                      change.accept(row);
                      return plan(session, Optional.ofNullable(row.plan))
                          .map(plan -> Optional.of(row.account(plan)));
                    }));
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
