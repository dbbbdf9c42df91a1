package io.postern.store;

import static io.postern.store.RowsOfVersion7.ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.schema.Schema;
import io.postern.store.postgres.schema.Schema.Progress;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The migration to pages goes on behind the last mailbox, whatever ended it. */
class PageMigrationResumedIT {
  /** Converted first: of one account, ascending; the other account comes after it. */
  private static final MailboxKey CHANGED = new MailboxKey(ONE, new MailboxId(4));

  /** How many come before mailbox 9. */
  private static final int BEFORE = 6;

  private static final String WAITING =
      "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname ="
          + " current_database()";

  /** The mailbox in the middle waits for an advisory lock. */
  private static final String HELD =
      "CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
          + " PERFORM pg_advisory_xact_lock(16); RETURN NEW; END $$";

  private static final String HOLD =
      "CREATE TRIGGER held BEFORE UPDATE ON mailbox_state FOR EACH ROW WHEN (NEW.mailbox = 9)"
          + " EXECUTE FUNCTION held()";

  private static final String PAGES_OF_5 =
      "SELECT min(xmin::text::bigint) FROM mailbox_page WHERE mailbox = 5";

  private static final String HISTORY =
      "SELECT count(*) FROM flyway_schema_history WHERE version = '008' AND success";

  private MigratedPostgres database;
  private RowsOfVersion7 rows;
  private Connection jdbc;

  @BeforeEach
  void fill(@TempDir Path directory) throws Exception {
    database = new MigratedPostgres(directory, "007", 2);
    jdbc = database.jdbc();
    rows = new RowsOfVersion7(jdbc);
    rows.fill();
  }

  @AfterEach
  void stop() throws Exception {
    database.stop();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private long number(String query) throws SQLException {
    try (var statement = jdbc.createStatement();
        var found = statement.executeQuery(query)) {
      return found.next() ? found.getLong(1) : 0;
    }
  }

  private Optional<Progress> progress() {
    return await(new Schema(database.tx()).progress());
  }

  /** Ends the migration's connection while it waits for the mailbox in the middle. */
  private void endedHalfWay() throws Exception {
    try (var holder = database.connect()) {
      rows.sql(HELD);
      rows.sql(HOLD);
      holder.createStatement().execute("SELECT pg_advisory_lock(16)");
      var migrating = CompletableFuture.runAsync(() -> database.migrate("008"));
      long pid = number(WAITING);
      while (pid == 0) {
        assertThat(migrating).isNotDone();
        pid = number(WAITING);
      }
      assertThat(progress()).contains(new Progress(BEFORE, rows.inserted().size()));
      assertThat(progress().orElseThrow()).hasToString("6 of 10 mailboxes converted to pages");
      number("SELECT pg_terminate_backend(" + pid + ")::int");
      assertThatThrownBy(() -> migrating.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(FlywayException.class);
      rows.sql("DROP TRIGGER held ON mailbox_state");
    }
  }

  private void assertMigrated() {
    var reader = new PgIndexReader(database.tx());
    rows.inserted()
        .forEach(
            (mailbox, expected) -> {
              var loaded = await(reader.load(mailbox)).messages();
              assertThat(Arrays.toString(loaded.uids()))
                  .isEqualTo(Arrays.toString(expected.uids()));
              assertThat(loaded.contents()).isEqualTo(expected.contents());
              assertThat(loaded.flags()).isEqualTo(expected.flags());
            });
    assertThat(
            await(new PgStoreVerification(database.tx()).verify(Optional.empty(), 100)).findings())
        .isEmpty();
    assertThat(progress()).isEmpty();
  }

  @Test
  void whatIsConvertedStaysConverted() throws Exception {
    endedHalfWay();
    assertThat(number(HISTORY)).isZero();
    long before = number(PAGES_OF_5);
    database.migrate("latest");
    assertThat(number(HISTORY)).isOne();
    assertThat(number(PAGES_OF_5)).isEqualTo(before);
    assertMigrated();
  }

  /** The version before may be started again in between. */
  @Test
  void aMailboxThatChangedMeanwhileIsConvertedAgain() throws Exception {
    endedHalfWay();
    var messages = Objects.requireNonNull(rows.inserted().get(CHANGED));
    long gone = messages.uid(messages.size() - 1);
    int unseen = (messages.flags()[messages.size() - 1] & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
    rows.sql(
        "UPDATE mailbox_state SET mod_seq = mod_seq + 1, messages = messages - 1,"
            + " unseen = unseen - ?, size = size - ? WHERE mailbox = 4",
        unseen,
        messages.sizes()[messages.size() - 1]);
    rows.sql("DELETE FROM message WHERE mailbox = 4 AND uid = ?", gone);
    rows.sql("DELETE FROM content WHERE id = ?", messages.contents()[messages.size() - 1]);
    rows.sql("DELETE FROM mailbox_state WHERE mailbox = 6");
    rows.sql("DELETE FROM message WHERE mailbox = 6");
    var left = new MessageColumns.Builder(messages.size());
    for (int i = 0; i < messages.size() - 1; i++) {
      left.add(messages.info(i));
    }
    rows.inserted().put(CHANGED, left.build());
    rows.inserted().remove(new MailboxKey(ONE, new MailboxId(6)));
    rows.sql("INSERT INTO content_unowned (account, content) VALUES (1, 1)");
    database.migrate("latest");
    assertMigrated();
  }

  /** Killed after its last statement, and before Flyway recorded it. */
  @Test
  void aMigrationThatWasNotRecordedIsRepeated() throws Exception {
    database.migrate("008");
    rows.sql("DELETE FROM flyway_schema_history WHERE version = '008'");
    database.migrate("latest");
    assertMigrated();
  }

  /** Otherwise a database that has it, or the version before, would refuse the other. */
  @Test
  void itsChecksumIsThatOfItsEarlierForm() throws Exception {
    database.migrate("009");
    assertThat(number("SELECT checksum FROM flyway_schema_history WHERE version = '008'"))
        .isEqualTo(-883_549_258);
    database.migrate("latest");
    assertMigrated();
  }
}
