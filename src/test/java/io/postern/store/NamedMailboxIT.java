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
import io.postern.store.Destination.Named;
import io.postern.store.MaildropLocks.LockResult.Held;
import io.postern.store.Messages.Appended;
import io.postern.store.Messages.Copied;
import io.postern.store.Messages.NewMessage;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.mailbox.PgMailboxes;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMaildropLocks;
import io.postern.store.postgres.message.PgMessages;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that name a mailbox, on a node that has seen the name before: another node renames,
 * deletes or replaces the mailbox meanwhile, by statements that this node does not notice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamedMailboxIT {
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final AtomicLong ids = new AtomicLong();

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private MigratedPostgres database;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Tx tx;

  // Set by freshAccount(), before each test.
  @SuppressWarnings("NullAway.Init")
  private AccountId account;

  // Set by freshAccount(), before each test.
  @SuppressWarnings("NullAway.Init")
  private MailboxKey inbox;

  // Set by freshAccount(), before each test.
  @SuppressWarnings("NullAway.Init")
  private MailboxIndexes indexes;

  // Set by freshAccount(), before each test.
  @SuppressWarnings("NullAway.Init")
  private Messages messages;

  // Set by freshAccount(), before each test.
  @SuppressWarnings("NullAway.Init")
  private Mailboxes mailboxes;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    database = new MigratedPostgres(directory);
    tx = database.tx();
  }

  @AfterAll
  void stop() throws Exception {
    database.stop();
  }

  /** A node that knows nothing yet, and an account with an INBOX. */
  @BeforeEach
  void freshAccount() {
    account = new AccountId(ids.incrementAndGet());
    database.sql(
        "INSERT INTO account (id, name, verifier, enabled) VALUES ($1, $2, '', true)",
        account.value(),
        "u" + account.value());
    inbox = elsewhereCreated("INBOX");
    indexes = new MailboxIndexes(new PgIndexReader(tx), 1 << 26);
    messages = new PgMessages(tx, InstantSource.system(), indexes);
    mailboxes = new PgMailboxes(tx, () -> Mailboxes.Limits.DEFAULT);
  }

  @AfterEach
  void theStoreIsConsistent() {
    var verified = await(new PgStoreVerification(tx).verify(Optional.empty(), 100));
    assertThat(verified.findings()).isEmpty();
  }

  private MailboxKey elsewhereCreated(String name) {
    long id = ids.incrementAndGet();
    database.sql(
        "INSERT INTO mailbox (account, id, name, uid_validity) VALUES ($1, $2, $3, $2)",
        account.value(),
        id,
        name);
    database.sql(
        "INSERT INTO mailbox_state (account, mailbox, uid_validity, uid_next, mod_seq, messages,"
            + " unseen, size, first_recent, expunged_floor, keywords)"
            + " VALUES ($1, $2, $2, 1, 1, 0, 0, 0, 1, 0, '{}')",
        account.value(),
        id);
    return new MailboxKey(account, new MailboxId(id));
  }

  private void elsewhereRenamed(MailboxKey mailbox, String name) {
    database.sql(
        "UPDATE mailbox SET name = $3 WHERE account = $1 AND id = $2",
        account.value(),
        mailbox.mailbox().value(),
        name);
  }

  private void elsewhereDeleted(MailboxKey mailbox) {
    long id = mailbox.mailbox().value();
    database.sql("DELETE FROM mailbox WHERE account = $1 AND id = $2", account.value(), id);
    database.sql(
        "DELETE FROM mailbox_page WHERE account = $1 AND mailbox = $2", account.value(), id);
    database.sql("INSERT INTO account_sweep (account) VALUES ($1)", account.value());
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private static StoreFailure failureOf(Uni<?> call) {
    var thrown = catchThrowable(() -> await(call));
    assertThat(thrown).isInstanceOf(StoreException.class);
    return ((StoreException) thrown).failure();
  }

  private Named named(String name) {
    return new Named(account, new MailboxName(name), Optional.empty());
  }

  private static final NewMessage MESSAGE = SampleMessages.message("one");

  private Appended append(String name) {
    return await(messages.append(named(name), List.of(MESSAGE)));
  }

  private MailboxIndexes.Named opened(String name) {
    return await(indexes.current(account, new MailboxName(name))).orElseThrow();
  }

  private List<Long> uids(MailboxKey mailbox) {
    var loaded = await(messages.load(mailbox)).messages();
    return LongStream.range(0, loaded.size()).map(i -> loaded.uid((int) i)).boxed().toList();
  }

  /** The node knows the name, and the mailbox's index. */
  private MailboxKey known(String name) {
    var mailbox = elsewhereCreated(name);
    append(name);
    assertThat(opened(name).mailbox()).isEqualTo(mailbox);
    assertThat(indexes.lastNamed(account, new MailboxName(name))).contains(mailbox);
    return mailbox;
  }

  @Test
  void anIndexIsReadByName() {
    var plans = elsewhereCreated("Plans");
    assertThat(append("Plans").mailbox()).isEqualTo(plans);
    var first = opened("Plans");
    assertThat(first.mailbox()).isEqualTo(plans);
    assertThat(first.index().size()).isEqualTo(1);
    assertThat(opened("Plans").index()).isSameAs(first.index());
    await(new PgMessages(tx, InstantSource.system(), other()).append(named("Plans"), two()));
    assertThat(opened("Plans").index().size()).isEqualTo(3);
    assertThat(await(indexes.current(account, new MailboxName("Nowhere")))).isEmpty();
  }

  private MailboxIndexes other() {
    return new MailboxIndexes(new PgIndexReader(tx), 1 << 26);
  }

  private static List<NewMessage> two() {
    return Collections.nCopies(2, MESSAGE);
  }

  @Test
  void anIndexOfAnotherMailboxIsNotTakenForTheOneThatHasTheNameNow() {
    var plans = known("Plans");
    elsewhereRenamed(plans, "Ideas");
    assertThat(await(indexes.current(account, new MailboxName("Plans")))).isEmpty();
    var replaced = elsewhereCreated("Plans");
    assertThat(opened("Plans").mailbox()).isEqualTo(replaced);
    assertThat(opened("Plans").index().size()).isZero();
    assertThat(opened("Ideas").mailbox()).isEqualTo(plans);
    assertThat(opened("Ideas").index().size()).isEqualTo(1);
  }

  @Test
  void statusAndClaimsFollowTheName() {
    var plans = known("Plans");
    var name = new MailboxName("Plans");
    var status = await(mailboxes.status(account, name)).orElseThrow();
    assertThat(status.mailbox()).isEqualTo(plans);
    assertThat(status.state()).isEqualTo(await(mailboxes.state(plans)));
    elsewhereRenamed(plans, "Ideas");
    assertThat(await(mailboxes.status(account, name))).isEmpty();
    assertThat(await(mailboxes.claimRecent(account, name))).isEmpty();
    var claim = await(mailboxes.claimRecent(account, new MailboxName("Ideas"))).orElseThrow();
    assertThat(claim).isEqualTo(new Mailboxes.Claim(plans, NumberSet.of(1)));
    assertThat(await(mailboxes.claimRecent(plans))).isEqualTo(NumberSet.EMPTY);
  }

  @Test
  void anAppendGoesToTheMailboxThatHasTheNameNow() {
    var plans = known("Plans");
    elsewhereRenamed(plans, "Ideas");
    assertThat(failureOf(messages.append(named("Plans"), List.of(MESSAGE))))
        .isEqualTo(new StoreFailure.NoSuchMailbox(new MailboxName("Plans")));
    var replaced = elsewhereCreated("Plans");
    assertThat(append("Plans").mailbox()).isEqualTo(replaced);
    assertThat(append("Ideas").mailbox()).isEqualTo(plans);
    elsewhereDeleted(replaced);
    assertThat(failureOf(messages.append(named("Plans"), two())))
        .isEqualTo(new StoreFailure.NoSuchMailbox(new MailboxName("Plans")));
    var again = elsewhereCreated("Plans");
    assertThat(await(messages.append(named("Plans"), two())).mailbox()).isEqualTo(again);
    assertThat(uids(plans)).containsExactly(1L, 2L);
    assertThat(uids(again)).containsExactly(1L, 2L);
  }

  @Test
  void aKeywordIsAppendedByName() {
    var plans = known("Plans");
    var tagged = List.of(SampleMessages.tagged("two", "Work"));
    assertThat(await(messages.append(named("Plans"), tagged)).mailbox()).isEqualTo(plans);
    assertThat(await(messages.append(named("Plans"), tagged)).mailbox()).isEqualTo(plans);
    elsewhereRenamed(plans, "Ideas");
    var replaced = elsewhereCreated("Plans");
    assertThat(await(messages.append(named("Plans"), tagged)).mailbox()).isEqualTo(replaced);
    assertThat(await(messages.load(replaced)).keywords().names()).containsExactly("Work");
  }

  @Test
  void anAppendClaimsItsMessagesInTheSelectedMailboxOnly() {
    var plans = elsewhereCreated("Plans");
    var selected = new Named(account, new MailboxName("Plans"), Optional.of(plans));
    assertThat(await(messages.append(selected, two())).change().state().firstRecent()).isEqualTo(3);
    var one = await(messages.append(selected, List.of(MESSAGE)));
    assertThat(one.change().state().firstRecent()).isEqualTo(4);
    var other = new Named(account, new MailboxName("Plans"), Optional.of(inbox));
    assertThat(await(messages.append(other, List.of(MESSAGE))).change().state().firstRecent())
        .isEqualTo(4);
    // An unclaimed message is before it: only a claim of both is possible.
    assertThat(await(messages.append(selected, List.of(MESSAGE))).change().state().firstRecent())
        .isEqualTo(4);
    assertThat(await(mailboxes.claimRecent(plans))).isEqualTo(NumberSet.range(4, 5));
  }

  @Test
  void aCopyGoesToTheMailboxThatHasTheNameNow() {
    fill(40);
    var plans = known("Plans");
    elsewhereRenamed(plans, "Ideas");
    assertThat(failureOf(messages.copy(inbox, NumberSet.of(1), named("Plans"))))
        .isEqualTo(new StoreFailure.NoSuchMailbox(new MailboxName("Plans")));
    var replaced = elsewhereCreated("Plans");
    var copied = copy("Plans", 1, 40);
    assertThat(copied.mailbox()).isEqualTo(replaced);
    assertThat(copied.to()).isEqualTo(NumberSet.range(1, 40));
    assertThat(copy("Plans", 3, 5).to()).isEqualTo(NumberSet.range(41, 43));
    assertThat(copy("Ideas", 7, 7).mailbox()).isEqualTo(plans);
    assertThat(opened("Plans").index().size()).isEqualTo(43);
    assertThat(opened("Plans").index().flags(2)).isEqualTo(SystemFlag.FLAGGED.bit());
    elsewhereDeleted(replaced);
    assertThat(failureOf(messages.move(inbox, NumberSet.of(1), named("Plans"))))
        .isEqualTo(new StoreFailure.NoSuchMailbox(new MailboxName("Plans")));
    assertThat(uids(inbox)).hasSize(40);
    assertThat(uids(plans)).containsExactly(1L, 2L);
  }

  private void fill(int count) {
    await(messages.append(inbox, Collections.nCopies(count, MESSAGE)));
    await(indexes.current(inbox));
    var flagged = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.FLAGGED));
    await(messages.storeFlags(inbox, NumberSet.of(3), flagged));
  }

  private Copied copy(String name, long first, long last) {
    return await(messages.copy(inbox, NumberSet.range(first, last), named(name)));
  }

  @Test
  void aMoveGoesToTheMailboxThatHasTheNameNow() {
    fill(300);
    var plans = known("Plans");
    elsewhereRenamed(plans, "Ideas");
    var replaced = elsewhereCreated("Plans");
    var moved = await(messages.move(inbox, NumberSet.range(2, 11), named("Plans")));
    assertThat(moved.mailbox()).isEqualTo(replaced);
    assertThat(moved.from()).isEqualTo(NumberSet.range(2, 11));
    assertThat(moved.to()).isEqualTo(NumberSet.range(1, 10));
    assertThat(await(indexes.current(inbox)).size()).isEqualTo(290);
    assertThat(uids(inbox)).hasSize(290).startsWith(1L, 12L);
    // More than are added blindly.
    assertThat(await(messages.move(inbox, NumberSet.range(12, 300), named("Plans"))).to())
        .isEqualTo(NumberSet.range(11, 299));
    assertThat(uids(replaced)).hasSize(299);
    assertThat(uids(inbox)).containsExactly(1L);
  }

  @Test
  void aMailboxIsCopiedAndMovedToItself() {
    fill(5);
    assertThat(copy("INBOX", 1, 2).to()).isEqualTo(NumberSet.range(6, 7));
    assertThat(await(messages.move(inbox, NumberSet.range(1, 2), named("INBOX"))).to())
        .isEqualTo(NumberSet.range(8, 9));
    assertThat(uids(inbox)).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(await(indexes.current(inbox)).size()).isEqualTo(7);
  }

  @Test
  void aMaildropIsUpdatedFromAnOldIndexToo() {
    var locks = new PgMaildropLocks(tx);
    fill(40);
    var first =
        ((Held) await(locks.acquire(inbox.account(), MailboxName.INBOX, LEASE, Duration.ZERO)))
            .lock();
    assertThat(await(messages.update(first, NumberSet.range(1, 35))).orElseThrow().gone())
        .isEqualTo(NumberSet.range(1, 35));
    // It is released, and gives no right any more.
    assertThat(await(messages.update(first, NumberSet.of(36)))).isEmpty();
    var second =
        ((Held) await(locks.acquire(inbox.account(), MailboxName.INBOX, LEASE, Duration.ZERO)))
            .lock();
    assertThat(await(messages.update(first, NumberSet.of(36)))).isEmpty();
    await(new PgMessages(tx, InstantSource.system(), other()).append(inbox, two()));
    assertThat(await(messages.update(second, NumberSet.range(36, 40)))).isPresent();
    assertThat(uids(inbox)).containsExactly(41L, 42L);
    assertThat(await(indexes.current(inbox)).size()).isEqualTo(2);
    assertThat(await(locks.acquire(inbox.account(), MailboxName.INBOX, LEASE, Duration.ZERO)))
        .isInstanceOf(Held.class);
  }

  @Test
  void aCopyFromAnOldIndexHasWhatIsThereNow() {
    fill(3);
    elsewhereCreated("Plans");
    var elsewhere = new PgMessages(tx, InstantSource.system(), other());
    var seen = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.SEEN));
    await(elsewhere.storeFlags(inbox, NumberSet.of(1), seen));
    await(elsewhere.expunge(inbox, Optional.empty()));
    assertThat(copy("Plans", 1, 3).to()).isEqualTo(NumberSet.range(1, 3));
    assertThat(opened("Plans").index().flags(0)).isEqualTo(SystemFlag.SEEN.bit());
  }
}
