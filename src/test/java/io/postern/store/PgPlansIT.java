package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Columns;
import io.postern.store.account.Accounts;
import io.postern.store.postgres.page.PageLayout;
import io.postern.store.postgres.tx.CallTimeout;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A command on scattered UIDs reads the pages of these UIDs, once each, not those of the mailbox,
 * however often a statement has run on its connection: PostgreSQL makes a plan for each of the
 * first five executions and may take one for all arguments from then on. The planner's statistics
 * know nothing of the mailbox.
 */
@QuarkusTest
class PgPlansIT extends StorePorts {
  private static final int MESSAGES = 100_000;
  private static final int RANGES = 1_000;
  private static final int EXECUTIONS = 7;

  /** How many pages the UIDs of one command are in, and the target's that are looked up. */
  private static final int PAGES = 2 * RANGES / 256 + 4;

  private static final String ROWS_READ =
      "SELECT (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes"
          + " WHERE relname = 'mailbox_page')::bigint + (SELECT seq_tup_read FROM"
          + " pg_stat_user_tables WHERE relname = 'mailbox_page')";

  /** How many updates there were of a table, and how many of them changed no index. */
  private static final String UPDATES =
      "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = $1";

  private static final String SLOTS =
      "string_agg(int8send(4 << 1 | 1) || int8send(u), ''::bytea ORDER BY u) AS flags,"
          + " string_agg(int4send(1000) || int8send(1700000000::bigint << 12 | 2048)"
          + " || int8send(1700000000) || int8send(u), ''::bytea ORDER BY u) AS facts";

  private static final String FILL_PAGES =
      "INSERT INTO mailbox_page (account, mailbox, page, mod_seq, flags, facts)"
          + " SELECT $1, $2, page, last,"
          + " decode('0200' || lpad(to_hex(n - 1), 2, '0') || '880000000000000000', 'hex') || flags,"
          + " decode('0100' || lpad(to_hex(n - 1), 2, '0') || '00', 'hex') || facts FROM"
          + " (SELECT (u - 1) / 256 AS page, max(u) AS last, count(*) AS n, "
          + SLOTS
          + " FROM generate_series(1::bigint, $3) u GROUP BY (u - 1) / 256) p";

  private static final String FILL_STATE =
      "UPDATE mailbox_state SET uid_next = $3 + 1, mod_seq = $3, messages = $3, unseen = $3,"
          + " size = $3 * 1000, tail_flags = t.flags, tail_facts = t.facts FROM (SELECT "
          + SLOTS
          + " FROM generate_series($4::bigint, $3::bigint) u) t"
          + " WHERE account = $1 AND mailbox = $2";

  private static final String OTHER_CONTENTS =
      "INSERT INTO content (account, id, blob, size, envelope, body, body_structure, header, parts)"
          + " SELECT $1, nextval('content_id'), gen_random_uuid(), 0, '', '', '', '', ''"
          + " FROM generate_series(1, 20000)";

  /** How often this connection's statements like this ran by a plan made for all arguments. */
  private static final String PLANNED_FOR_ALL =
      "SELECT coalesce(sum(generic_plans), 0)::bigint FROM pg_prepared_statements"
          + " WHERE statement LIKE $1";

  @Inject Vertx vertx;
  @Inject Mutiny.SessionFactory sessions;

  // Set by open(), before each test.
  @SuppressWarnings("NullAway.Init")
  private Pool pool;

  // Set by open(), before each test.
  @SuppressWarnings("NullAway.Init")
  private PgPorts pg;

  /** The ports on one connection, and a mailbox that the planner's statistics know nothing of. */
  @Override
  @BeforeEach
  void freshAccount() {
    var config = ConfigProvider.getConfig();
    var options =
        PgConnectOptions.fromUri(config.getValue("quarkus.datasource.reactive.url", String.class))
            .setUser(config.getValue("quarkus.datasource.username", String.class))
            .setPassword(config.getValue("quarkus.datasource.password", String.class))
            .setCachePreparedStatements(true);
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(CallTimeout.DEFAULT.on(options))
            .using(vertx)
            .build();
    pg = new PgPorts(vertx, pool, sessions);
    super.freshAccount();
    long tail = PageLayout.tailStart(MESSAGES + 1L);
    pg.sql(FILL_PAGES, account.value(), inbox.mailbox().value(), tail - 1);
    pg.sql(FILL_STATE, account.value(), inbox.mailbox().value(), (long) MESSAGES, tail);
    assertThat(await(pg.indexes.current(inbox)).size()).isEqualTo(MESSAGES);
  }

