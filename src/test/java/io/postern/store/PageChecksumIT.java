package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.StoreFailure.Damaged;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMessages;
import io.smallrye.mutiny.Uni;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Checksums of pages, in a database that the version before writes, too, and knows none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageChecksumIT {
  private static final MailboxKey MAILBOX = new MailboxKey(new AccountId(1), new MailboxId(1));
  private static final FlagsUpdate SEEN = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.SEEN));

  /** A message, as the version before appends it. */
  private static final String APPEND =
      "UPDATE mailbox_state SET uid_next = uid_next + 1, mod_seq = mod_seq + 1,"
          + " messages = messages + 1, unseen = unseen + 1, size = size + 7,"
          + " tail_flags = tail_flags || int8send(1) || int8send(mod_seq + 1),"
          + " tail_facts = tail_facts || int4send(7) || int8send(6144) || int8send(1)"
          + " || int8send((SELECT min(id) FROM content)) WHERE account = 1 AND mailbox = 1";

  /** The same when the tail is full: it is appended to its page. */
  private static final String FOLD =
      "WITH p AS (INSERT INTO mailbox_page AS f (account, mailbox, page, mod_seq, flags, facts)"
          + " SELECT 1, mailbox, ((uid_next - 2) / 256)::int, mod_seq,"
          + " decode('02' || lpad(to_hex((uid_next - 33) % 256), 2, '0')"
          + " || '1f880000000000000000', 'hex') || tail_flags,"
          + " decode('01' || lpad(to_hex((uid_next - 33) % 256), 2, '0') || '1f00', 'hex')"
          + " || tail_facts FROM mailbox_state WHERE account = 1 AND mailbox = 1"
          + " ON CONFLICT (account, mailbox, page) DO UPDATE SET flags = f.flags"
          + " || excluded.flags, facts = f.facts || excluded.facts,"
          + " mod_seq = excluded.mod_seq + 1)"
          + APPEND
              .replace("tail_flags || int8send(1)", "int8send(1)")
              .replace("tail_facts || int4send(7)", "int4send(7)");

  private static final String FLIP =
      "UPDATE mailbox_state SET tail_facts = set_byte(tail_facts, 9, get_byte(tail_facts, 9) # 1)";

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private MigratedPostgres database;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    database = new MigratedPostgres(directory);
    database.sql("INSERT INTO account (id, name, verifier, enabled) VALUES (1, 'u', '', true)");
    database.sql("INSERT INTO mailbox (account, id, name, uid_validity) VALUES (1, 1, 'm', 1)");
    database.sql(
        "INSERT INTO mailbox_state (account, mailbox, uid_validity, uid_next, mod_seq, messages,"
            + " unseen, size, first_recent, expunged_floor, keywords)"
            + " VALUES (1, 1, 1, 1, 1, 0, 0, 0, 1, 0, '{}')");
  }

  @AfterAll
  void stop() throws Exception {
    database.stop();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private MailboxIndex stored() {
    return MailboxIndex.of(await(new PgIndexReader(database.tx()).load(MAILBOX)));
  }

  private void assertVerified() {
    var verified = await(new PgStoreVerification(database.tx()).verify(Optional.empty(), 10));
    assertThat(verified.findings()).isEmpty();
  }

  @Test
  void whatTheVersionBeforeWritesIsReadAndChangedOn() {
    var indexes = new MailboxIndexes(new PgIndexReader(database.tx()), 1 << 26);
    var messages = new PgMessages(database.tx(), InstantSource.system(), indexes);
    var one = SampleMessages.message("one");
    await(messages.append(MAILBOX, Collections.nCopies(360, one)));
    do {
      database.sql(APPEND);
    } while ((stored().uidNext() - 1) % 32 != 0);
    database.sql(FOLD);
    assertVerified();
    assertThat(await(indexes.current(MAILBOX)).size()).isEqualTo(stored().size()).isEqualTo(385);
    await(messages.append(MAILBOX, List.of(one)));
    await(messages.storeFlags(MAILBOX, NumberSet.range(200, 400), SEEN));
    await(messages.append(MAILBOX, Collections.nCopies(40, one)));
    assertVerified();
    var changes = await(messages.changesSince(MAILBOX, ModSeq.FIRST));
    assertThat(changes.changed().size()).isEqualTo(426).isEqualTo(changes.state().exists());
    database.sql(FLIP);
    var refused = catchThrowable(() -> await(messages.append(MAILBOX, List.of(one))));
    assertThat(((StoreException) refused).failure()).isInstanceOf(Damaged.class);
  }

  /** Before PostgreSQL 18, which has one of its own. */
  @Test
  void theMigrationsChecksumIsThatOfPostgreSql() throws Exception {
    var migration =
        Files.readString(Path.of("src/main/resources/db/migration/V011__page_checksums.sql"));
    var made = Pattern.compile("CREATE FUNCTION (crc32c.*?\\$crc\\$;)", Pattern.DOTALL);
    var found = made.matcher(migration);
    assertThat(found.find()).isTrue();
    try (var statement = database.jdbc().createStatement()) {
      statement.execute("CREATE FUNCTION pg_temp." + found.group(1));
      var compared =
          statement.executeQuery(
              "SELECT count(*), bool_and(pg_temp.crc32c(o) = pg_catalog.crc32c(o)) FROM"
                  + " (SELECT substring(sha512(int4send(n)) FROM 1 FOR n) AS o"
                  + " FROM generate_series(0, 64) n) s");
      assertThat(compared.next()).isTrue();
      assertThat(compared.getInt(1)).isEqualTo(65);
      assertThat(compared.getBoolean(2)).isTrue();
    }
  }
}
