package io.postern.store.postgres.mailbox;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.MessageColumns;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.message.MailboxStateRow;
import io.postern.store.postgres.message.PageRows;
import io.postern.store.postgres.page.DamagedPage;
import io.postern.store.postgres.page.PageLayout;
import io.postern.store.postgres.page.PageReader;
import io.postern.store.postgres.page.PageWriter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * RENAME of INBOX (RFC 3501 §6.3.5): its messages move to the new mailbox, with UIDs from 1 on, and
 * INBOX is empty. Within a transaction that has locked the tree; no other knows the new mailbox.
 *
 * <p>The lock of INBOX's counters waits for a running append and keeps later ones away, so that the
 * pages do not change. They are read a few at a time; what is in memory is those and the UIDs. The
 * tail has an entry for every UID from its start on, so INBOX keeps a tail of the same length,
 * without messages; its pages are deleted, as a page without a message need not exist. A content is
 * named throughout by a row that is visible to the sweeper's snapshot: by INBOX's until the commit,
 * then by the new mailbox's.
 */
final class InboxRename {
  private static final int PAGES = 64;

  /** The mod-sequence of all messages of the new mailbox. */
  private static final long MOD_SEQ = 2;

  private static final String LOCK =
      "SELECT uid_next, tail_flags, tail_facts, cast(extract(epoch FROM now()) AS bigint),"
          + " uid_validity, damaged, "
          + MailboxStateRow.TAIL_INTACT
          + " FROM mailbox_state"
          + " WHERE account = :account AND mailbox = :mailbox AND messages > 0 FOR UPDATE";

  private static final String READ =
      "SELECT page, flags, facts, facts_crc FROM mailbox_page WHERE account = :account"
          + " AND mailbox = :mailbox AND page > :page ORDER BY page LIMIT "
          + PAGES;

  private static final String APPEND =
      "INSERT INTO mailbox_page AS f (account, mailbox, page, mod_seq, flags, facts, facts_crc)"
          + " SELECT :account, :mailbox, :page, "
          + MOD_SEQ
          + ", :flags, x.facts, "
          + PageRows.factsCrc("x.facts")
          + " FROM (SELECT cast(:facts AS bytea) AS facts) x"
          + " ON CONFLICT (account, mailbox, page) DO UPDATE"
          + " SET flags = f.flags || excluded.flags, facts = f.facts || excluded.facts,"
          + " facts_crc = f.facts_crc || excluded.facts_crc";

  private static final String FILL =
      "UPDATE mailbox_state t SET uid_next = s.messages + 1, mod_seq = "
          + MOD_SEQ
          + ", messages = s.messages, unseen = s.unseen, size = s.size, keywords = s.keywords,"
          + " tail_flags = :flags, tail_facts = :facts, "
          + PageRows.checked("cast(:flags AS bytea)", "cast(:facts AS bytea)", "" + MOD_SEQ)
          + " FROM mailbox_state s"
          + " WHERE t.account = :account AND t.mailbox = :target"
          + " AND s.account = :account AND s.mailbox = :mailbox";

  private static final String EMPTY =
      "UPDATE mailbox_state SET mod_seq = mod_seq + 1, messages = 0, unseen = 0, size = 0,"
          + " tail_flags = %s, tail_facts = %s, "
              .formatted(zeros("tail_flags"), zeros("tail_facts"))
          + PageRows.checked(zeros("tail_flags"), zeros("tail_facts"), "mod_seq + 1")
          + " WHERE account = :account AND mailbox = :mailbox";

  private static final String DROP_PAGES =
      "DELETE FROM mailbox_page WHERE account = :account AND mailbox = :mailbox";

  /** Logs exactly the UIDs that existed: clients count the expunges they receive. */
  private static final String LOG =
      "INSERT INTO expunged (account, mailbox, mod_seq, uids)"
          + " SELECT account, mailbox, mod_seq, cast(cast(:uids AS text) AS bigint[]) FROM mailbox_state"
          + " WHERE account = :account AND mailbox = :mailbox";

  private static String zeros(String column) {
    return "decode(repeat('00', octet_length(" + column + ")), 'hex')";
  }

  private final Mutiny.Session session;
  private final AccountId account;
  private final long inbox;
  private final long target;
  private final NumberSet.Builder moved = new NumberSet.Builder();
  private long uidNext = 1;
  private long saved;
  private Buffer tailFlags = Buffer.buffer();
  private Buffer tailFacts = Buffer.buffer();

