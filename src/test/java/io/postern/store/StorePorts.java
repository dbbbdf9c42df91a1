package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Loaded;
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
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;

/** The ports under test, an account of its own for each test, and short words for what is done. */
abstract class StorePorts {
  protected AccountId account = new AccountId(1);

  /** The login name of {@link #account}. */
  protected String accountName = "";

  protected MailboxKey inbox = new MailboxKey(account, new MailboxId(1));

  protected abstract Accounts accounts();

  protected abstract Mailboxes mailboxes();

  /** The mailboxes with other bounds; only the contract's own tests need them. */
  protected Mailboxes mailboxes(Mailboxes.Limits limits) {
    throw new UnsupportedOperationException();
  }

  protected abstract Messages messages();

  protected abstract Blobs blobs();

  /** The app passwords; only the contract's own tests need them. */
  protected AppPasswords appPasswords() {
    throw new UnsupportedOperationException();
  }

  /** The deleted accounts; only the contract's own tests need them. */
  protected DeletedAccounts deletedAccounts() {
    throw new UnsupportedOperationException();
  }

  /** The mailbox plans; only the contract's own tests need them. */
  protected MailboxPlans plans() {
    throw new UnsupportedOperationException();
  }

  /** The renewals of UIDVALIDITY; only the contract's own tests need them. */
  protected UidValidities uidValidities() {
    throw new UnsupportedOperationException();
  }

  /** The grants; only the contract's own tests need them. */
  protected Grants grants() {
    throw new UnsupportedOperationException();
  }

  /** The access control lists; only the contract's own tests need them. */
  protected AccessLists lists() {
    throw new UnsupportedOperationException();
  }

  /** The annotations; only the contract's own tests need them. */
  protected Annotations annotations() {
    throw new UnsupportedOperationException();
  }

  /** The quotas; only the contract's own tests need them. */
  protected Quotas quotas() {
    throw new UnsupportedOperationException();
  }

  /** The locks; only the contract's own tests need them. */
  protected MaildropLocks locks() {
    throw new UnsupportedOperationException();
  }

  /** What was removed; only the contract's own tests need it. */
  protected Recoverable recoverable() {
    throw new UnsupportedOperationException();
  }

  /** The result of a call; a failure is thrown. */
  protected <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(30));
  }

  @BeforeEach
  void freshAccount() {
    accountName = freshName();
    account = await(accounts().create(accountName, Verifiers.of(new Secret("$none$"))));
    inbox = key("INBOX");
  }

  static String freshName() {
    return "u" + UUID.randomUUID() + "@example.test";
  }

  static MailboxName name(String name) {
    return new MailboxName(name);
  }

  static NumberSet uids(long... uids) {
    return NumberSet.of(LongStream.of(uids));
  }

  StoreFailure failureOf(Uni<?> call) {
    var thrown = catchThrowable(() -> await(call));
    assertThat(thrown).isInstanceOf(StoreException.class);
    return ((StoreException) thrown).failure();
  }

  MailboxInfo info(String name) {
    return await(mailboxes().find(account, name(name))).orElseThrow();
  }

  MailboxKey key(String name) {
    return info(name).key();
  }

  MailboxKey create(String name) {
    return await(mailboxes().create(account, name(name), Optional.empty())).key();
  }

  List<String> names() {
    return await(mailboxes().list(account)).stream().map(i -> i.name().value()).toList();
  }

  MailboxState state(MailboxKey mailbox) {
    return await(mailboxes().state(mailbox));
  }

  Loaded load(MailboxKey mailbox) {
    return await(messages().load(mailbox));
  }

  Changed append(MailboxKey mailbox, NewMessage... messages) {
    return await(messages().append(mailbox, Arrays.asList(messages)));
  }

  /** Appends that number of messages without flags. */
  Changed fill(MailboxKey mailbox, int count) {
    return await(
        messages()
            .append(
                mailbox,
                IntStream.rangeClosed(1, count)
                    .mapToObj(i -> SampleMessages.message("number " + i))
                    .toList()));
  }

  Changed store(MailboxKey mailbox, NumberSet uids, Mode mode, SystemFlag... flags) {
    var update = new FlagsUpdate(mode, Flags.of(flags));
    return await(messages().storeFlags(mailbox, uids, update));
  }

  Changed storeKeywords(MailboxKey mailbox, NumberSet uids, Mode mode, String... keywords) {
    var update = new FlagsUpdate(mode, Flags.of(List.of(), Arrays.asList(keywords)));
    return await(messages().storeFlags(mailbox, uids, update));
  }

  /** The flags of a message as it is stored now. */
  Flags flags(MailboxKey mailbox, long uid) {
    var loaded = load(mailbox);
    return loaded.keywords().unpack(loaded.messages().flags()[position(loaded, uid)]);
  }

  static int position(Loaded loaded, long uid) {
    return IntStream.range(0, loaded.messages().size())
        .filter(i -> loaded.messages().uid(i) == uid)
        .findFirst()
        .orElseThrow();
  }

  static List<Long> uidsOf(MessageColumns columns) {
    return IntStream.range(0, columns.size()).mapToObj(columns::uid).toList();
  }

  /** The change moved nothing. */
  static void assertNothingChanged(Changed change) {
    assertThat(change.modSeq()).isEqualTo(change.previous());
    assertThat(change.state().highestModSeq()).isEqualTo(change.previous());
    assertThat(change.changed().size()).isZero();
    assertThat(change.gone()).isEqualTo(NumberSet.EMPTY);
  }

  /** The change followed the one before without a gap, and stands in the mailbox's state. */
  static void assertFollows(MailboxState before, Changed change) {
    assertThat(change.previous()).isEqualTo(before.highestModSeq());
    assertThat(change.modSeq().isAfter(change.previous())).isTrue();
    assertThat(change.state().highestModSeq()).isEqualTo(change.modSeq());
    assertThat(change.changed().modSeqs()).containsOnly(change.modSeq().value());
  }
}
