package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.MaildropLocks.LockResult.Held;
import io.postern.store.Messages.NewMessage;
import io.postern.store.StoreFailure.Damaged;
import io.postern.store.account.Quotas.Levels;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.message.DamagedMailboxes;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMaildropLocks;
import io.postern.store.postgres.message.PgMessages;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An octet that is not what was written makes its mailbox read-only on all nodes, and nothing else:
 * wherever it is stored, and whichever statement wrote it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedMailboxIT {
  private static final NewMessage MESSAGE = SampleMessages.message("one");
  private static final AccountId ACCOUNT = new AccountId(1);
  private static final FlagsUpdate SEEN = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.SEEN));
  private static final FlagsUpdate FLAGGED =
      new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.FLAGGED));

  /** What is damaged, and how the damage is named. */
  private enum Place {
    FLAGS("mailbox_page", "flags", 20, 0, "page 0: "),
    FACTS("mailbox_page", "facts", 40, 0, "page 0: "),
    FACTS_CHECKSUM("mailbox_page", "facts_crc", 3, 0, "page 0: "),
    APPENDED_FLAGS("mailbox_page", "flags", 20, 1, "page 1: "),
    APPENDED_FACTS("mailbox_page", "facts", 40, 1, "page 1: "),
    SECOND_BLOCK_OF_FLAGS("mailbox_page", "flags", 600, 1, "page 1: "),
    SECOND_BLOCK_OF_FACTS("mailbox_page", "facts", 1_000, 1, "page 1: "),
    TAIL_FLAGS("mailbox_state", "tail_flags", 9, -1, "tail"),
    TAIL_FACTS("mailbox_state", "tail_facts", 25, -1, "tail");

    private final String table;
    private final String column;
    private final int octet;
    private final int page;
    private final String named;

    Place(String table, String column, int octet, int page, String named) {
      this.table = table;
      this.column = column;
      this.octet = octet;
      this.page = page;
      this.named = named;
    }

    /** Done twice, it is as it was. */
    private String flip() {
      return "UPDATE %1$s SET %2$s = set_byte(%2$s, %3$d, get_byte(%2$s, %3$d) # 64)"
              .formatted(table, column, octet)
          + " WHERE account = $1 AND mailbox = $2"
          + (page < 0 ? "" : " AND page = " + page);
    }
  }

  private long lastMailbox;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private MigratedPostgres database;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Tx tx;

  // Set by fresh(), before each test.
  @SuppressWarnings("NullAway.Init")
  private Node node;

  // Set by fresh(), before each test.
  @SuppressWarnings("NullAway.Init")
  private MailboxKey mailbox;

  // Set by fresh(), before each test.
  @SuppressWarnings("NullAway.Init")
  private MailboxKey other;

  /** What a node has in memory. */
  private record Node(DamagedMailboxes damaged, MailboxIndexes indexes, Messages messages) {
    static Node of(Tx tx) {
      var damaged = new DamagedMailboxes(tx);
      var indexes = new MailboxIndexes(new PgIndexReader(tx, damaged), 1 << 26);
      return new Node(
          damaged,
          indexes,
          new PgMessages(tx, InstantSource.system(), indexes, () -> Levels.NONE, damaged));
    }
  }

  /** The errors that are logged. */
  private static final class Errors extends Handler {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= Level.SEVERE.intValue()) {
        lines.add(MessageFormat.format(line.getMessage(), line.getParameters()));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

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

  /** Two mailboxes with a full page, a page of three blocks and a tail. */
  @BeforeEach
  void fresh() {
    node = Node.of(tx);
    mailbox = filled();
    other = filled();
  }

  private MailboxKey filled() {
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
    var key = new MailboxKey(ACCOUNT, new MailboxId(id));
    append(key, 256);
    await(node.messages.storeFlags(key, NumberSet.range(1, 256), SEEN));
    append(key, 33);
    for (int i = 0; i < 80; i++) {
      append(key, 1);
    }
    return key;
  }

  private void append(MailboxKey key, int messages) {
    await(node.messages.append(key, Collections.nCopies(messages, MESSAGE)));
  }

  private void flip(Place place) {
    database.sql(place.flip(), 1L, mailbox.mailbox().value());
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private static StoreFailure failureOf(Uni<?> call) {
    var thrown = catchThrowable(() -> await(call));
    assertThat(thrown).isInstanceOf(StoreException.class);
    return ((StoreException) thrown).failure();
  }

  private void damaged(Uni<?> call) {
    assertThat(failureOf(call)).isInstanceOf(Damaged.class);
    assertThat(((Damaged) failureOf(call)).mailbox()).isEqualTo(mailbox);
  }

  private List<String> findings() {
    return await(new PgStoreVerification(tx).verify(Optional.empty(), 100)).findings().stream()
        .map(f -> f.mailbox().mailbox().value() + " " + f.problem())
        .toList();
  }

  private MailboxName nameOf(MailboxKey key) {
    return new MailboxName("m" + key.mailbox().value());
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedMailboxIsReadOnlyOnAllNodes(Place place) {
    long modSeq = await(node.indexes.current(mailbox)).modSeq().value();
    flip(place);
    var fresh = Node.of(tx);
    var failure = failureOf(fresh.messages.load(mailbox));
    assertThat(((Damaged) failure).what()).contains(place.named);
    assertThat(((Damaged) failure).uidValidity().value()).isEqualTo(mailbox.mailbox().value());
    for (var each : List.of(node, fresh)) {
      damaged(each.indexes.current(mailbox));
      damaged(each.indexes.current(ACCOUNT, nameOf(mailbox)));
      damaged(each.messages.storeFlags(mailbox, NumberSet.of(300), SEEN));
      damaged(each.messages.expunge(mailbox, Optional.empty()));
      damaged(each.messages.append(mailbox, List.of(MESSAGE)));
      damaged(each.messages.append(mailbox, Collections.nCopies(40, MESSAGE)));
      damaged(each.messages.move(mailbox, NumberSet.of(1), other));
      damaged(each.messages.copy(other, NumberSet.of(1), mailbox));
      damaged(each.messages.copy(other, NumberSet.range(1, 300), mailbox));
      damaged(each.messages.move(other, NumberSet.of(1), mailbox));
    }
    flip(place);
    var whole = await(fresh.damaged.recheck());
    assertThat(whole).isOne();
    assertThat(await(node.indexes.current(mailbox)).modSeq().value()).isEqualTo(modSeq);
    append(mailbox, 1);
    assertThat(findings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void verificationNamesThePageAndNothingElse(Place place) {
    flip(place);
    var findings = findings();
    assertThat(findings)
        .anySatisfy(f -> assertThat(f).startsWith(mailbox.mailbox().value() + " " + place.named));
    assertThat(findings).noneMatch(f -> f.startsWith(other.mailbox().value() + " "));
    flip(place);
    assertThat(findings()).isEmpty();
  }

  /**
   * A statement that appends or changes would otherwise give the damage a checksum that matches.
   */
  @Test
  void noWriteCoversDamageOfTheTail() {
    for (var place : List.of(Place.TAIL_FLAGS, Place.TAIL_FACTS)) {
      await(node.indexes.current(mailbox));
      flip(place);
      damaged(node.messages.append(mailbox, List.of(MESSAGE)));
      flip(place);
      assertThat(await(node.damaged.recheck())).isOne();
      flip(place);
      damaged(node.messages.append(mailbox, Collections.nCopies(40, MESSAGE)));
      flip(place);
      assertThat(await(node.damaged.recheck())).isOne();
      flip(place);
      damaged(node.messages.storeFlags(mailbox, NumberSet.of(1), FLAGGED));
      flip(place);
      assertThat(await(node.damaged.recheck())).isOne();
    }
    assertThat(findings()).isEmpty();
  }

  @Test
  void otherMailboxesGoOn() {
    flip(Place.FACTS);
    damaged(node.messages.load(mailbox));
    append(other, 50);
    var unseen = new FlagsUpdate(Mode.REMOVE, Flags.of(SystemFlag.SEEN));
    var changed = await(node.messages.storeFlags(other, NumberSet.of(7), unseen)).changed();
    assertThat(changed.size()).isOne();
    assertThat(await(Node.of(tx).indexes.current(ACCOUNT, nameOf(other)))).isPresent();
    flip(Place.FACTS);
    assertThat(await(node.damaged.recheck())).isOne();
  }

  /** What this node has in memory was read before: it can still be saved elsewhere. */
  @Test
  void aNodeThatKnowsTheMessagesCanStillCopyThem() {
    await(node.indexes.current(mailbox));
    flip(Place.FACTS);
    damaged(Node.of(tx).messages.load(mailbox));
    var copied = await(node.messages.copy(mailbox, NumberSet.range(1, 5), other));
    assertThat(copied.from()).isEqualTo(NumberSet.range(1, 5));
    flip(Place.FACTS);
    assertThat(await(node.damaged.recheck())).isOne();
    assertThat(findings()).isEmpty();
  }

  @Test
  void aMaildropIsNeitherOpenedNorChanged() {
    await(node.indexes.current(mailbox));
    var locks = new PgMaildropLocks(tx);
    var held =
        (Held) await(locks.acquire(ACCOUNT, nameOf(mailbox), Duration.ofMinutes(1), Duration.ZERO));
    flip(Place.APPENDED_FACTS);
    damaged(Node.of(tx).messages.load(mailbox));
    damaged(node.messages.update(held.lock(), NumberSet.of(3)));
    damaged(node.indexes.current(mailbox));
    flip(Place.APPENDED_FACTS);
    assertThat(await(node.damaged.recheck())).isOne();
    assertThat(await(node.messages.update(held.lock(), NumberSet.of(3)))).isPresent();
  }

  @Test
  void theFirstNodeThatFindsItLogsItAndTheMeterShowsIt() {
    var errors = new Errors();
    var logger = Logger.getLogger(DamagedMailboxes.class.getName());
    logger.addHandler(errors);
    try {
      flip(Place.FLAGS);
      var second = Node.of(tx);
      for (int i = 0; i < 3; i++) {
        damaged(node.messages.load(mailbox));
        damaged(second.messages.load(mailbox));
      }
      var id = mailbox.mailbox().value();
      assertThat(errors.lines)
          .singleElement()
          .asString()
          .contains("mailbox=" + id, "objectId=F" + id + "-" + id, "page 0: ");
      assertThat(node.damaged.count()).isOne();
      assertThat(await(second.damaged.recheck())).isZero();
      assertThat(second.damaged.count()).isOne();
      assertThat(findings()).anySatisfy(f -> assertThat(f).contains(" it is marked as damaged: "));
      flip(Place.FLAGS);
      assertThat(await(second.damaged.recheck())).isOne();
      assertThat(second.damaged.count()).isZero();
    } finally {
      logger.removeHandler(errors);
    }
  }
}
