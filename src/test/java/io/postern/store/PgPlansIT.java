package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Flags;
import io.postern.model.FlagsUpdate;
import io.postern.model.FlagsUpdate.Mode;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.store.Messages.Columns;
import io.postern.store.account.Accounts;
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
import java.util.stream.LongStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Scattered sets of UIDs cost what the messages named cost, not what the mailbox holds, however
 * often a statement has run on its connection: PostgreSQL makes a plan for each of the first five
 * executions and may take one for all arguments from then on.
 */
@QuarkusTest
class PgPlansIT extends StorePorts {
  private static final int MESSAGES = 100_000;
  private static final int RANGES = 1_000;
  private static final int EXECUTIONS = 7;

  /** Rows read for each message named: a pass over the mailbox would be a hundred. */
  private static final int ROWS_EACH = 20;

  private static final String ROWS_READ =
      "SELECT (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes"
          + " WHERE relname = 'message')::bigint + (SELECT seq_tup_read FROM pg_stat_user_tables"
          + " WHERE relname = 'message')";

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
    pg.sql(
        "INSERT INTO message SELECT $1, $2, u, 4, u, 1000, 1700000000, 0, 1700000000, u"
            + " FROM generate_series(1, $3) u",
        account.value(),
        inbox.mailbox().value(),
        MESSAGES);
    pg.sql(
        "UPDATE mailbox_state SET uid_next = $3 + 1, mod_seq = $3, messages = $3, unseen = $3,"
            + " size = $3 * 1000 WHERE account = $1 AND mailbox = $2",
        account.value(),
        inbox.mailbox().value(),
        MESSAGES);
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
  void oneMessageIsOneIndexLookUp() {
    var update = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.ANSWERED));
    long before = rowsRead();
    for (int i = 1; i <= EXECUTIONS; i++) {
      assertThat(await(messages().storeFlags(inbox, uids(i), update)).changed().size())
          .isEqualTo(1);
    }
    assertThat(rowsRead() - before).isLessThan(ROWS_EACH * EXECUTIONS);
  }

  @Test
  void anIndexThatLagsReadsWhatChanged() {
    var before = state(inbox).highestModSeq();
    store(inbox, uids(5, 500, 50_000), Mode.ADD, SystemFlag.FLAGGED);
    long read = rowsRead();
    for (int i = 0; i < EXECUTIONS; i++) {
      assertThat(await(messages().changesSince(inbox, before)).changed().size()).isEqualTo(3);
    }
    assertThat(rowsRead() - read).isLessThan(3 * ROWS_EACH * EXECUTIONS);
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
    var attempt = await(pg.locks.acquire(mailbox, Duration.ofMinutes(1), Duration.ZERO));
    return ((MaildropLocks.LockResult.Held) attempt).lock();
  }

  private void readsWhatItNames(Consumer<NumberSet> operation) {
    long before = rowsRead();
    for (int i = 0; i < EXECUTIONS; i++) {
      long first = 1 + 2L * RANGES * i;
      operation.accept(NumberSet.of(LongStream.range(0, RANGES).map(n -> first + 2 * n)));
    }
    assertThat(rowsRead() - before).isLessThan((long) ROWS_EACH * RANGES * EXECUTIONS);
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
