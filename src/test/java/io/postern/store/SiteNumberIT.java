package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.store.postgres.schema.SiteNumber;
import io.smallrye.mutiny.Uni;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sites give different ids: the remainder of each, divided by 1,024, is the site's number. */
class SiteNumberIT {
  private static final List<String> SEQUENCES =
      List.of("account_id", "mailbox_id", "content_id", "recoverable_id");

  @TempDir static Path scratch;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static MigratedPostgres postgres;

  @BeforeAll
  static void start() throws Exception {
    postgres = new MigratedPostgres(Files.createDirectory(scratch.resolve("store")));
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.stop();
  }

  @BeforeEach
  void empty() {
    postgres.sql("DROP SCHEMA public CASCADE");
    postgres.sql("CREATE SCHEMA public");
    postgres.migrate("latest");
  }

  private int claim(int wanted) {
    return new SiteNumber(postgres.tx()).claim(wanted).await().atMost(Duration.ofSeconds(30));
  }

  private long next(String sequence) throws SQLException {
    return number("SELECT nextval('" + sequence + "')");
  }

  private long number(String sql) throws SQLException {
    try (var statement = postgres.jdbc().createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void idsAreConsecutiveWithoutANumber() throws Exception {
    for (var sequence : SEQUENCES) {
      assertThat(List.of(next(sequence), next(sequence))).containsExactly(1L, 2L);
    }
  }

  @Test
  void idsOfANewDatabaseBeginWithTheNumber() throws Exception {
    assertThat(claim(7)).isEqualTo(7);
    for (var sequence : SEQUENCES) {
      assertThat(List.of(next(sequence), next(sequence))).containsExactly(7L, 1031L);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1023})
  void idsOfADatabaseInUseGoOnBehindTheGreatest(int site) throws Exception {
    postgres.sql("SELECT setval('content_id', 5000)");
    claim(site);
    assertThat(next("content_id"))
        .isGreaterThan(5000)
        .isLessThanOrEqualTo(5000 + 1024)
        .satisfies(id -> assertThat(id % 1024).isEqualTo(site));
  }

  @Test
  void theNumberIsNotChangedByAnotherNode() throws Exception {
    claim(7);
    next("mailbox_id");
    assertThat(claim(8)).isEqualTo(7);
    assertThat(next("mailbox_id")).isEqualTo(1031);
  }

  @Test
  void aNodeWithAnotherNumberIsRefused() {
    claim(7);
    var number = new SiteNumber(postgres.tx());
    number.require(7).await().atMost(Duration.ofSeconds(30));
    assertThatThrownBy(() -> number.require(8).await().atMost(Duration.ofSeconds(30)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("mail.site.number is 8, but the database is that of the site with number 7");
  }

  @Test
  void aSequenceIsMovedBeyondIdsOfAnotherSite() throws Exception {
    claim(7);
    postgres.sql("SELECT stripe_sequence('content_id', 7, 999999)");
    assertThat(next("content_id")).isEqualTo(976 * 1024 + 1024 + 7);
    postgres.sql("SELECT stripe_sequence('content_id', 7, 5)");
    assertThat(next("content_id")).isEqualTo(978 * 1024 + 7);
  }

  /** Nodes that take ids while the number is set: none is given twice, and none goes back. */
  @Test
  void noIdIsGivenTwiceWhileTheNumberIsSet() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var takers = new ArrayList<Future<List<Long>>>();
      for (int i = 0; i < 3; i++) {
        takers.add(threads.submit(this::takeMany));
      }
      var claimed = Stream.of(3, 4, 5).map(wanted -> threads.submit(() -> claim(wanted))).toList();
      var numbers = new ArrayList<Integer>();
      for (var each : claimed) {
        numbers.add(each.get());
      }
      assertThat(numbers).hasSize(3).containsOnly(numbers.getFirst());
      var all = new ArrayList<Long>();
      for (var taker : takers) {
        var taken = taker.get();
        assertThat(taken).isSorted();
        all.addAll(taken);
      }
      assertThat(all).doesNotHaveDuplicates();
    }
  }

  private List<Long> takeMany() throws SQLException {
    var taken = new ArrayList<Long>();
    try (var own = postgres.connect();
        var statement = own.prepareStatement("SELECT nextval('content_id')")) {
      for (int i = 0; i < 300; i++) {
        try (var rows = statement.executeQuery()) {
          rows.next();
          taken.add(rows.getLong(1));
        }
      }
    }
    return taken;
  }

  @Test
  void aNumberOutOfBoundsIsRefused() {
    assertThat(failure(claimed(0))).isInstanceOf(StoreException.class);
    assertThat(failure(claimed(1024))).isInstanceOf(StoreException.class);
    assertThat(claim(1023)).isEqualTo(1023);
  }

  private Uni<Integer> claimed(int wanted) {
    return new SiteNumber(postgres.tx()).claim(wanted);
  }

  private static Throwable failure(Uni<Integer> claim) {
    return claim
        .map(done -> (Throwable) new AssertionError("claimed " + done))
        .onFailure(StoreException.class)
        .recoverWithItem(why -> why)
        .await()
        .atMost(Duration.ofSeconds(30));
  }
}