  InboxRename(Mutiny.Session session, AccountId account, long inbox, long target) {
    this.session = session;
    this.account = account;
    this.inbox = inbox;
    this.target = target;
  }

  /** Moves the messages, if there are any. */
  Uni<Void> run() {
    return session
        .createNativeQuery(LOCK, Object[].class)
        .setParameter("account", account.value())
        .setParameter("mailbox", inbox)
        .getResultList()
        .flatMap(rows -> rows.isEmpty() ? Uni.createFrom().voidItem() : move(rows.getFirst()));
  }

  private Uni<Void> move(Object[] counters) {
    saved = (Long) counters[3];
    if (counters[5] instanceof String mark) {
      return Uni.createFrom().failure(damaged(counters, mark));
    }
    if (!(Boolean) counters[6]) {
      return Uni.createFrom().failure(damaged(counters, "the checksum of the tail does not match"));
    }
    return moveAll(counters)
        .onFailure(DamagedPage.class)
        .transform(fault -> damaged(counters, String.valueOf(fault.getMessage())));
  }

  private StoreException damaged(Object[] counters, String what) {
    return new StoreException(
        new StoreFailure.Damaged(
            new MailboxKey(account, new MailboxId(inbox)),
            new UidValidity((Long) counters[4]),
            what));
  }

  private Uni<Void> moveAll(Object[] counters) {
    return pages(-1)
        .chain(() -> tail(counters))
        .chain(
            () ->
                query(FILL, inbox)
                    .setParameter("target", target)
                    .setParameter("flags", tailFlags.getBytes())
                    .setParameter("facts", tailFacts.getBytes())
                    .executeUpdate())
        .chain(() -> query(EMPTY, inbox).executeUpdate())
        .chain(() -> query(DROP_PAGES, inbox).executeUpdate())
        .chain(() -> query(LOG, inbox).setParameter("uids", bounds()).executeUpdate())
        .replaceWithVoid();
  }

  private Uni<Void> pages(int after) {
    return session
        .createNativeQuery(READ, Object[].class)
        .setParameter("account", account.value())
        .setParameter("mailbox", inbox)
        .setParameter("page", after)
        .getResultList()
        .flatMap(
            rows -> {
              if (rows.isEmpty()) {
                return Uni.createFrom().voidItem();
              }
              var reader = new PageReader(rows.size() * PageLayout.PAGE, -1);
              rows.forEach(
                  row ->
                      reader.page(
                          (Integer) row[0],
                          (byte[]) row[1],
                          Optional.of(new PageReader.Facts((byte[]) row[2], (byte[]) row[3]))));
              int last = (Integer) rows.getLast()[0];
              return append(reader.build()).chain(() -> pages(last));
            });
  }

  private Uni<Void> tail(Object[] counters) {
    var reader = new PageReader(PageLayout.BLOCK, -1);
    reader.tail(
        PageLayout.tailStart((Long) counters[0]), (byte[]) counters[1], (byte[]) counters[2]);
    return append(reader.build());
  }

  private Uni<Void> append(MessageColumns messages) {
    var rows = new MessageColumns.Builder(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      moved.add(messages.uid(i));
      rows.add(
          uidNext + i,
          messages.flags()[i],
          MOD_SEQ,
          messages.sizes()[i],
          messages.internalDates()[i],
          saved,
          messages.contents()[i]);
    }
    var appended = PageWriter.append(tailFlags, tailFacts, uidNext, rows.build());
    uidNext += messages.size();
    tailFlags = appended.tailFlags();
    tailFacts = appended.tailFacts();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (int i = 0; i < appended.pages().length; i++) {
      int at = i;
      done = done.chain(() -> append(appended, at));
    }
    return done;
  }

  private Uni<Void> append(PageWriter.Appended blocks, int at) {
    return query(APPEND, target)
        .setParameter("page", blocks.pages()[at])
        .setParameter("flags", blocks.flags()[at].getBytes())
        .setParameter("facts", blocks.facts()[at].getBytes())
        .executeUpdate()
        .replaceWithVoid();
  }

  private String bounds() {
    var uids = moved.build();
    return IntStream.range(0, uids.ranges())
        .mapToObj(range -> uids.first(range) + "," + uids.last(range))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private Mutiny.Query<?> query(String sql, long mailbox) {
    return session
        .createNativeQuery(sql)
        .setParameter("account", account.value())
        .setParameter("mailbox", mailbox);
  }
}
