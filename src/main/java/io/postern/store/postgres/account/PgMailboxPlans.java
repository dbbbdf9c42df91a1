package io.postern.store.postgres.account;

import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.MailboxPlan;
import io.postern.store.account.MailboxPlans;
import io.postern.store.postgres.tx.SqlErrors;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The mailbox plans, in PostgreSQL. Changes of plans wait for each other behind a lock of the
 * table; reads of them, and references of accounts to them, do not wait.
 */
public final class PgMailboxPlans implements MailboxPlans {
  private static final String LOCK = "LOCK TABLE mailbox_plan IN SHARE ROW EXCLUSIVE MODE";

  /** Of deleted accounts, too. */
  private static final String USED = "SELECT EXISTS (SELECT FROM account WHERE plan = :name)";

  private static final String COUNT = "SELECT count(*) FROM mailbox_plan";

  private final Tx tx;

  public PgMailboxPlans(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<List<MailboxPlan>> page(String after, int most) {
    return tx.ormRead(
        session ->
            session
                .createSelectionQuery(
                    "from MailboxPlan where name > :after order by name", MailboxPlanRow.class)
                .setParameter("after", after)
                .setMaxResults(most)
                .getResultList()
                .map(rows -> rows.stream().map(MailboxPlanRow::plan).toList()));
  }

  @Override
  public Uni<Optional<MailboxPlan>> find(String name) {
    return tx.ormRead(session -> session.get(MailboxPlanRow.class, name))
        .map(row -> Optional.ofNullable(row).map(MailboxPlanRow::plan));
  }

  static Uni<Optional<MailboxPlan>> find(Mutiny.Session session, String name) {
    return session
        .find(MailboxPlanRow.class, name)
        .map(row -> Optional.ofNullable(row).map(MailboxPlanRow::plan));
  }

  @Override
  public Uni<Optional<MailboxPlan>> put(MailboxPlan plan, Consumer<Optional<MailboxPlan>> check) {
    return tx.ormTransaction(
        session ->
            session
                .createNativeQuery(LOCK)
                .executeUpdate()
                .chain(() -> find(session, plan.name()))
                .invoke(check)
                .call(before -> before.isPresent() ? done() : requireRoom(session))
                .call(() -> plan.byDefault() ? withdrawDefault(session, plan.name()) : done())
                .call(
                    before ->
                        before.isPresent()
                            ? session
                                .find(MailboxPlanRow.class, plan.name())
                                .invoke(row -> row.set(plan))
                                .replaceWithVoid()
                            : session.persist(new MailboxPlanRow(plan))));
  }

  private static Uni<Void> done() {
    return Uni.createFrom().voidItem();
  }

  private static Uni<Void> requireRoom(Mutiny.Session session) {
    return session
        .createNativeQuery(COUNT, Long.class)
        .getSingleResult()
        .invoke(
            there -> {
              if (there >= MAX) {
                throw new StoreException(new StoreFailure.LimitReached("mailbox plans", MAX));
              }
            })
        .replaceWithVoid();
  }

  private static Uni<Void> withdrawDefault(Mutiny.Session session, String name) {
    return session
        .createMutationQuery(
            "update MailboxPlan set byDefault = false where byDefault = true and name <> :name")
        .setParameter("name", name)
        .executeUpdate()
        .replaceWithVoid();
  }

  @Override
  public Uni<Deletion> delete(String name, Consumer<MailboxPlan> check) {
    return tx.ormTransaction(session -> delete(session, name, check))
        .onFailure(SqlErrors::referenced)
        .recoverWithItem(Deletion.IN_USE);
  }

  private static Uni<Deletion> delete(
      Mutiny.Session session, String name, Consumer<MailboxPlan> check) {
    return session
        .createNativeQuery(LOCK)
        .executeUpdate()
        .chain(() -> find(session, name))
        .invoke(found -> found.ifPresent(check))
        .chain(
            found ->
                found.isEmpty()
                    ? Uni.createFrom().item(Deletion.UNKNOWN)
                    : deleteUnused(session, name));
  }

  /** Checked first, so that the usual case logs no error; the foreign key decides. */
  private static Uni<Deletion> deleteUnused(Mutiny.Session session, String name) {
    return session
        .createNativeQuery(USED, Boolean.class)
        .setParameter("name", name)
        .getSingleResult()
        .chain(
            used ->
                used
                    ? Uni.createFrom().item(Deletion.IN_USE)
                    : session
                        .createMutationQuery("delete from MailboxPlan where name = :name")
                        .setParameter("name", name)
                        .executeUpdate()
                        .replaceWith(Deletion.DONE));
  }
}
