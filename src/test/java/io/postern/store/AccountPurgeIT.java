package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.Rights;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.NewMessage;
import io.postern.store.account.AccessLists;
import io.postern.store.account.Accounts;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.postgres.account.AccountPurge;
import io.postern.store.postgres.account.AccountPurge.Progress;
import io.postern.store.postgres.account.PgAccessLists;
import io.postern.store.postgres.account.PgAnnotations;
import io.postern.store.postgres.page.PageLayout;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A deleted account is kept for its retention, and deleted from all tables afterwards. */
@QuarkusTest
class AccountPurgeIT extends StorePorts {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Secret SECRET = new Secret("$none$");

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

  private AccountPurge purge() {
    return new AccountPurge(pg.tx);
  }

  /** Something of all that an account may hold. */
  private String furnish(int messages) {
    fill(inbox, messages);
    create("a/b");
    await(messages().copy(inbox, uids(1), key("a/b")));
    store(inbox, uids(2), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.of(uids(2))));
    await(mailboxes().delete(account, name("Archive")));
    var content = load(inbox).messages().info(0).content();
    await(pg.indexedTexts.store(account, Map.of(content, IndexedText.UNKNOWN)));
    await(pg.appPasswords.add(account, "phone", SECRET));
    await(pg.locks.acquire(account, MailboxName.INBOX, HOUR, Duration.ZERO));
    var other = await(accounts().create(freshName(), Verifiers.of(SECRET)));
    await(pg.grants.grant(account, other));
    await(pg.grants.grant(other, account));
    await(pg.quotas.set(account, own -> own));
    share(inbox, other);
    share(await(mailboxes().find(other, MailboxName.INBOX)).orElseThrow().key(), account);
    pg.sql("INSERT INTO access_grant_elsewhere VALUES ($1, 'far@example.test')", account.value());
    pg.sql(
        "INSERT INTO mailbox_access_elsewhere SELECT account, id, 'far@example.test', 1"
            + " FROM mailbox WHERE account = $1",
        account.value());
    pg.sql(
        "INSERT INTO annotation_elsewhere VALUES ($1, NULL, 'far@example.test', '/private/a', 'x')",
        account.value());
    pg.sql(
        "INSERT INTO account_arrival (account, move, attempt, origin, epoch)"
            + " VALUES ($1, gen_random_uuid(), 1, 'west', 1)",
        account.value());
    return accountName;
  }

  /** Another account has a right to a mailbox, and an annotation of its own there. */
  private void share(MailboxKey mailbox, AccountId with) {
    var name =
        pg.sql("SELECT name FROM account WHERE id = $1", with.value()).getFirst().getString(0);
    await(new PgAccessLists(pg.tx).change(mailbox, name, AccessLists.Mode.ADD, Rights.ALL, 1));
    await(
        new PgAnnotations(pg.tx)
            .set(
                new Annotations.Subject(mailbox.account(), Optional.of(mailbox.mailbox())),
                with,
                Map.of("/private/comment", Optional.of(Buffer.buffer("mine"))),
                new Annotations.Limits(1, Integer.MAX_VALUE)));
  }

  private void delete() {
    assertThat(await(pg.deletedAccounts.delete(account, _ -> {}))).isPresent();
  }

  /** How many rows of each table belong to an account, whatever tables there are. */
  private Map<String, Long> rows(AccountId of) {
    var rows = new TreeMap<String, Long>();
    pg.sql(
            "SELECT table_name, column_name FROM information_schema.columns"
                + " WHERE table_schema = current_schema()"
                + " AND column_name IN ('account', 'owner', 'delegate', 'grantee', 'viewer')")
        .forEach(
            row -> {
              var table = row.getString(0);
              var column = row.getString(1);
              rows.put(
                  table + "." + column,
                  pg.number(
                      "SELECT count(*) FROM " + table + " WHERE " + column + " = $1", of.value()));
            });
    rows.put("account.id", pg.number("SELECT count(*) FROM account WHERE id = $1", of.value()));
    return rows;
  }

  @Test
  void anAccountIsKeptDuringItsRetention() {
    // More than a tail has, so that there is a page.
    var name = furnish(PageLayout.BLOCK + 8);
    var before = rows(account);
    assertThat(before.values()).doesNotContain(0L);
    delete();
    await(purge().purge(HOUR));
    assertThat(rows(account)).isEqualTo(before);
    assertThat(await(pg.deletedAccounts.restore(name))).isTrue();
    assertThat(state(inbox).exists()).isEqualTo(PageLayout.BLOCK + 7);
  }

  @Test
  void afterItsRetentionAnAccountIsDeletedFromAllTablesWithItsBlobs() {
    furnish(3);
    var content = load(inbox).messages().info(0).content();
    var blob =
        await(messages().contents(account, java.util.List.of(content), Columns.FACTS))
            .values()
            .stream()
            .map(Messages.Content::blob)
            .findFirst()
            .orElseThrow();
    delete();
    assertThat(await(purge().purge(Duration.ZERO))).isPositive();
    assertThat(rows(account).values()).containsOnly(0L);
    await(pg.sweeper.sweep(Duration.ZERO));
    assertThat(pg.number("SELECT count(*) FROM blob_chunk WHERE blob = $1", blob.value())).isZero();
  }

  @Test
  void anInterruptedPurgeResumes() {
    await(purge().purge(Duration.ZERO));
    var name = furnish(700);
    delete();
    int transactions = 0;
    for (var done = Progress.ROWS; done == Progress.ROWS; transactions++) {
      // Each time by a node that knows nothing of those before.
      done = await(purge().batch(Duration.ZERO));
      assertThat(await(pg.deletedAccounts.restore(name))).isFalse();
      if (done == Progress.ROWS) {
        assertThat(await(pg.deletedAccounts.find(name)).orElseThrow().purging()).isTrue();
        assertThat(failureOf(accounts().create(name, Verifiers.of(SECRET))))
            .isEqualTo(new StoreFailure.AccountDeleted(name));
      }
    }
    assertThat(transactions).isGreaterThan(10);
    assertThat(rows(account).values()).containsOnly(0L);
    assertThat(await(purge().batch(Duration.ZERO))).isEqualTo(Progress.NOTHING);
    assertThat(await(accounts().create(name, Verifiers.of(SECRET)))).isNotEqualTo(account);
  }

  @Test
  void concurrentPurgesComplete() {
    furnish(700);
    delete();
    var all = Uni.join().all(purge().purge(Duration.ZERO), purge().purge(Duration.ZERO));
    await(all.andFailFast());
    await(purge().purge(Duration.ZERO));
    assertThat(rows(account).values()).containsOnly(0L);
  }

  @Test
  void aBlobSharedWithAnotherAccountIsKept() {
    var blob = BlobId.random();
    await(blobs().write(blob, 0, Buffer.buffer("shared")));
    var staged =
        new Staged(new Staged.Bytes.Stored(blob), SampleMessages.facts(SampleMessages.text("x")));
    var message = new NewMessage(staged, Flags.NONE, SampleMessages.CAME);
    append(inbox, message);
    delete();
    freshAccount();
    append(inbox, message);
    await(purge().purge(Duration.ZERO));
    await(pg.sweeper.sweep(Duration.ZERO));
    await(pg.sweeper.sweep(Duration.ZERO));
    assertThat(pg.number("SELECT count(*) FROM blob_chunk WHERE blob = $1", blob.value()))
        .isEqualTo(1);
  }
}
