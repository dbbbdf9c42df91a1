package io.postern.store;

import static io.postern.store.RowsOfVersion7.LATER;
import static io.postern.store.RowsOfVersion7.ONE;
import static io.postern.store.RowsOfVersion7.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.MessageInfo;
import io.postern.model.message.SystemFlag;
import io.postern.store.maintenance.Recoverable.Item;
import io.postern.store.maintenance.StoreVerification.Verified;
import io.postern.store.postgres.PgBlobs;
import io.postern.store.postgres.PgRecoverable;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.Sweeper;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that the version with a row for each message has filled holds the same messages after
 * the migration to pages, and is consistent. The tests go on with one database, in their order.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageMigrationIT {
  private static final MailboxKey TARGET = new MailboxKey(ONE, new MailboxId(3));
  private MigratedPostgres database;
  private Connection jdbc;
  private RowsOfVersion7 rows;
  private Tx tx;
  private PgRecoverable recoverable;

  @BeforeAll
  void fillAndMigrate(@TempDir Path directory) throws Exception {
    database = new MigratedPostgres(directory, "007", 2);
    jdbc = database.jdbc();
    tx = database.tx();
    rows = new RowsOfVersion7(jdbc);
    rows.fill();
    database.migrate("latest");
    recoverable = new PgRecoverable(tx, InstantSource.fixed(LATER), (_, _) -> {});
  }

  @AfterAll
  void close() throws Exception {
    database.stop();
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(60));
  }

  private static List<MessageInfo> infos(MessageColumns rows) {
    return IntStream.range(0, rows.size()).mapToObj(rows::info).toList();
  }

  private Verified verified() {
    return await(new PgStoreVerification(tx).verify(Optional.empty(), 100));
  }

  @Test
  @Order(1)
  void theSameMessagesAreLoaded() {
    var reader = new PgIndexReader(tx);
    rows.inserted()
        .forEach(
            (mailbox, rows) ->
                assertThat(infos(await(reader.load(mailbox)).messages()))
                    .as("%s", mailbox)
                    .isEqualTo(infos(rows)));
  }

  @Test
  @Order(2)
  void changesAreFoundByTheirModSeq() {
    var reader = new PgIndexReader(tx);
    var since = new ModSeq(1L << 39);
    rows.inserted()
        .forEach(
            (mailbox, rows) ->
                assertThat(infos(await(reader.changesSince(mailbox, since)).changed()))
                    .isEqualTo(
                        infos(rows).stream().filter(m -> m.modSeq().isAfter(since)).toList()));
  }

  @Test
  @Order(3)
  void theDatabaseIsConsistent() {
    var all = verified();
    assertThat(all.findings()).isEmpty();
    assertThat(all.mailboxes()).isEqualTo(rows.inserted().size());
    assertThat(all.messages())
        .isEqualTo(rows.inserted().values().stream().mapToInt(m -> m.size()).sum());
    assertThat(all.unownedContents()).isEqualTo(1);
    assertThat(all.next()).isEmpty();
  }

  @Test
  @Order(4)
  void verificationGoesOnBehindAMailbox() {
    var verification = new PgStoreVerification(tx);
    var seen = new ArrayList<MailboxKey>();
    long messages = 0;
    var after = Optional.<MailboxKey>empty();
    do {
      var part = await(verification.verify(after, 1));
      messages += part.messages();
      after = part.next();
      after.ifPresent(seen::add);
    } while (after.isPresent());
    assertThat(seen).containsExactlyInAnyOrderElementsOf(rows.inserted().keySet());
    assertThat(messages).isEqualTo(verified().messages());
  }

  private List<Item> listed(int limit) {
    var items = new ArrayList<Item>();
    for (var more = await(recoverable.list(ONE, 0, limit)); !more.isEmpty(); ) {
      assertThat(more).hasSizeLessThanOrEqualTo(limit);
      items.addAll(more);
      more = await(recoverable.list(ONE, items.getLast().id(), limit));
    }
    return items;
  }

  private static List<Item> withoutIds(List<Item> items) {
    return items.stream()
        .map(
            i ->
                new Item(
                    0, i.mailbox(), i.uid(), i.flags(), i.size(), i.internalDate(), i.removed()))
        .toList();
  }

  @Test
  @Order(5)
  void theSameMessagesAreRecoverable() {
    for (int limit : new int[] {1, 2, 5, 1_000}) {
      assertThat(withoutIds(listed(limit))).isEqualTo(rows.removed());
    }
    assertThat(await(recoverable.list(TWO, 0, 10))).isEmpty();
  }

  @Test
  @Order(6)
  void idsStayWhenOthersOfTheirRowAreRestored() {
    var before = listed(10);
    var some = List.of(before.get(1).id(), before.get(2).id(), before.get(6).id());
    var change = await(recoverable.restore(some, TARGET));
    assertThat(change.changed().size()).isEqualTo(3);
    assertThat(change.changed().uid(0)).isEqualTo(21);
    assertThat(change.changed().contents())
        .containsExactly(
            before.get(1).uid().value(), before.get(2).uid().value(), before.get(6).uid().value());
    var left = before.stream().filter(item -> !some.contains(item.id())).toList();
    for (int limit : new int[] {1, 2, 10}) {
      assertThat(listed(limit)).isEqualTo(left);
    }
    assertThat(await(recoverable.restore(some, TARGET)).changed().size()).isZero();
    var rest = left.stream().map(Item::id).toList();
    assertThat(await(recoverable.restore(rest, TARGET)).changed().size()).isEqualTo(rest.size());
    assertThat(listed(10)).isEmpty();
    assertThat(number("SELECT count(*) FROM recovery")).isZero();
    var loaded = await(new PgIndexReader(tx).load(TARGET));
    assertThat(loaded.messages().size()).isEqualTo(20 + before.size());
    assertThat(infos(loaded.messages()).subList(20, 27))
        .allSatisfy(m -> assertThat(m.saved()).isEqualTo(LATER))
        .allSatisfy(m -> assertThat(m.flags() & SystemFlag.DELETED.bit()).isZero());
    assertThat(verified().findings()).isEmpty();
  }

  private long number(String statement) {
    try (var asked = jdbc.createStatement();
        var rows = asked.executeQuery(statement)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Order(7)
  void onlyContentsWithoutAMessageAreSwept() {
    var sweeper = new Sweeper(tx, new PgBlobs(tx));
    long before = number("SELECT count(*) FROM content");
    await(sweeper.sweep(Duration.ofDays(1)));
    assertThat(number("SELECT count(*) FROM content")).isEqualTo(before);
    await(sweeper.sweep(Duration.ZERO));
    assertThat(number("SELECT count(*) FROM content")).isEqualTo(before - 1);
    assertThat(number("SELECT count(*) FROM content WHERE id = 1")).isZero();
    assertThat(number("SELECT count(*) FROM account_sweep")).isZero();
    var all = verified();
    assertThat(all.findings()).isEmpty();
    assertThat(all.unownedContents()).isZero();
  }

  @Test
  @Order(8)
  void whatIsDamagedIsFound() throws Exception {
    rows.sql(
        "UPDATE mailbox_page SET facts = set_byte(facts, 0, 9) WHERE mailbox = 4 AND page = 1");
    rows.sql("UPDATE mailbox_state SET unseen = unseen + 1 WHERE mailbox = 5");
    rows.sql("UPDATE mailbox_page SET mod_seq = 0 WHERE mailbox = 7 AND page = 0");
    rows.sql("UPDATE mailbox_state SET tail_flags = tail_flags || '\\x00' WHERE mailbox = 6");
    rows.sql("DELETE FROM content WHERE account = 2 AND id = ?", lastContent(TWO, 8));
    rows.sql("UPDATE mailbox_state SET keywords = '{}' WHERE mailbox = 9");
    rows.content(TWO, 2);
    var findings = verified().findings();
    var problems =
        findings.stream().map(f -> f.mailbox().mailbox().value() + " " + f.problem()).toList();
    assertThat(problems)
        .anySatisfy(p -> assertThat(p).startsWith("4 page 1: facts of format 9"))
        .anySatisfy(p -> assertThat(p).startsWith("5 unseen is "))
        .anySatisfy(p -> assertThat(p).startsWith("7 page 0: UID 5 has mod-sequence "))
        .anySatisfy(p -> assertThat(p).startsWith("6 tail: 513 octets of flags"))
        .anySatisfy(p -> assertThat(p).isEqualTo("8 page 0: 1 messages have no content"))
        .anySatisfy(p -> assertThat(p).contains("9 page 3: ").contains("does not know"))
        .anySatisfy(p -> assertThat(p).startsWith("7 the account has 1 contents without"));
    assertThat(findings.stream().map(f -> f.mailbox().mailbox().value()))
        .doesNotContain(2L, 3L, 10L);
  }

  private long lastContent(AccountId account, long mailbox) {
    var key = new MailboxKey(account, new MailboxId(mailbox));
    var messages = Objects.requireNonNull(rows.inserted().get(key));
    return messages.contents()[messages.size() - 1];
  }
}
