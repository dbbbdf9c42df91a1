package io.postern.store.postgres.mailbox;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.SpecialUse;
import io.postern.store.Mailboxes.Limits;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.StoreFailure.NoSuchMailbox;
import io.postern.store.postgres.mailbox.Entities.MailboxRow;
import io.postern.store.postgres.mailbox.Entities.SubscriptionRow;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The tree of an account's mailboxes within a transaction. A change locks the account's row first:
 * no name becomes free or taken until it ends.
 */
final class Tree {
  private static final String LOCK = "SELECT id FROM account WHERE id = :account FOR NO KEY UPDATE";

  private static final String NEXT_IDS =
      "SELECT nextval('mailbox_id') FROM generate_series(1, :count)";

  // RFC 3501 §2.3.1.1: never the same twice, whatever is deleted, made or renamed.
  private static final String VALIDITIES =
      "UPDATE account SET uid_validity ="
          + " greatest(extract(epoch FROM clock_timestamp())::bigint, uid_validity + 1)"
          + " + :count - 1 WHERE id = :account RETURNING uid_validity";

  private static final String COUNTERS =
      "INSERT INTO mailbox_state (account, mailbox, uid_validity, uid_next, mod_seq, messages,"
          + " unseen, size, first_recent, expunged_floor, keywords)"
          + " SELECT account, id, uid_validity, 1, 1, 0, 0, 0, 1, 0, '{}' FROM mailbox"
          + " WHERE account = :account AND id IN (:ids)";

  /** All names below one: "0" is the character behind the delimiter. */
  private static final String BELOW = "name >= :below and name < :behind";

  /** Which of some names have mailboxes below them. No name has a line feed. */
  private static final String PARENTS =
      "SELECT p.name FROM string_to_table(:names, chr(10)) AS p(name) WHERE EXISTS"
          + " (SELECT FROM mailbox m WHERE m.account = :account"
          + " AND m.name >= p.name || '/' AND m.name < p.name || '0')";

  private final Mutiny.Session session;
  private final AccountId account;
  private final Limits limits;

  Tree(Mutiny.Session session, AccountId account, Limits limits) {
    this.session = session;
    this.account = account;
    this.limits = limits;
  }

  /** Locks the account's row: changes of the tree run one at a time. */
  Uni<Tree> lock() {
    return session
        .createNativeQuery(LOCK, Long.class)
        .setParameter("account", account.value())
        .getSingleResultOrNull()
        .onItem()
        .ifNull()
        .failWith(() -> new IllegalArgumentException("no " + account))
        .replaceWith(this);
  }

  /** The mailbox of the name, if there is one. */
  Uni<Optional<MailboxRow>> find(MailboxName name) {
    return rows(List.of(name)).map(rows -> rows.stream().findFirst());
  }

  /** The mailboxes at or below a name that exists; fails with NoSuchMailbox. */
  Uni<List<MailboxRow>> requireExisting(MailboxName name) {
    return branch(name)
        .onItem()
        .transformToUni(
            branch ->
                branch.isEmpty()
                    ? failure(new NoSuchMailbox(name))
                    : Uni.createFrom().item(branch));
  }

  /** Fails with AlreadyExists when there is a mailbox at or below the name. */
  Uni<Void> requireFree(MailboxName name) {
    return branch(name)
        .flatMap(
            branch ->
                branch.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : failure(new StoreFailure.AlreadyExists(name)));
  }

  private static <T> Uni<T> failure(StoreFailure failure) {
    return Uni.createFrom().failure(new StoreException(failure));
  }

  /** The mailboxes at or below a name. */
  Uni<List<MailboxRow>> branch(MailboxName name) {
    return session
        .createSelectionQuery(
            "from MailboxRow where account = :account and (name = :name or " + BELOW + ")",
            MailboxRow.class)
        .setParameter("account", account.value())
        .setParameter("name", name.value())
        .setParameter("below", name.value() + MailboxName.DELIMITER)
        .setParameter("behind", name.value() + (char) (MailboxName.DELIMITER + 1))
        .getResultList();
  }

