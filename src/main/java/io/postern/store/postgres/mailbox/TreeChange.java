package io.postern.store.postgres.mailbox;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.mailbox.Entities.MailboxRow;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** DELETE and RENAME of mailboxes, within a transaction that has locked the tree. */
final class TreeChange {
  // The counters are deleted first: that waits for a running append, and refuses later ones.
  private static final String DROP_COUNTERS =
      "DELETE FROM mailbox_state WHERE account = :account AND mailbox = :mailbox";

  private static final String DROP_MESSAGES =
      "WITH gone AS (DELETE FROM message WHERE account = :account AND mailbox = :mailbox"
          + " RETURNING account, content)"
          + " INSERT INTO content_unowned (account, content) SELECT account, content FROM gone";

  private static final String LOCK_COUNTERS =
      "SELECT uid_next FROM mailbox_state WHERE account = :account AND mailbox = :mailbox"
          + " FOR UPDATE";

  private static final String FILL =
      "UPDATE mailbox_state t SET uid_next = s.messages + 1,"
          + " mod_seq = CASE WHEN s.messages > 0 THEN 2 ELSE 1 END, messages = s.messages,"
          + " unseen = s.unseen, size = s.size, keywords = s.keywords FROM mailbox_state s"
          + " WHERE t.account = :account AND t.mailbox = :target"
          + " AND s.account = :account AND s.mailbox = :mailbox";

  private static final String EMPTY =
      "UPDATE mailbox_state SET mod_seq = mod_seq + 1, messages = 0, unseen = 0, size = 0"
          + " WHERE account = :account AND mailbox = :mailbox AND messages > 0";

  /** Logs exactly the UIDs that exist now: clients count the expunges they receive. */
  private static final String LOG =
      "INSERT INTO expunged (account, mailbox, mod_seq, uids)"
          + " SELECT s.account, s.mailbox, s.mod_seq, r.uids FROM mailbox_state s,"
          + " (SELECT array_agg(bound ORDER BY bound) AS uids FROM"
          + " (SELECT unnest(ARRAY[min(uid), max(uid)]) AS bound FROM"
          + " (SELECT uid, uid - row_number() OVER (ORDER BY uid) AS island FROM message"
          + " WHERE account = :account AND mailbox = :mailbox) m GROUP BY island) b) r"
          + " WHERE s.account = :account AND s.mailbox = :mailbox AND r.uids IS NOT NULL";

  private static final String MOVE =
      "UPDATE message m SET mailbox = :target, uid = n.uid, mod_seq = 2,"
          + " saved = extract(epoch FROM now())::bigint"
          + " FROM (SELECT uid AS old, row_number() OVER (ORDER BY uid) AS uid FROM message"
          + " WHERE account = :account AND mailbox = :mailbox) n"
          + " WHERE m.account = :account AND m.mailbox = :mailbox AND m.uid = n.old";

  private final Mutiny.Session session;
  private final AccountId account;
  private final Tree tree;

  TreeChange(Mutiny.Session session, AccountId account, Tree tree) {
    this.session = session;
    this.account = account;
    this.tree = tree;
  }

  /** RFC 3501 §6.3.4: mailboxes below stay, and then the name does, too. */
  Uni<MailboxKey> delete(MailboxName name) {
    if (name.isInbox()) {
      return notPermitted("INBOX stays");
    }
    return tree.requireExisting(name)
        .map(branch -> branch.stream().filter(row -> row.name.equals(name.value())).findFirst())
        .flatMap(
            row ->
                row.isPresent()
                    ? remove(row.get())
                    : notPermitted("the name has mailboxes below it and is no mailbox itself"));
  }

  private Uni<MailboxKey> remove(MailboxRow row) {
    // Not by Session.remove(): Hibernate Reactive's coordinator of deletes keeps its progress in a
    // field that all sessions share, so that two deletes at once answer for each other.
    return drop(row.id)
        .chain(
            () ->
                session
                    .createMutationQuery(
                        "delete from MailboxRow where account = :account and id = :id")
                    .setParameter("account", account.value())
                    .setParameter("id", row.id)
                    .executeUpdate())
        .replaceWith(row.info().key());
  }

  private Uni<Void> drop(long mailbox) {
    return run(DROP_COUNTERS, mailbox).chain(() -> run(DROP_MESSAGES, mailbox)).replaceWithVoid();
  }

  /** RFC 3501 §6.3.5. */
  Uni<Void> rename(MailboxName from, MailboxName to) {
    return tree.requireExisting(from)
        .flatMap(
            branch -> {
              if (to.isInbox()) {
                return notPermitted("no mailbox becomes INBOX");
              }
              if (!from.isInbox() && to.isBelow(from)) {
                return notPermitted("a mailbox does not go below itself");
              }
              return tree.requireFree(to)
                  .chain(() -> from.isInbox() ? moveInbox(to) : move(branch, from, to));
            });
  }

  private Uni<Void> move(List<MailboxRow> branch, MailboxName from, MailboxName to) {
    return tree.prepare(to).invoke(() -> branch.forEach(row -> row.name = moved(row, from, to)));
  }

  private static String moved(MailboxRow row, MailboxName from, MailboxName to) {
    var name = to.value() + row.name.substring(from.value().length());
    MailboxName.problem(name)
        .ifPresent(
            problem -> {
              throw new StoreException(new StoreFailure.NotPermitted(problem));
            });
    return name;
  }

  /** INBOX stays and is emptied into the new mailbox. */
  private Uni<Void> moveInbox(MailboxName to) {
    return tree.find(MailboxName.INBOX)
        .map(Optional::orElseThrow)
        .flatMap(
            inbox -> tree.create(to, Optional.empty()).flatMap(made -> moveInbox(inbox.id, made)));
  }

  private Uni<Void> moveInbox(long inbox, MailboxInfo made) {
    long target = made.key().mailbox().value();
    return session
        .createNativeQuery(LOCK_COUNTERS, Long.class)
        .setParameter("account", account.value())
        .setParameter("mailbox", inbox)
        .getSingleResult()
        .chain(() -> run(FILL, inbox, target))
        .chain(() -> run(EMPTY, inbox))
        .chain(() -> run(LOG, inbox))
        .chain(() -> run(MOVE, inbox, target))
        .replaceWithVoid();
  }

  private Uni<Integer> run(String sql, long mailbox) {
    return query(sql, mailbox).executeUpdate();
  }

  private Uni<Integer> run(String sql, long mailbox, long target) {
    return query(sql, mailbox).setParameter("target", target).executeUpdate();
  }

  private Mutiny.Query<?> query(String sql, long mailbox) {
    return session
        .createNativeQuery(sql)
        .setParameter("account", account.value())
        .setParameter("mailbox", mailbox);
  }

  private static <T> Uni<T> notPermitted(String reason) {
    return Uni.createFrom().failure(new StoreException(new StoreFailure.NotPermitted(reason)));
  }
}
