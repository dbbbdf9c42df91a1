package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cancellation.CancellationToken;
import io.postern.mime.OctetFacts;
import io.postern.model.Ids.ContentId;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.message.Flags;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.NewMessage;
import io.postern.store.account.AccessLists;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.Grants;
import io.postern.store.account.MailboxPlans;
import io.postern.store.account.Quotas;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.maintenance.Recoverable;
import io.postern.store.maintenance.UidValidities;
import io.postern.store.postgres.account.PgAccessLists;
import io.postern.store.postgres.account.PgAnnotations;
import io.postern.store.postgres.mailbox.PgMailboxes;
import io.postern.store.postgres.page.PageLayout;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PostgreSQL keeps the contract; and its own bounds. */
@QuarkusTest
class PgStoreIT extends StoreContract {
  private static final int MOST_MAILBOXES = 10_000;
  private static final int LOADED = 100_000;

  /** The server under test renews, too: every five seconds, what it finds. */
  private static final String RENEWAL_JOB = "uid-validity-renewal";

  @Inject PgPorts pg;

  @Inject Scheduler scheduler;

  @BeforeEach
  void pauseRenewals() {
    scheduler.pause(RENEWAL_JOB);
  }

  @AfterEach
  void resumeRenewals() {
    scheduler.resume(RENEWAL_JOB);
  }

  @Override
  protected Accounts accounts() {
    return pg.accounts;
  }

  @Override
  protected AppPasswords appPasswords() {
    return pg.appPasswords;
  }

  @Override
  protected DeletedAccounts deletedAccounts() {
    return pg.deletedAccounts;
  }

  @Override
  protected AccessLists lists() {
    return new PgAccessLists(pg.tx);
  }

  @Override
  protected Annotations annotations() {
    return new PgAnnotations(pg.tx);
  }

  @Override
  protected Quotas quotas() {
    return pg.quotas;
  }

  @Override
  protected MailboxPlans plans() {
    return pg.plans;
  }

  @Override
  protected UidValidities uidValidities() {
    return pg.uidValidities;
  }

  @Override
  protected Grants grants() {
    return pg.grants;
  }

  @Override
  protected Mailboxes mailboxes() {
    return pg.mailboxes;
  }

  @Override
  protected Mailboxes mailboxes(Mailboxes.Limits limits) {
    return new PgMailboxes(pg.tx, () -> limits);
  }

  @Override
  protected Messages messages() {
    return pg.messages;
  }

  @Override
  protected MaildropLocks locks() {
    return pg.locks;
  }

  @Override
  protected Recoverable recoverable() {
    return pg.recoverable;
  }

  @Override
  protected Blobs blobs() {
    return pg.blobs;
  }

  @Test
  void theMailboxLimitHoldsUnderConcurrency() {
    pg.sql(
        "INSERT INTO mailbox (account, id, name, uid_validity) SELECT $1, nextval('mailbox_id'),"
            + " 'm' || g, 1 FROM generate_series(1, $2) g",
        account.value(),
        MOST_MAILBOXES - names().size() - 2);
    create("a/b");
    assertThat(names()).hasSize(MOST_MAILBOXES);
    var full = new StoreFailure.LimitReached("mailboxes", MOST_MAILBOXES);
    assertThat(failureOf(mailboxes().create(account, name("c"), Optional.empty()))).isEqualTo(full);
    assertThat(failureOf(mailboxes().rename(account, name("a/b"), name("c/d")))).isEqualTo(full);
    await(mailboxes().rename(account, name("a/b"), name("c")));
    await(mailboxes().delete(account, name("c")));
    assertThat(failureOf(mailboxes().create(account, name("c/d"), Optional.empty())))
        .isEqualTo(full);
    create("d");
  }

  @Test
  void theLastUidIsAssignedAndNoneAfterIt() {
    pg.sql(
        "UPDATE mailbox_state SET uid_next = 4294967295,"
            + " tail_flags = decode(repeat('00', 16 * $3::int), 'hex'),"
            + " tail_facts = decode(repeat('00', 28 * $3::int), 'hex')"
            + " WHERE account = $1 AND mailbox = $2",
        account.value(),
        inbox.mailbox().value(),
        (int) (4_294_967_295L - PageLayout.tailStart(4_294_967_295L)));
    assertThat(uidsOf(fill(inbox, 1).changed())).containsExactly(4_294_967_295L);
    var more = List.of(SampleMessages.message("one too many"));
    assertThat(failureOf(messages().append(inbox, more)))
        .isInstanceOf(StoreFailure.LimitReached.class);
    assertThat(failureOf(messages().copy(inbox, uids(4_294_967_295L), inbox)))
        .isInstanceOf(StoreFailure.LimitReached.class);
    assertThat(state(inbox).exists()).isEqualTo(1);
  }

  @Test
  void aHundredThousandMessagesAreLoadedAtOnce() {
    pg.sql(
        "INSERT INTO mailbox_page (account, mailbox, page, mod_seq, flags, facts)"
            + " SELECT $1, $2, (u - 1) / 256, max(u), decode('0200'"
            + " || lpad(to_hex(count(*) - 1), 2, '0') || '880000000000000000', 'hex')"
            + " || string_agg(int8send(u % 32 << 1 | 1) || int8send(u), ''::bytea ORDER BY u),"
            + " decode('0100' || lpad(to_hex(count(*) - 1), 2, '0') || '00', 'hex')"
            + " || string_agg(int4send((1000 + u % 7)::int)"
            + " || int8send((1700000000 + u) << 12 | u % 120 + 2048) || int8send(1700000000)"
            + " || int8send(u), ''::bytea ORDER BY u)"
            + " FROM generate_series(1::bigint, $3::int) u GROUP BY (u - 1) / 256",
        account.value(), inbox.mailbox().value(), LOADED);
    var loaded = load(inbox);
    assertThat(loaded.messages().size()).isEqualTo(LOADED);
    var last = loaded.messages().info(LOADED - 1);
    assertThat(last.uid().value()).isEqualTo(LOADED);
    assertThat(last.internalDate().epochSecond()).isEqualTo(1_700_000_000L + LOADED);
    assertThat(last.internalDate().offsetMinutes()).isEqualTo(LOADED % 120);
    assertThat(last.size()).isEqualTo(1000 + LOADED % 7);
    assertThat(last.modSeq()).isEqualTo(new ModSeq(LOADED));
  }