  private Uni<List<MailboxRow>> rows(Collection<MailboxName> names) {
    if (names.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return session
        .createSelectionQuery(
            "from MailboxRow where account = :account and name in :names", MailboxRow.class)
        .setParameter("account", account.value())
        .setParameter("names", names.stream().map(MailboxName::value).toList())
        .getResultList();
  }

  /** Creates a mailbox and those missing above it; fails with AlreadyExists or LimitReached. */
  Uni<MailboxInfo> create(MailboxName name, Optional<SpecialUse> use) {
    return find(name)
        .flatMap(
            taken ->
                taken.isPresent()
                    ? failure(new StoreFailure.AlreadyExists(name))
                    : missingAbove(name))
        .map(missing -> Stream.concat(missing.stream(), Stream.of(name)).toList())
        .call(names -> requireRoom(names.size()))
        .call(() -> requireUnused(use))
        .flatMap(names -> add(uses(names, name, use)))
        .map(List::getLast);
  }

  private Uni<Void> requireUnused(Optional<SpecialUse> use) {
    if (use.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return session
        .createSelectionQuery(
            "select name from MailboxRow where account = :account and use = :use", String.class)
        .setParameter("account", account.value())
        .setParameter("use", use.get())
        .getResultList()
        .flatMap(
            names ->
                names.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : failure(
                        new StoreFailure.SpecialUseTaken(
                            use.get(), new MailboxName(names.getFirst()))));
  }

  /** Creates the mailboxes missing above a name, which must be free; fails with LimitReached. */
  Uni<Void> prepare(MailboxName name) {
    return missingAbove(name)
        .call(missing -> requireRoom(missing.size()))
        .flatMap(missing -> add(uses(missing, name, Optional.empty())))
        .replaceWithVoid();
  }

  /** The names above one that do not exist, the highest first. */
  private Uni<List<MailboxName>> missingAbove(MailboxName name) {
    var path =
        Stream.iterate(name.parent(), Optional::isPresent, n -> n.flatMap(MailboxName::parent))
            .map(Optional::orElseThrow)
            .toList()
            .reversed();
    return rows(path)
        .map(rows -> rows.stream().map(row -> row.name).collect(Collectors.toSet()))
        .map(existing -> path.stream().filter(n -> !existing.contains(n.value())).toList())
        .flatMap(
            missing ->
                parents(missing)
                    .map(
                        parents ->
                            missing.stream().filter(n -> !parents.contains(n.value())).toList()));
  }

  /** Those of the names that have mailboxes below them. */
  private Uni<Set<String>> parents(List<MailboxName> names) {
    if (names.isEmpty()) {
      return Uni.createFrom().item(Set.of());
    }
    return session
        .createNativeQuery(PARENTS, String.class)
        .setParameter("account", account.value())
        .setParameter(
            "names", names.stream().map(MailboxName::value).collect(Collectors.joining("\n")))
        .getResultList()
        .map(Set::copyOf);
  }

  private Uni<Void> requireRoom(int more) {
    if (more == 0) {
      return Uni.createFrom().voidItem();
    }
    return count("MailboxRow")
        .flatMap(
            existing ->
                existing + more <= limits.mailboxes()
                    ? Uni.createFrom().voidItem()
                    : failure(new StoreFailure.LimitReached("mailboxes", limits.mailboxes())));
  }

  private Uni<Long> count(String entity) {
    return session
        .createSelectionQuery(
            "select count(*) from " + entity + " where account = :account", Long.class)
        .setParameter("account", account.value())
        .getSingleResult();
  }

  /** Subscribes to a name that exists; fails with NoSuchMailbox or LimitReached. */
  Uni<Void> subscribe(MailboxName name) {
    return requireExisting(name).chain(() -> subscribeUnseen(name));
  }

  /** The same, whether the name exists or not. */
  Uni<Void> subscribeUnseen(MailboxName name) {
    return session
        .find(SubscriptionRow.class, new SubscriptionRow.Key(account.value(), name.value()))
        .flatMap(
            exists ->
                exists == null
                    ? count("SubscriptionRow").flatMap(count -> added(name, count))
                    : Uni.createFrom().voidItem());
  }

  private Uni<Void> added(MailboxName name, long subscriptions) {
    return subscriptions < limits.subscriptions()
        ? session.persist(new SubscriptionRow(account, name))
        : failure(new StoreFailure.LimitReached("subscriptions", limits.subscriptions()));
  }

  private static Map<MailboxName, Optional<SpecialUse>> uses(
      List<MailboxName> names, MailboxName name, Optional<SpecialUse> use) {
    var uses = new LinkedHashMap<MailboxName, Optional<SpecialUse>>();
    names.forEach(n -> uses.put(n, n.equals(name) ? use : Optional.empty()));
    return uses;
  }

  /** Creates mailboxes of free names, in their order, with new UIDVALIDITYs and fresh counters. */
  Uni<List<MailboxInfo>> add(Map<MailboxName, Optional<SpecialUse>> uses) {
    if (uses.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return session
        .createNativeQuery(NEXT_IDS, Long.class)
        .setParameter("count", uses.size())
        .getResultList()
        .flatMap(ids -> validity(ids.size()).map(last -> rows(uses, ids, last)))
        .call(rows -> session.persistAll(rows.toArray()))
        .call(rows -> session.flush().chain(() -> counters(rows)))
        .map(rows -> rows.stream().map(MailboxRow::info).toList());
  }

  private Uni<Long> validity(int count) {
    return session
        .createNativeQuery(VALIDITIES, Long.class)
        .setParameter("count", count)
        .setParameter("account", account.value())
        .getSingleResult();
  }

  private List<MailboxRow> rows(
      Map<MailboxName, Optional<SpecialUse>> uses, List<Long> ids, long lastValidity) {
    var rows = new ArrayList<MailboxRow>();
    long validity = lastValidity - uses.size();
    for (var use : uses.entrySet()) {
      var key = new MailboxKey(account, new MailboxId(ids.get(rows.size())));
      rows.add(new MailboxRow(key, use.getKey(), ++validity, use.getValue()));
    }
    return rows;
  }

  private Uni<Integer> counters(List<MailboxRow> rows) {
    return session
        .createNativeQuery(COUNTERS)
        .setParameter("account", account.value())
        .setParameter("ids", rows.stream().map(row -> row.id).toList())
        .executeUpdate();
  }
}
