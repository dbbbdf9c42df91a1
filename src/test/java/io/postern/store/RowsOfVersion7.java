package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.Uid;
import io.postern.model.message.InternalDate;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.MessageInfo;
import io.postern.model.message.SystemFlag;
import io.postern.store.maintenance.Recoverable.Item;
import java.sql.Connection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Fills a database of schema version 007, which had a row for each message. */
final class RowsOfVersion7 {
  static final AccountId ONE = new AccountId(1);
  static final AccountId TWO = new AccountId(2);
  static final Instant EARLIER = Instant.parse("2026-01-02T03:04:05Z");
  static final Instant LATER = Instant.parse("2026-01-02T03:04:06Z");
  private static final List<String> KEYWORDS =
      IntStream.range(0, Keywords.MAX).mapToObj(i -> "k" + i).toList();

  private final SplittableRandom random = new SplittableRandom(16);
  private final Map<MailboxKey, MessageColumns> inserted = new LinkedHashMap<>();
  private final List<Item> removed = new ArrayList<>();
  private final Connection jdbc;
  private long contents = 100;

  RowsOfVersion7(Connection jdbc) {
    this.jdbc = jdbc;
  }

  /** The messages of each mailbox. */
  Map<MailboxKey, MessageColumns> inserted() {
    return inserted;
  }

  /** The recoverable messages, without their ids. */
  List<Item> removed() {
    return removed;
  }

  void fill() throws Exception {
    sql("INSERT INTO account (id, name, verifier, enabled) VALUES (1, 'a', '', true)");
    sql("INSERT INTO account (id, name, verifier, enabled) VALUES (2, 'b', '', true)");
    mailbox(ONE, 1, 1, LongStream.empty());
    mailbox(ONE, 2, 100, LongStream.empty());
    mailbox(ONE, 3, 21, LongStream.range(1, 21));
    mailbox(ONE, 4, 2001, LongStream.range(1, 2001).filter(_ -> random.nextBoolean()));
    mailbox(ONE, 5, 257, LongStream.range(1, 257));
    mailbox(ONE, 6, 33, LongStream.range(1, 33));
    mailbox(TWO, 7, 70_001, LongStream.of(5, 300, 70_000));
    mailbox(TWO, 8, 65, LongStream.range(1, 11));
    mailbox(ONE, 9, 1301, LongStream.concat(LongStream.range(1, 11), LongStream.range(1000, 1301)));
    mailbox(ONE, 10, Uid.MAX + 1, LongStream.rangeClosed(Uid.MAX - 40, Uid.MAX));
    for (int i = 0; i < 5; i++) {
      remove(EARLIER, 4);
    }
    remove(LATER, 5);
    remove(LATER, 5);
    // Without a message: one that was marked, as the version before did.
    content(TWO, 1);
    sql("INSERT INTO content_unowned (account, content) VALUES (2, 1), (2, 1)");
  }

  void sql(String statement, Object... arguments) throws Exception {
    try (var prepared = jdbc.prepareStatement(statement)) {
      for (int i = 0; i < arguments.length; i++) {
        prepared.setObject(i + 1, arguments[i]);
      }
      prepared.execute();
    }
  }

  void content(AccountId account, long id) throws Exception {
    sql(
        "INSERT INTO content (account, id, blob, size, envelope, body, body_structure, header,"
            + " parts) VALUES (?, ?, gen_random_uuid(), 1, '', '', '', '', '')",
        account.value(),
        id);
  }

  private InternalDate date() {
    long second = random.nextLong(-62_135_596_800L, 253_402_300_800L);
    return new InternalDate(second, random.nextInt(-1_080, 1_081));
  }

  private void mailbox(AccountId account, long id, long uidNext, LongStream uids) throws Exception {
    sql(
        "INSERT INTO mailbox (account, id, name, uid_validity) VALUES (?, ?, ?, 7)",
        account.value(),
        id,
        "m" + id);
    var rows = new MessageColumns.Builder(16);
    long unseen = 0;
    long size = 0;
    for (long uid : uids.toArray()) {
      var message =
          new MessageInfo(
              new Uid(uid),
              random.nextLong() >>> 1,
              new ModSeq(random.nextLong(1, 1L << 40)),
              random.nextInt(1 << 20),
              date(),
              Instant.ofEpochSecond(random.nextLong(2_000_000_000L)),
              new ContentId(contents++));
      rows.add(message);
      unseen += (message.flags() & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
      size += message.size();
      insert(account, id, message);
    }
    var key = new MailboxKey(account, new MailboxId(id));
    inserted.put(key, rows.build());
    sql(
        "INSERT INTO mailbox_state (account, mailbox, uid_validity, uid_next, mod_seq, messages,"
            + " unseen, size, first_recent, expunged_floor, keywords)"
            + " VALUES (?, ?, 7, ?, 1::bigint << 40, ?, ?, ?, 1, 0, ?)",
        account.value(),
        id,
        uidNext,
        inserted.get(key).size(),
        (int) unseen,
        size,
        jdbc.createArrayOf("text", KEYWORDS.toArray()));
  }

  private void insert(AccountId account, long mailbox, MessageInfo message) throws Exception {
    content(account, message.content().value());
    sql(
        "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        account.value(),
        mailbox,
        message.uid().value(),
        message.flags(),
        message.modSeq().value(),
        message.size(),
        message.internalDate().epochSecond(),
        (short) message.internalDate().offsetMinutes(),
        message.saved().getEpochSecond(),
        message.content().value());
  }

  private void remove(Instant when, long mailbox) throws Exception {
    long flags = random.nextLong(32);
    var date = date();
    long content = contents++;
    content(ONE, content);
    sql(
        "INSERT INTO recoverable (account, mailbox, uid, flags, size, internal_date,"
            + " internal_zone, content, removed) VALUES (1, ?, ?, ?, 9, ?, ?, ?, ?)",
        mailbox,
        content,
        flags,
        date.epochSecond(),
        (short) date.offsetMinutes(),
        content,
        when.atOffset(ZoneOffset.UTC));
    removed.add(
        new Item(
            0,
            new MailboxId(mailbox),
            new Uid(content),
            Keywords.NONE.unpack(flags),
            9,
            date,
            when));
  }
}