  @AfterEach
  void close() throws Exception {
    pool.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void storeReadsTheMessagesItNames() {
    readsWhatItNames(
        uids -> assertChanged(store(inbox, uids, Mode.ADD, SystemFlag.FLAGGED).changed().size()));
  }

  @Test
  void storeThatCountsTheUnseenReadsTheMessagesItNames() {
    readsWhatItNames(
        uids ->
            assertChanged(
                store(inbox, uids, Mode.REPLACE, SystemFlag.SEEN, SystemFlag.DRAFT)
                    .changed()
                    .size()));
    assertThat(state(inbox).unseen()).isEqualTo(MESSAGES - EXECUTIONS * RANGES);
  }

  @Test
  void storeOfAKeywordReadsTheMessagesItNames() {
    readsWhatItNames(
        uids -> assertChanged(storeKeywords(inbox, uids, Mode.ADD, "$Label").changed().size()));
  }

  @Test
  void copyReadsTheMessagesItNames() {
    var to = create("Filed");
    readsWhatItNames(
        uids -> assertChanged((int) await(messages().copy(inbox, uids, to)).to().size()));
  }

  @Test
  void moveReadsTheMessagesItNames() {
    var to = create("Filed");
    readsWhatItNames(
        uids -> assertChanged((int) await(messages().move(inbox, uids, to)).to().size()));
    assertThat(state(inbox).exists()).isEqualTo(MESSAGES - EXECUTIONS * RANGES);
  }

  @Test
  void copyOfAFewToANameReadsTheMessagesItNames() {
    create("Filed");
    readsAtMost(EXECUTIONS, i -> await(messages().copy(inbox, few(i), named("Filed"))));
  }

  @Test
  void moveOfAFewToANameReadsTheMessagesItNames() {
    create("Filed");
    // The pages of the source and those of the target.
    readsAtMost(2 * EXECUTIONS, i -> await(messages().move(inbox, few(i), named("Filed"))));
  }

  @Test
  void appendToANameReadsNoPage() {
    readsAtMost(
        1, i -> await(messages().append(named("INBOX"), List.of(SampleMessages.message("one")))));
  }

  @Test
  void anUnchangedMailboxIsFoundByItsNameInOneLookUp() {
    await(pg.indexes.current(account, name("INBOX")));
    readsAtMost(0, i -> await(pg.indexes.current(account, name("INBOX"))));
  }

  private Destination named(String name) {
    return new Destination.Named(account, name(name), Optional.empty());
  }

  private static NumberSet few(int execution) {
    return NumberSet.range(1_000L * execution, 1_000L * execution + 9);
  }

  /** Reads no more rows of pages than that in all executions. */
  private void readsAtMost(long rows, IntConsumer command) {
    long before = rowsRead();
    for (int i = 1; i <= EXECUTIONS; i++) {
      command.accept(i);
    }
    assertThat(rowsRead() - before).isLessThanOrEqualTo(rows);
  }

  @Test
  void expungeReadsTheMessagesItNames() {
    readsWhatItNames(
        uids ->
            assertChanged((int) await(messages().expunge(inbox, Optional.of(uids))).gone().size()));
  }

  @Test
  void pop3UpdateReadsTheMessagesItNames() {
    readsWhatItNames(
        uids -> {
          var lock = locked(inbox);
          assertChanged((int) await(messages().update(lock, uids)).orElseThrow().gone().size());
        });
  }

  @Test
  void aChangeOfOneMessageReadsOnePage() {
    long before = rowsRead();
    for (int i = 1; i <= EXECUTIONS; i++) {
      assertThat(store(inbox, uids(i), Mode.ADD, SystemFlag.ANSWERED).changed().size())
          .isEqualTo(1);
    }
    assertThat(rowsRead() - before).isLessThanOrEqualTo(EXECUTIONS);
  }

  @Test
  void aChangeOfTheNewestMessageReadsNoPage() {
    long before = rowsRead();
    for (var flag : SystemFlag.values()) {
      store(inbox, uids(MESSAGES), Mode.REPLACE, flag);
    }
    assertThat(rowsRead() - before).isZero();
  }

  @Test
  void anAppendReadsNoPage() {
    long before = rowsRead();
    for (int i = 0; i < PageLayout.BLOCK; i++) {
      await(messages().append(inbox, List.of(SampleMessages.message("one"))));
    }
    // One of them begins a block, and looks up the page of the block before.
    assertThat(rowsRead() - before).isLessThanOrEqualTo(1);
  }

  @Test
  void anUnchangedMailboxIsOneLookUp() {
    long read = rowsRead();
    for (int i = 0; i < EXECUTIONS; i++) {
      assertThat(await(pg.indexes.current(inbox)).size()).isEqualTo(MESSAGES);
    }
    assertThat(rowsRead() - read).isZero();
  }

  /** Pages are found by their mod-sequence, in the primary key's order, without an index of it. */
  @Test
  void anIndexThatLagsReadsEachPageOnce() {
    var before = state(inbox).highestModSeq();
    store(inbox, uids(5, 500, 50_000), Mode.ADD, SystemFlag.FLAGGED);
    long read = rowsRead();
    for (int i = 0; i < EXECUTIONS; i++) {
      assertThat(await(messages().changesSince(inbox, before)).changed().size()).isEqualTo(3);
    }
    assertThat(rowsRead() - read).isLessThanOrEqualTo(EXECUTIONS * (MESSAGES / 256 + 1));
  }

  @Test
  void updatesOfFlagsChangeNoIndex() {
    var rewritten = NumberSet.range(1, MESSAGES);
    var update = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.SEEN));
    await(messages().storeFlags(inbox, rewritten, update));
    pg.sql("VACUUM mailbox_page");
    long[] before = updates("mailbox_page");
    for (int i = 0; i < 200; i++) {
      var mode = i % 2 == 0 ? Mode.ADD : Mode.REMOVE;
      store(inbox, uids(1 + i * 300L), mode, SystemFlag.FLAGGED, SystemFlag.SEEN);
    }
    long[] after = updates("mailbox_page");
    assertThat(after[0] - before[0]).isEqualTo(200);
    assertThat(after[1] - before[1]).isGreaterThanOrEqualTo(190);
  }

  private long[] updates(String table) {
    pg.sql("SELECT pg_stat_force_next_flush()");
    var row = pg.sql(UPDATES, table).getFirst();
    return new long[] {row.getLong(0), row.getLong(1)};
  }

  /** The planner's statistics show a large table: an array of ids is planned for its length. */
  @Test
  void theQueryForOneContentIsPlannedOnceForAllArguments() {
    await(messages().append(inbox, List.of(SampleMessages.message("one"))));
    var id = new ContentId(pg.number("SELECT max(id) FROM content"));
    pg.sql(OTHER_CONTENTS, account.value());
    pg.sql("ANALYZE content");
    for (int i = 0; i < EXECUTIONS; i++) {
      var wanted = new Columns(true, Blobs.CHUNK);
      assertThat(await(messages().contents(account, List.of(id), wanted))).containsOnlyKeys(id);
    }
    assertThat(pg.number(PLANNED_FOR_ALL, "%FROM content c LEFT JOIN blob_chunk%")).isPositive();
    pg.sql("DELETE FROM content WHERE account = $1 AND size = 0", account.value());
  }

  @Test
  void noStatementIsCompiled() {
    assertThat(pg.sql("SHOW jit").getFirst().getString(0)).isEqualTo("off");
  }

  private MaildropLock locked(MailboxKey mailbox) {
    var attempt =
        await(
            pg.locks.acquire(
                mailbox.account(), MailboxName.INBOX, Duration.ofMinutes(1), Duration.ZERO));
    return ((MaildropLocks.LockResult.Held) attempt).lock();
  }

  private void readsWhatItNames(Consumer<NumberSet> operation) {
    long before = rowsRead();
    for (int i = 0; i < EXECUTIONS; i++) {
      long first = 1 + 2L * RANGES * i;
      operation.accept(NumberSet.of(LongStream.range(0, RANGES).map(n -> first + 2 * n)));
    }
    assertThat(rowsRead() - before).isLessThanOrEqualTo((long) PAGES * EXECUTIONS);
  }

  private static void assertChanged(int messages) {
    assertThat(messages).isEqualTo(RANGES);
  }

  /** Of the table of messages, since ever: this connection's part is written down first. */
  private long rowsRead() {
    pg.sql("SELECT pg_stat_force_next_flush()");
    return pg.number(ROWS_READ);
  }

  @Override
  protected Accounts accounts() {
    return pg.accounts;
  }

  @Override
  protected Mailboxes mailboxes() {
    return pg.mailboxes;
  }

  @Override
  protected Messages messages() {
    return pg.messages;
  }

  @Override
  protected Blobs blobs() {
    return pg.blobs;
  }
}