  @Test
  void messagesOfADeletedMailboxAreDeleted() {
    var gone = create("gone");
    append(gone, SampleMessages.message("one", SystemFlag.DELETED), SampleMessages.message("two"));
    await(messages().expunge(gone, Optional.empty()));
    await(mailboxes().delete(account, name("gone")));
    for (var table : List.of("mailbox_page", "mailbox_state", "expunged")) {
      assertThat(
              pg.number(
                  "SELECT count(*) FROM " + table + " WHERE account = $1 AND mailbox = $2",
                  account.value(),
                  gone.mailbox().value()))
          .isZero();
    }
  }

  /** The version before knows neither how long a message is for POP3 nor whether it has NUL. */
  @Test
  void contentsOfThePreviousVersionAreMeasuredOnFirstUse() {
    var border = "x".repeat(Blobs.CHUNK - 1);
    var texts =
        List.of(
            "a\r\n",
            "a\n",
            "\\a\r\\\n\u00ff",
            "\0\n",
            border + "\r\n",
            border + "\n\r",
            border + "\r" + "\n".repeat(Blobs.CHUNK + 1),
            "\r\n\n".repeat(6 * 1024 * 1024),
            "\r\r\n");
    var expected = new HashMap<ContentId, OctetFacts>();
    for (var text : texts) {
      var staged = staged(Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1)));
      append(inbox, new NewMessage(staged, Flags.NONE, SampleMessages.CAME));
      expected.put(contentIds().getLast(), staged.facts().octets());
    }
    pg.sql("UPDATE content SET crlf_size = NULL, nul = NULL WHERE account = $1", account.value());
    for (var content :
        await(messages().contents(account, expected.keySet(), Columns.FACTS)).values()) {
      assertThat(content.facts().octets().crlfSize()).isEmpty();
      assertThat(content.facts().octets().nul()).isTrue();
    }
    var sizes = await(messages().crlfSizes(account));
    assertThat(sizes).hasSize(texts.size() - 3);
    for (var content :
        await(messages().contents(account, expected.keySet(), Columns.FACTS)).values()) {
      var octets = content.facts().octets();
      assertThat(octets).isEqualTo(expected.get(content.id()));
      long size = content.facts().size();
      assertThat(octets.crlfSize()).hasValue(sizes.getOrDefault(content.id(), size));
    }
  }

  /** So no POP3 login has to wait for it. */
  @Test
  void whatTheVersionBeforeWroteIsMeasuredInTheBackground() {
    append(inbox, new NewMessage(staged(Buffer.buffer("a\n")), Flags.NONE, SampleMessages.CAME));
    append(inbox, new NewMessage(staged(Buffer.buffer("b\r\n")), Flags.NONE, SampleMessages.CAME));
    var other =
        await(accounts().create("measured@example.test", Verifiers.of(new Secret("$none$"))));
    var theirs = await(mailboxes().find(other, MailboxName.INBOX)).orElseThrow().key();
    append(theirs, new NewMessage(staged(Buffer.buffer("c\n\n")), Flags.NONE, SampleMessages.CAME));
    var accounts = new Object[] {account.value(), other.value()};
    pg.sql("UPDATE content SET crlf_size = NULL WHERE account IN ($1, $2)", accounts);
    assertThat(await(pg.backfill.run())).isGreaterThanOrEqualTo(3);
    assertThat(unmeasured(accounts)).isZero();
    assertThat(await(messages().crlfSizes(account)).values()).containsExactly(3L);
    assertThat(await(messages().crlfSizes(other)).values()).containsExactly(5L);
    assertThat(await(pg.backfill.run())).isZero();
  }

  @Test
  void measuringEndsWithTheConnectionAndTheNextLoginMeasures() {
    append(inbox, new NewMessage(staged(Buffer.buffer("a\n")), Flags.NONE, SampleMessages.CAME));
    pg.sql("UPDATE content SET crlf_size = NULL WHERE account = $1", account.value());
    var token = new CancellationToken();
    token.cancel();
    var cancelled =
        messages()
            .crlfSizes(account)
            .subscribe()
            .withSubscriber(new UniAssertSubscriber<>(token.context(), false));
    cancelled.awaitFailure(Duration.ofSeconds(20)).assertFailedWith(CancellationException.class);
    assertThat(unmeasured(account.value(), account.value())).isOne();
    assertThat(await(messages().crlfSizes(account)).values()).containsExactly(3L);
    assertThat(unmeasured(account.value(), account.value())).isZero();
  }

  private long unmeasured(Object... accounts) {
    return pg.number(
        "SELECT count(*) FROM content WHERE crlf_size IS NULL AND account IN ($1, $2)", accounts);
  }

  private Staged staged(Buffer bytes) {
    var staging = new Staging(blobs());
    await(staging.write(bytes));
    return await(staging.finish());
  }
}
