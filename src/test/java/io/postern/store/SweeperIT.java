package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.NewMessage;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.Accounts;
import io.postern.store.account.MailboxPlan;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Quotas;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Unreferenced data is deleted after the grace period; all else is kept. */
@QuarkusTest
class SweeperIT extends StorePorts {
  private static final Duration HOUR = Duration.ofHours(1);

  @Inject PgPorts pg;

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

  @Test
  void theContentOfARemovedMessageIsDeletedAfterTheGracePeriod() {
    fill(inbox, 2);
    var kept = content(inbox, 1);
    var gone = content(inbox, 0);
    var blob = blobOf(gone).orElseThrow();
    expunge(1);
    await(pg.sweeper.sweep(HOUR));
    assertThat(blobOf(gone)).contains(blob);
    sweepAll();
    assertThat(blobOf(gone)).isEmpty();
    assertThat(chunks(blob)).isZero();
    assertThat(blobOf(kept)).isPresent();
    assertThat(chunks(blobOf(kept).orElseThrow())).isEqualTo(1);
  }

  @Test
  void aCopyKeepsTheContent() {
    fill(inbox, 1);
    var content = content(inbox, 0);
    await(messages().copy(inbox, uids(1), key("Archive")));
    expunge(1);
    sweepAll();
    assertThat(blobOf(content)).isPresent();
    await(mailboxes().delete(account, name("Archive")));
    sweepAll();
    assertThat(blobOf(content)).isEmpty();
  }

  @Test
  void anUnusedUploadIsDeletedAfterTheGracePeriod() {
    var left = uploaded();
    var taken = uploaded();
    var staged =
        new Staged(new Staged.Bytes.Stored(taken), SampleMessages.facts(SampleMessages.text("x")));
    append(inbox, new NewMessage(staged, Flags.NONE, SampleMessages.CAME));
    await(pg.sweeper.sweep(HOUR));
    assertThat(chunks(left)).isEqualTo(2);
    sweepAll();
    assertThat(chunks(left)).isZero();
    assertThat(chunks(taken)).isEqualTo(2);
  }

  @Test
  void aBlobSharedByTwoAccountsIsKeptForTheOther() {
    var shared = uploaded();
    var staged =
        new Staged(new Staged.Bytes.Stored(shared), SampleMessages.facts(SampleMessages.text("x")));
    var message = new NewMessage(staged, Flags.of(SystemFlag.DELETED), SampleMessages.CAME);
    append(inbox, message);
    var mine = account;
    var mineInbox = inbox;
    freshAccount();
    append(inbox, message);
    await(messages().expunge(mineInbox, Optional.empty()));
    sweepAll();
    assertThat(await(messages().load(mineInbox)).state().exists()).isZero();
    assertThat(mine).isNotEqualTo(account);
    assertThat(chunks(shared)).isEqualTo(2);
    await(messages().expunge(inbox, Optional.empty()));
    sweepAll();
    assertThat(chunks(shared)).isZero();
  }

  @Test
  void aPrunedLogReturnsAllMissingUids() {
    fill(inbox, 5);
    var first = state(inbox).highestModSeq();
    expunge(2);
    var second = state(inbox).highestModSeq();
    await(pg.sweeper.prune(HOUR));
    assertThat(gone(first)).isEqualTo(uids(2));
    assertThat(await(pg.sweeper.prune(Duration.ZERO))).isPositive();
    assertThat(pg.number("SELECT count(*) FROM expunged WHERE account = $1", account.value()))
        .isZero();
    expunge(4);
    assertThat(gone(ModSeq.FIRST)).isEqualTo(uids(2, 4));
    assertThat(gone(first)).isEqualTo(uids(2, 4));
    assertThat(gone(second)).isEqualTo(uids(4));
    assertThat(gone(state(inbox).highestModSeq())).isEqualTo(NumberSet.EMPTY);
  }

  @Test
  void recoverableMessagesKeepTheirContent() {
    fill(inbox, 1);
    var content = content(inbox, 0);
    expunge(1);
    await(pg.sweeper.deleteRecoverable(HOUR));
    await(pg.sweeper.sweep(Duration.ZERO));
    await(pg.sweeper.sweep(Duration.ZERO));
    assertThat(blobOf(content)).isPresent();
    var kept = await(pg.recoverable.list(account, 0, 10));
    await(pg.recoverable.restore(List.of(kept.getFirst().id()), inbox));
    sweepAll();
    assertThat(blobOf(content)).isPresent();
    expunge(2);
    sweepAll();
    assertThat(blobOf(content)).isEmpty();
  }

  /** The removal of the only expunged message of the account, so many days ago. */
  private boolean isKept(int daysAgo, Duration retention) {
    pg.sql(
        "UPDATE recovery SET removed = now() - $2::int * interval '1 day' WHERE account = $1",
        account.value(),
        daysAgo);
    await(pg.sweeper.deleteRecoverable(retention));
    return !await(pg.recoverable.list(account, 0, 10)).isEmpty();
  }

  @Test
  void theRetentionOfAnAccountOrItsPlanTakesThePlaceOfTheSetting() {
    fill(inbox, 2);
    expunge(1);
    var week = Duration.ofDays(7);
    var plan =
        new MailboxPlan(
            "kept" + account.value(),
            false,
            true,
            true,
            ProtocolOptions.DEFAULTS,
            Quotas.Levels.NONE,
            Optional.of(30));
    await(pg.plans.put(plan, _ -> {}));
    await(accounts().change(account, it -> it.withPlan(Optional.of(plan.name()))));
    assertThat(isKept(29, week)).isTrue();
    await(accounts().change(account, it -> days(it, 3)));
    assertThat(isKept(2, Duration.ofDays(1))).isTrue();
    assertThat(isKept(4, week)).isFalse();
    await(accounts().change(account, it -> it.withPlan(Optional.empty())));
    expunge(2);
    await(accounts().change(account, _ -> AccountSettings.OF_NEW));
    assertThat(isKept(6, week)).isTrue();
    assertThat(isKept(8, week)).isFalse();
  }

  private static AccountSettings days(AccountSettings before, int days) {
    return new AccountSettings(
        before.enabled(),
        before.administrator(),
        before.imap(),
        before.pop(),
        Optional.of(days),
        before.plan());
  }

  private NumberSet gone(ModSeq since) {
    return await(messages().changesSince(inbox, since)).gone();
  }

  private void expunge(long uid) {
    store(inbox, uids(uid), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.of(uids(uid))));
  }

  /** Twice: a blob is deleted in the sweep after that of its content. */
  private void sweepAll() {
    await(pg.sweeper.deleteRecoverable(Duration.ZERO));
    await(pg.sweeper.sweep(Duration.ZERO));
    await(pg.sweeper.sweep(Duration.ZERO));
  }

  private BlobId uploaded() {
    var blob = BlobId.random();
    await(blobs().write(blob, 0, Buffer.buffer(new byte[Blobs.CHUNK])));
    await(blobs().write(blob, 1, Buffer.buffer("end")));
    return blob;
  }

  private ContentId content(MailboxKey mailbox, int at) {
    return load(mailbox).messages().info(at).content();
  }

  private Optional<BlobId> blobOf(ContentId content) {
    return await(messages().contents(account, List.of(content), Columns.FACTS)).values().stream()
        .map(Messages.Content::blob)
        .findFirst();
  }

  private long chunks(BlobId blob) {
    return pg.number("SELECT count(*) FROM blob_chunk WHERE blob = $1", blob.value());
  }
}
