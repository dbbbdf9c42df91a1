package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Loaded;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMessages;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node that ends between a statement and its answer: what it changed is there as a whole or not
 * at all, and no mod-sequence is given twice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CutAnswerIT {
  private static final AccountId ACCOUNT = new AccountId(1);
  private static final int MESSAGES = 70;

  /** More than the answers to any of the operations. */
  private static final int CUTS = 6;

  private static final String NODE = "cut";

  /** In pages and in the tail. */
  private static final NumberSet SOME = NumberSet.range(20, 68);

  private static final FlagsUpdate SEEN = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.SEEN));
  private static final FlagsUpdate DELETED =
      new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.DELETED));

  /** What is cut, and how many messages source and target have after it. */
  private enum Operation {
    STORE(MESSAGES, 0),
    EXPUNGE(MESSAGES - 49, 0),
    APPEND_ONE(MESSAGES + 1, 0),
    APPEND_SEVERAL(MESSAGES + 40, 0),
    COPY(MESSAGES, 49),
    MOVE(MESSAGES - 49, 49);

    private final int left;
    private final int target;

    Operation(int left, int target) {
      this.left = left;
      this.target = target;
    }

    private Uni<?> on(Messages node, MailboxKey from, MailboxKey to) {
      return switch (this) {
        case STORE -> node.storeFlags(from, SOME, SEEN);
        case EXPUNGE -> node.expunge(from, Optional.of(NumberSet.range(1, MESSAGES)));
        case APPEND_ONE -> node.append(from, Collections.nCopies(1, MESSAGE));
        case APPEND_SEVERAL -> node.append(from, Collections.nCopies(40, MESSAGE));
        case COPY -> node.copy(from, SOME, to);
        case MOVE -> node.move(from, SOME, to);
      };
    }
  }

  private static final Messages.NewMessage MESSAGE = SampleMessages.message("one");

  /** Both mailboxes at one moment. */
  private record Both(Loaded from, Loaded to) {
    long modSeqs() {
      return from.state().highestModSeq().value() + to.state().highestModSeq().value();
    }

    String text() {
      return text(from) + text(to);
    }

    private static String text(Loaded loaded) {
      return loaded.state() + text(loaded.messages());
    }

    private static String text(MessageColumns rows) {
      return Arrays.toString(rows.uids())
          + Arrays.toString(rows.flags())
          + Arrays.toString(rows.modSeqs())
          + Arrays.toString(rows.contents());
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private long lastMailbox;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private MigratedPostgres database;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private CuttingProxy proxy;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    database = new MigratedPostgres(directory);
    database.sql("INSERT INTO account (id, name, verifier, enabled) VALUES (1, 'u', '', true)");
    proxy = new CuttingProxy(database.options().getPort());
  }

  @AfterAll
  void stop() throws Exception {
    proxy.close();
    database.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private MailboxKey created() {
    long id = ++lastMailbox;
    database.sql(
        "INSERT INTO mailbox (account, id, name, uid_validity) VALUES (1, $1, $2, $1)",
        id,
        "m" + id);
    database.sql(
        "INSERT INTO mailbox_state (account, mailbox, uid_validity, uid_next, mod_seq, messages,"
            + " unseen, size, first_recent, expunged_floor, keywords)"
            + " VALUES (1, $1, $1, 1, 1, 0, 0, 0, 1, 0, '{}')",
        id);
    return new MailboxKey(ACCOUNT, new MailboxId(id));
  }

  private static Messages node(Tx tx) {
    var indexes = new MailboxIndexes(new PgIndexReader(tx), 1 << 26);
    return new PgMessages(tx, InstantSource.system(), indexes);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private Both both(MailboxKey from, MailboxKey to) {
    var reader = new PgIndexReader(database.tx());
    return new Both(await(reader.load(from)), await(reader.load(to)));
  }

  /** What the server still runs for a node that is gone ends by itself. */
  private void awaitEndOfNode() throws Exception {
    long running = 1;
    while (running > 0) {
      try (var statement = database.jdbc().createStatement();
          var rows =
              statement.executeQuery(
                  "SELECT count(*) FROM pg_stat_activity WHERE application_name = '"
                      + NODE
                      + "'")) {
        assertThat(rows.next()).isTrue();
        running = rows.getLong(1);
      }
    }
  }

  private Pool through() {
    var options = database.options().setPort(proxy.port());
    options.addProperty("application_name", NODE);
    return MigratedPostgres.pool(vertx, options, 1);
  }

  @ParameterizedTest
  @EnumSource
  void aChangeIsThereAsAWholeOrNotAtAll(Operation operation) throws Exception {
    int whole = 0;
    int none = 0;
    for (int cut = 0; cut < CUTS; cut++) {
      var from = created();
      var to = created();
      var alive = node(database.tx());
      await(alive.append(from, Collections.nCopies(MESSAGES, MESSAGE)));
      await(alive.storeFlags(from, SOME, DELETED));
      var before = both(from, to);
      boolean answered = cutAt(operation, cut, from, to);
      var after = both(from, to);
      assertThat(after.modSeqs()).isGreaterThanOrEqualTo(before.modSeqs());
      if (after.text().equals(before.text())) {
        assertThat(answered).isFalse();
        none++;
      } else {
        whole++;
        assertThat(after.from().messages().size()).isEqualTo(operation.left);
        assertThat(after.from().state().exists()).isEqualTo(operation.left);
        assertThat(after.to().messages().size()).isEqualTo(operation.target);
        assertThat(after.modSeqs()).isGreaterThan(before.modSeqs());
      }
      givesGreaterModSeqs(from, after.from());
      givesGreaterModSeqs(to, after.to());
    }
    // Some answers belong to what prepares the statement, the others to the statement.
    assertThat(whole).isPositive();
    assertThat(none).isPositive();
    var verified = await(new PgStoreVerification(database.tx()).verify(Optional.empty(), 500));
    assertThat(verified.findings()).isEmpty();
  }

  /** Whether the node got its answer all the same. */
  private boolean cutAt(Operation operation, int cut, MailboxKey from, MailboxKey to)
      throws Exception {
    var pool = through();
    try {
      var node = node(MigratedPostgres.tx(vertx, pool));
      await(node.load(from));
      proxy.arm(cut);
      return await(
          operation
              .on(node, from, to)
              .replaceWith(true)
              .onFailure(StoreException.class)
              .recoverWithItem(false));
    } finally {
      proxy.arm(Integer.MIN_VALUE);
      pool.close().toCompletionStage().toCompletableFuture().join();
      awaitEndOfNode();
    }
  }

  /** The next change, on another node, gets one that no message has had. */
  private void givesGreaterModSeqs(MailboxKey mailbox, Loaded before) {
    var change = await(node(database.tx()).append(mailbox, Collections.nCopies(1, MESSAGE)));
    assertThat(change.previous()).isEqualTo(before.state().highestModSeq());
    assertThat(Arrays.stream(before.messages().modSeqs()))
        .allMatch(modSeq -> modSeq < change.modSeq().value());
    assertThat(change.changed().uid(0)).isEqualTo(before.state().uidNext());
  }
}
