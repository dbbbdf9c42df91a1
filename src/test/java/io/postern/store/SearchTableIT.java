package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages.HeaderColumns;
import io.postern.store.Messages.StoredHeader;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.PgBlobs;
import io.postern.store.postgres.PgIndexedTexts;
import io.postern.store.postgres.Sweeper;
import io.postern.store.postgres.content.HeaderRows;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMessages;
import io.postern.store.postgres.schema.Schema;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of what SEARCH keeps: the migration beside the version before, which neither writes nor
 * deletes its rows; what is stored and read; how the statements run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchTableIT {
  private static final AccountId ONE = new AccountId(1);
  private static final AccountId TWO = new AccountId(2);
  private static final int CONTENTS = 20_000;
  private static final HeaderColumns ALL = new HeaderColumns(true, true, true);

  /** As the version before deletes contents. */
  private static final String DELETE_CONTENT = "DELETE FROM content WHERE account = 1 AND id = ";

  private static final String FILL =
      "INSERT INTO content (account, id, blob, size, envelope, body, body_structure, header, parts)"
          + " SELECT %d, g, gen_random_uuid(), 10, '', '', '', 'Subject: s', ''"
          + " FROM generate_series(%d, %d) g";

  private MigratedPostgres database;
  private Connection jdbc;
  private Tx tx;
  private IndexedTexts texts;
  private Messages messages;

  @BeforeAll
  void migrateWhatTheVersionBeforeFilled(@TempDir Path directory) throws Exception {
    database = new MigratedPostgres(directory, "008", 1);
    jdbc = database.jdbc();
    tx = database.tx();
    sql("INSERT INTO account (id, name, verifier, enabled) VALUES (1, 'a', '', true)");
    sql("INSERT INTO account (id, name, verifier, enabled) VALUES (2, 'b', '', true)");
    sql(FILL.formatted(1, 1, CONTENTS));
    database.migrate("009");
    sql(FILL.formatted(2, 1, 5));
    database.migrate(Schema.NEWEST);
    texts = new PgIndexedTexts(tx);
    messages =
        new PgMessages(tx, InstantSource.system(), new MailboxIndexes(new PgIndexReader(tx), 1));
  }

  @BeforeEach
  void noTexts() {
    sql("DELETE FROM content_search");
  }

  @AfterAll
  void close() throws Exception {
    database.stop();
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(60));
  }

  private void sql(String statement) {
    try (var asked = jdbc.createStatement()) {
      asked.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  private List<String> lines(String query) {
    try (var asked = jdbc.createStatement();
        var rows = asked.executeQuery(query)) {
      var lines = new ArrayList<String>();
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
      return lines;
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private static List<ContentId> ids(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(ContentId::new).toList();
  }

  private static IndexedText text(int octets) {
    return new IndexedText(
        Optional.of(ByteBuffer.wrap(new byte[] {8, 0, 1, 's'})),
        Optional.of(ByteBuffer.allocate(octets)));
  }

  private void store(AccountId account, IndexedText text, long first, long last) {
    var all = new HashMap<ContentId, IndexedText>();
    ids(first, last).forEach(id -> all.put(id, text));
    await(texts.store(account, all));
  }

  private Map<ContentId, StoredHeader> read(AccountId account, long first, long last) {
    return await(messages.headers(account, ids(first, last), ALL));
  }

  private static StoredHeader of(Map<ContentId, StoredHeader> read, long id) {
    return Optional.ofNullable(read.get(new ContentId(id))).orElseThrow();
  }

  @Test
  void contentsOfTheVersionBeforeAreNotIndexedAndTheirHeadersAreRead() {
    assertThat(read(ONE, 1, 10).values())
        .hasSize(10)
        .allSatisfy(it -> assertThat(it.indexed()).isEmpty())
        .allSatisfy(it -> assertThat(it.header()).hasToString("Optional[Subject: s]"));
  }

  @Test
  void whatIsStoredIsReadAgain() {
    store(ONE, text(8192), 1, 3);
    store(ONE, IndexedText.UNKNOWN, 4, 4);
    store(ONE, text(32), 3, 5);
    var read = read(ONE, 1, 6);
    assertThat(of(read, 1).indexed()).contains(text(8192));
    assertThat(of(read, 3).indexed()).as("the first stays").contains(text(8192));
    assertThat(of(read, 4).indexed()).contains(IndexedText.UNKNOWN);
    assertThat(of(read, 4).header()).isPresent();
    assertThat(of(read, 5).header()).isEmpty();
    assertThat(of(read, 6).indexed()).isEmpty();
    assertThat(read(TWO, 1, 6).values()).allSatisfy(it -> assertThat(it.indexed()).isEmpty());
    var signatures = new HeaderColumns(false, true, false);
    assertThat(await(messages.headers(ONE, ids(5, 5), signatures)).values())
        .allSatisfy(
            it ->
                assertThat(it.indexed())
                    .contains(new IndexedText(Optional.empty(), text(32).signature())));
  }

  @Test
  void contentsThatAreGoneAreLeftOut() {
    store(TWO, text(32), 1, 50);
    assertThat(lines("SELECT count(*) FROM content_search WHERE account = 2")).containsExactly("5");
  }

  @Test
  void anotherFormatIsUnknownAndTheNewerOneStays() {
    store(TWO, text(32), 1, 3);
    sql("UPDATE content_search SET format = format - 1 WHERE content = 1");
    sql("UPDATE content_search SET format = format + 1 WHERE content = 2");
    assertThat(
            read(TWO, 1, 3).entrySet().stream().filter(it -> it.getValue().indexed().isPresent()))
        .extracting(it -> it.getKey().value())
        .containsExactly(3L);
    store(TWO, text(64), 1, 3);
    assertThat(
            lines(
                "SELECT format - " + IndexedText.FORMAT + " FROM content_search ORDER BY content"))
        .containsExactly("0", "1", "0");
    assertThat(of(read(TWO, 1, 1), 1).indexed()).contains(text(64));
  }

  @Test
  void aContentThatTheVersionBeforeDeletesTakesItsTextAlong() {
    store(ONE, text(32), 100, 101);
    sql(DELETE_CONTENT + 100);
    assertThat(lines("SELECT content FROM content_search")).containsExactly("101");
    assertThat(read(ONE, 100, 101)).containsOnlyKeys(new ContentId(101));
  }

  @Test
  void theSweeperRemovesTheTextsOfContentsWithoutAMessage() {
    store(TWO, text(32), 1, 5);
    sql("INSERT INTO account_sweep (account, since) VALUES (2, now() - interval '2 days')");
    await(new Sweeper(tx, new PgBlobs(tx)).sweep(Duration.ofDays(1)));
    assertThat(lines("SELECT content FROM content_search WHERE account = 2")).isEmpty();
    sql(FILL.formatted(2, 1, 5));
  }

  /** Seven times: after five PostgreSQL may choose a plan for all arguments. */
  @Test
  void readsAndWritesLookUpWhatTheyName() {
    for (int n = 0; n < CONTENTS / 1_000; n++) {
      store(ONE, text(32), 1 + n * 1_000L, (n + 1) * 1_000L);
    }
    for (var statistics : List.of("", "ANALYZE content_search", "ANALYZE content")) {
      if (!statistics.isEmpty()) {
        sql(statistics);
      }
      long before = scanned();
      for (int n = 0; n < 7; n++) {
        assertThat(read(ONE, 1 + n * 512L, (n + 1) * 512L)).hasSizeGreaterThan(500);
        store(ONE, text(32), 1 + n * 64L, (n + 1) * 64L);
      }
      assertThat(scanned() - before).as("sequential scans after: " + statistics).isZero();
    }
    assertThat(String.join("\n", lines("EXPLAIN (COSTS off) " + read(HeaderRows.reading(ALL)))))
        .contains("Index Scan using content_search_pkey")
        .doesNotContain("Seq Scan");
  }

  private static String read(String statement) {
    return statement.replace("$1", "1").replace("$2", "'{1,2,3}'");
  }

  /** Sequential scans so far, after both connections have said what they did. */
  private long scanned() {
    var flush = "SELECT pg_stat_force_next_flush()";
    sql(flush);
    database.pool().query(flush).execute().toCompletionStage().toCompletableFuture().join();
    return lines(
            "SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables"
                + " WHERE relname IN ('content', 'content_search')")
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }
}
