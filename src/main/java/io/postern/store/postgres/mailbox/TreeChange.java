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

  /** The account's mark for the sweeper is renewed, so that a sweep under way leaves it. */
  private static final String DROP_MESSAGES =
      "WITH gone AS (DELETE FROM mailbox_page WHERE account = :account AND mailbox = :mailbox)"
          + " INSERT INTO account_sweep (account) VALUES (:account)"
          + " ON CONFLICT (account) DO UPDATE SET marks = account_sweep.marks + 1";

  /** RFC 5464 §4.1: INBOX keeps its annotations, and its messages take a copy with them. */
  private static final String COPY_ANNOTATIONS =
      "INSERT INTO annotation (account, mailbox, viewer, entry, value)"
          + " SELECT account, :target, viewer, entry, value FROM annotation"
          + " WHERE account = :account AND mailbox = :mailbox";

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
    return new InboxRename(session, account, inbox, target)
        .run()
        .chain(() -> query(COPY_ANNOTATIONS, inbox).setParameter("target", target).executeUpdate())
        .replaceWithVoid();
  }

  private Uni<Integer> run(String sql, long mailbox) {
    return query(sql, mailbox).executeUpdate();
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
