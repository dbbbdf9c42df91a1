package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.MessageInfo;
import io.postern.model.message.SystemFlag;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.PgBlobs;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.SparsePages;
import io.postern.store.postgres.Sweeper;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMessages;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pages of which expunges left little become small, or go, and no client notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SparsePagesIT {
  private static final AccountId ACCOUNT = new AccountId(1);
  private static final FlagsUpdate DELETED =
      new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.DELETED));
  private static final FlagsUpdate SEEN = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.SEEN));

  private static final String OCTETS =
      "SELECT coalesce(sum(octet_length(facts)), 0) FROM mailbox_page WHERE mailbox = ";
  private static final String FIRST =
      "SELECT octet_length(facts) FROM mailbox_page WHERE page = 0 AND mailbox = ";
  private static final String PAGES = "SELECT count(*) FROM mailbox_page WHERE mailbox = ";

  private long lastMailbox;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private MigratedPostgres database;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Tx tx;

  // Set by fresh(), before each test.
  @SuppressWarnings("NullAway.Init")
  private Messages messages;

  // Set by fresh(), before each test.
  @SuppressWarnings("NullAway.Init")
  private MailboxIndexes indexes;

  // Set by fresh(), before each test.
  @SuppressWarnings("NullAway.Init")
  private MailboxKey mailbox;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    database = new MigratedPostgres(directory);
    tx = database.tx();
    database.sql("INSERT INTO account (id, name, verifier, enabled) VALUES (1, 'u', '', true)");
  }

  @AfterAll
  void stop() throws Exception {
    database.stop();
  }

  /** A mailbox with 1,024 messages in pages and 8 in the tail. */
  @BeforeEach
  void fresh() {
    long id = ++lastMailbox;
    database.sql("DELETE FROM mailbox");
    database.sql("DELETE FROM mailbox_page");
    database.sql("INSERT INTO account_sweep (account) VALUES (1) ON CONFLICT DO NOTHING");
    database.sql(
        "INSERT INTO mailbox (account, id, name, uid_validity) VALUES (1, $1, $2, $1)",
        id,
        "m" + id);
    database.sql(
        "INSERT INTO mailbox_state (account, mailbox, uid_validity, uid_next, mod_seq, messages,"
            + " unseen, size, first_recent, expunged_floor, keywords)"
            + " VALUES (1, $1, $1, 1, 1, 0, 0, 0, 1, 0, '{}')",
        id);
    mailbox = new MailboxKey(ACCOUNT, new MailboxId(id));
    indexes = new MailboxIndexes(new PgIndexReader(tx), 1 << 26);
    messages = new PgMessages(tx, InstantSource.system(), indexes);
    append(1_032);
  }

  @AfterEach
  void theStoreIsConsistent() {
    assertThat(await(new PgStoreVerification(tx).verify(Optional.empty(), 100)).findings())
        .isEmpty();
  }

  private void append(int count) {
    await(messages.append(mailbox, Collections.nCopies(count, SampleMessages.message("one"))));
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private long number(String query) throws SQLException {
    try (var statement = database.jdbc().createStatement();
        var found = statement.executeQuery(query + mailbox.mailbox().value())) {
      assertThat(found.next()).isTrue();
      return found.getLong(1);
    }
  }

  private void expungeAllBut(NumberSet kept) {
    var gone = NumberSet.range(1, 1_024).minus(kept);
    await(messages.storeFlags(mailbox, gone, DELETED));
    await(messages.expunge(mailbox, Optional.of(gone)));
  }

  private List<MessageInfo> loaded() {
    return infos(await(new PgIndexReader(tx).load(mailbox)).messages());
  }

  private static List<MessageInfo> infos(MessageColumns rows) {
    return IntStream.range(0, rows.size()).mapToObj(rows::info).toList();
  }

  private Uni<Long> run() {
    return new SparsePages(tx).run();
  }

  /** Few in the first page, none in the second, all in the third, the last slot of the fourth. */
  private static final NumberSet KEPT =
      NumberSet.of(LongStream.of(3, 4, 5, 200))
          .union(NumberSet.range(513, 768))
          .union(NumberSet.of(1_024));

  @Test
  void nothingChangesForReaders() throws Exception {
    var before = await(messages.load(mailbox));
    expungeAllBut(KEPT);
    var sparse = loaded();
    var gone = await(messages.changesSince(mailbox, before.state().highestModSeq())).gone();
    long octets = number(OCTETS);
    assertThat(await(run())).isEqualTo(3);
    assertThat(number(OCTETS)).isLessThan(octets / 3);
    assertThat(number(PAGES)).isEqualTo(3);
    assertThat(loaded()).isEqualTo(sparse);
    // RFC 7162 §3.2.6
    assertThat(await(messages.changesSince(mailbox, before.state().highestModSeq())).gone())
        .isEqualTo(gone)
        .isEqualTo(NumberSet.range(1, 1_024).minus(KEPT));
    assertThat(await(messages.expungedSince(mailbox, before.state().highestModSeq())))
        .contains(gone);
    assertThat(await(run())).isZero();
    await(new Sweeper(tx, new PgBlobs(tx)).sweep(Duration.ZERO));
  }

  @Test
  void aNodeThatKnowsThePagesAsTheyWereGoesOn() {
    expungeAllBut(KEPT);
    await(indexes.current(mailbox));
    assertThat(await(run())).isEqualTo(3);
    var changed = await(messages.storeFlags(mailbox, NumberSet.range(1, 1_100), SEEN)).changed();
    assertThat(changed.size()).isEqualTo(4 + 256 + 1 + 8);
    append(300);
    await(messages.storeFlags(mailbox, NumberSet.of(LongStream.of(4, 5)), DELETED));
    await(messages.expunge(mailbox, Optional.empty()));
    assertThat(isAll(await(indexes.current(mailbox)), loaded())).isTrue();
  }

  private static boolean isAll(MailboxIndex index, List<MessageInfo> all) {
    return IntStream.range(0, index.size()).mapToObj(index::info).toList().equals(all);
  }

  /** The page to which the tail goes next may be one of those that went. */
  @Test
  void theTailIsAppendedToAPageThatIsGone() throws Exception {
    append(24);
    var all = NumberSet.range(1, 1_056);
    await(messages.storeFlags(mailbox, all, DELETED));
    await(messages.expunge(mailbox, Optional.empty()));
    append(1);
    assertThat(await(run())).isEqualTo(5);
    assertThat(number(PAGES)).isZero();
    append(64);
    assertThat(loaded()).hasSize(65);
    assertThat(number(PAGES)).isOne();
  }

  @Test
  void densePagesStayAsTheyAre() throws Exception {
    expungeAllBut(NumberSet.of(LongStream.rangeClosed(1, 1_024).filter(uid -> uid % 8 != 0)));
    long octets = number(OCTETS);
    assertThat(await(run())).isZero();
    assertThat(number(OCTETS)).isEqualTo(octets);
  }

  /** A run reads so many pages and no more; the next goes on behind them, and then anew. */
  @Test
  void aRunIsBounded() throws Exception {
    expungeAllBut(NumberSet.of(LongStream.of(1, 300, 600, 900)));
    var two = new SparsePages(tx, 1, 2);
    assertThat(await(two.run())).isEqualTo(2);
    assertThat(await(two.run())).isEqualTo(2);
    assertThat(await(two.run())).isZero();
    assertThat(await(two.run())).isZero();
    assertThat(number(PAGES)).isEqualTo(4);
  }

  @Test
  void aDamagedPageStaysAsItIs() throws Exception {
    expungeAllBut(KEPT);
    var flip =
        "UPDATE mailbox_page SET facts = set_byte(facts, 40, get_byte(facts, 40) # 1)"
            + " WHERE page = 0";
    database.sql(flip);
    long octets = number(FIRST);
    assertThat(await(run())).isEqualTo(2);
    assertThat(number(FIRST)).isEqualTo(octets);
    database.sql(flip);
  }

  /** Whatever comes between, no change is lost and none is made twice. */
  @Test
  void itRunsBesideWriters() throws Exception {
    var random = new SplittableRandom(4);
    var other =
        new PgMessages(
            tx, InstantSource.system(), new MailboxIndexes(new PgIndexReader(tx), 1 << 26));
    var writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 60; i++) {
                var node = random.nextBoolean() ? messages : other;
                long from = random.nextLong(1, 1_000);
                var some = NumberSet.range(from, from + random.nextLong(200));
                await(node.storeFlags(mailbox, some, random.nextBoolean() ? DELETED : SEEN));
                await(node.expunge(mailbox, Optional.of(some)));
                if (random.nextInt(4) == 0) {
                  await(node.append(mailbox, List.of(SampleMessages.message("more"))));
                }
              }
            });
    long runs = 0;
    while (!writing.isDone()) {
      runs += await(run());
    }
    writing.get(60, TimeUnit.SECONDS);
    runs += await(run());
    assertThat(runs).isPositive();
    var index = await(indexes.current(mailbox));
    assertThat(isAll(index, loaded())).isTrue();
    var state = await(messages.changesSince(mailbox, ModSeq.FIRST)).state();
    assertThat(index.modSeq()).isEqualTo(state.highestModSeq());
  }
}
