package io.postern.store.postgres;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.SpecialUse;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.Nouns.MailboxRow;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The tree of an account's mailboxes within a transaction. Whoever changes it locks the account's
 * row first: then names are free or taken for as long as it looks.
 */
final class Tree {
  /** How many mailboxes an account can have. */
  static final int MOST = 10_000;

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
  static final String BELOW = "name >= :below and name < :behind";

  private final Mutiny.Session session;
  private final AccountId account;

  Tree(Mutiny.Session session, AccountId account) {
    this.session = session;
    this.account = account;
  }

  /** Orders this change of the tree among the others. */
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

  /** The mailbox of the name; fails with NoSuchMailbox. */
  Uni<MailboxRow> existing(MailboxName name) {
    return find(name)
        .map(
            row -> row.orElseThrow(() -> new StoreException(new StoreFailure.NoSuchMailbox(name))));
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
    return session
        .createSelectionQuery(
            "from MailboxRow where account = :account and name in :names", MailboxRow.class)
        .setParameter("account", account.value())
        .setParameter("names", names.stream().map(MailboxName::value).toList())
        .getResultList();
  }

  /** Makes a mailbox and what is missing above it; fails with AlreadyExists or LimitReached. */
  Uni<MailboxInfo> create(MailboxName name, Optional<SpecialUse> use) {
    return missing(name)
        .call(missing -> free(name, missing))
        .call(missing -> room(missing.size()))
        .flatMap(missing -> add(uses(missing, name, use)))
        .map(List::getLast);
  }

  /** Makes what is missing above a name, which itself must be free. */
  Uni<Void> prepare(MailboxName name) {
    return missing(name)
        .call(missing -> free(name, missing))
        .call(missing -> room(missing.size() - 1))
        .flatMap(
            missing -> add(uses(missing.subList(0, missing.size() - 1), name, Optional.empty())))
        .replaceWithVoid();
  }

  /** Of the name and those above it the ones that no mailbox has, the highest first. */
  private Uni<List<MailboxName>> missing(MailboxName name) {
    var path =
        Stream.iterate(Optional.of(name), Optional::isPresent, n -> n.flatMap(MailboxName::parent))
            .map(Optional::orElseThrow)
            .toList()
            .reversed();
    return rows(path)
        .map(rows -> rows.stream().map(row -> row.name).collect(Collectors.toSet()))
        .map(there -> path.stream().filter(n -> !there.contains(n.value())).toList());
  }

  private static Uni<Void> free(MailboxName name, List<MailboxName> missing) {
    return missing.contains(name)
        ? Uni.createFrom().voidItem()
        : Uni.createFrom().failure(new StoreException(new StoreFailure.AlreadyExists(name)));
  }

  private Uni<Void> room(int more) {
    return session
        .createSelectionQuery(
            "select count(*) from MailboxRow where account = :account", Long.class)
        .setParameter("account", account.value())
        .getSingleResult()
        .invoke(
            there -> {
              if (there + more > MOST) {
                throw new StoreException(new StoreFailure.LimitReached("mailboxes", MOST));
              }
            })
        .replaceWithVoid();
  }

  private static Map<MailboxName, Optional<SpecialUse>> uses(
      List<MailboxName> names, MailboxName name, Optional<SpecialUse> use) {
    var uses = new LinkedHashMap<MailboxName, Optional<SpecialUse>>();
    names.forEach(n -> uses.put(n, n.equals(name) ? use : Optional.empty()));
    return uses;
  }

  /** Makes mailboxes of free names, in their order, with new UIDVALIDITYs and fresh counters. */
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
