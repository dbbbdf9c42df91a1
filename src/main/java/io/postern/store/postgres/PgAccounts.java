package io.postern.store.postgres;

import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxName;
import io.postern.model.SpecialUse;
import io.postern.store.Account;
import io.postern.store.Accounts;
import io.postern.store.Secret;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.Nouns.AccountRow;
import io.postern.store.postgres.Nouns.SubscriptionRow;
import io.postern.store.postgres.tx.Faults;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** The accounts, in PostgreSQL. */
public final class PgAccounts implements Accounts {
  private static final String NEXT_ID = "SELECT nextval('account_id')";

  private final Tx tx;

  public PgAccounts(Tx tx) {
    this.tx = tx;
  }

  @Override
  public Uni<Optional<Account>> find(String name) {
    return tx.reading(
        session ->
            session
                .createSelectionQuery("from AccountRow where name = :name", AccountRow.class)
                .setParameter("name", folded(name))
                .getSingleResultOrNull()
                .map(row -> Optional.ofNullable(row).map(AccountRow::account)));
  }

  @Override
  public Uni<AccountId> create(String name, Secret verifier) {
    var login = folded(name);
    return tx.nouns(session -> taken(session, login).chain(() -> furnish(session, login, verifier)))
        .onFailure(Faults::duplicate)
        .transform(taken -> new StoreException(new StoreFailure.AccountExists(login), taken));
  }

  /** Asked first, so that the usual case is no fault in the log; the key has the last word. */
  private static Uni<Void> taken(Mutiny.Session session, String login) {
    return session
        .createSelectionQuery("select id from AccountRow where name = :name", Long.class)
        .setParameter("name", login)
        .getSingleResultOrNull()
        .onItem()
        .ifNotNull()
        .failWith(() -> new StoreException(new StoreFailure.AccountExists(login)))
        .replaceWithVoid();
  }

  private static Uni<AccountId> furnish(Mutiny.Session session, String login, Secret verifier) {
    return session
        .createNativeQuery(NEXT_ID, Long.class)
        .getSingleResult()
        .call(id -> session.persist(new AccountRow(id, login, verifier)))
        .call(session::flush)
        .map(AccountId::new)
        .call(id -> new Tree(session, id).add(standard()))
        .call(id -> subscribe(session, id));
  }

  /** INBOX and the standard folders (RFC 6154 §2), in the order of their UIDVALIDITYs. */
  private static Map<MailboxName, Optional<SpecialUse>> standard() {
    var folders = new LinkedHashMap<MailboxName, Optional<SpecialUse>>();
    folders.put(MailboxName.INBOX, Optional.empty());
    folders.put(new MailboxName("Drafts"), Optional.of(SpecialUse.DRAFTS));
    folders.put(new MailboxName("Sent"), Optional.of(SpecialUse.SENT));
    folders.put(new MailboxName("Junk"), Optional.of(SpecialUse.JUNK));
    folders.put(new MailboxName("Trash"), Optional.of(SpecialUse.TRASH));
    folders.put(new MailboxName("Archive"), Optional.of(SpecialUse.ARCHIVE));
    return folders;
  }

  private static Uni<Void> subscribe(Mutiny.Session session, AccountId account) {
    return session.persistAll(
        standard().keySet().stream().map(name -> new SubscriptionRow(account, name)).toArray());
  }

  @Override
  public Uni<Void> setVerifier(AccountId account, Secret verifier) {
    return tx.nouns(
        session ->
            session
                .createMutationQuery("update AccountRow set verifier = :verifier where id = :id")
                .setParameter("verifier", verifier.reveal())
                .setParameter("id", account.value())
                .executeUpdate()
                .replaceWithVoid());
  }

  @Override
  public Uni<Long> count() {
    return tx.reading(
        session ->
            session
                .createSelectionQuery("select count(*) from AccountRow", Long.class)
                .getSingleResult());
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
