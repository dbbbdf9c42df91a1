package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Appended;
import io.postern.store.Messages.NewMessage;
import io.postern.store.account.Quotas.Levels;
import io.postern.store.account.Quotas.Quota;
import io.postern.store.account.Quotas.Usage;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Quotas: usage is exact, and the last level holds. */
abstract class QuotasContract extends AnnotationsContract {
  private static final String TEXT = "quota";

  /** The octets of each message here. */
  private static final long SIZE = SampleMessages.text(TEXT).length();

  private Quota quota() {
    return await(quotas().of(account));
  }

  private void limit(Optional<Long> octets, Optional<Long> messages) {
    await(
        quotas()
            .set(account, _ -> new Levels(Optional.empty(), Optional.empty(), octets, messages)));
  }

  private Uni<Appended> append(String mailbox, int count, Flags flags) {
    var messages = new ArrayList<NewMessage>();
    for (int i = 0; i < count; i++) {
      var message = SampleMessages.message(TEXT);
      messages.add(new NewMessage(message.staged(), flags, message.internalDate()));
    }
    return messages()
        .append(new Destination.Named(account, name(mailbox), Optional.empty()), messages);
  }

  private void fits(String mailbox, int count) {
    await(append(mailbox, count, Flags.NONE));
  }

  private void refused(Uni<?> call) {
    var before = quota().usage();
    assertThat(failureOf(call)).isInstanceOf(StoreFailure.OverQuota.class);
    assertThat(quota().usage()).isEqualTo(before);
  }

  private void refused(String mailbox, int count) {
    refused(append(mailbox, count, Flags.NONE));
  }

  @Test
  void usageIsTheSumOfAllMailboxes() {
    assertThat(quota().usage()).isEqualTo(new Usage(0, 0));
    create("Work");
    fits("INBOX", 2);
    fits("Work", 3);
    assertThat(quota().usage().messages()).isEqualTo(5);
    assertThat(quota().usage().octets()).isEqualTo(5 * SIZE);
    await(mailboxes().delete(account, name("Work")));
    assertThat(quota().usage().octets()).isEqualTo(2 * SIZE);
  }

  @Test
  void levelsAreKeptAndAnAbsentOneIsNone() {
    assertThat(quota().own()).isEqualTo(Levels.NONE);
    var levels = new Levels(Optional.of(1L), Optional.of(2L), Optional.of(3L), Optional.of(4L));
    assertThat(await(quotas().set(account, _ -> levels)).inForce()).isEqualTo(levels);
    assertThat(quota().own()).isEqualTo(levels);
    await(
        quotas()
            .set(
                account,
                own ->
                    new Levels(
                        own.warning(), own.prohibitSend(), Optional.empty(), Optional.empty())));
    assertThat(quota().own().warning()).contains(1L);
    assertThat(quota().own().prohibitReceive()).isEmpty();
    assertThat(await(quotas().of(new AccountId(Long.MAX_VALUE))).own()).isEqualTo(Levels.NONE);
  }

  @Test
  void theLastOctetFitsAndNoOther() {
    create("Work");
    limit(Optional.of(3 * SIZE), Optional.empty());
    fits("INBOX", 1);
    fits("Work", 2);
    refused("INBOX", 1);
    refused("Work", 2);
    limit(Optional.of(4 * SIZE - 1), Optional.empty());
    refused("INBOX", 1);
    limit(Optional.of(4 * SIZE), Optional.empty());
    fits("INBOX", 1);
  }

  @Test
  void theLastMessageFitsAndNoOther() {
    limit(Optional.empty(), Optional.of(3L));
    fits("INBOX", 1);
    refused("INBOX", 3);
    fits("INBOX", 2);
    refused("INBOX", 1);
  }

  @Test
  void keywordsChangeNothing() {
    limit(Optional.of(SIZE), Optional.empty());
    var flags = Flags.of(List.of(), List.of("$new"));
    await(append("INBOX", 1, flags));
    refused(append("INBOX", 1, flags));
    refused(append("INBOX", 1, Flags.of(List.of(), List.of("$other"))));
  }

  @Test
  void copyIsRefusedAndMoveIsNot() {
    var work = create("Work");
    fits("INBOX", 2);
    await(append("INBOX", 1, Flags.of(List.of(), List.of("$new"))));
    limit(Optional.of(3 * SIZE), Optional.empty());
    refused(messages().copy(inbox, uids(1), named("Work")));
    refused(messages().copy(inbox, uids(3), new Destination.Keyed(work)));
    refused(messages().copy(inbox, uids(1), new Destination.Keyed(inbox)));
    await(messages().move(inbox, uids(1, 3), named("Work")));
    assertThat(quota().usage().octets()).isEqualTo(3 * SIZE);
    limit(Optional.of(4 * SIZE), Optional.empty());
    await(messages().copy(inbox, uids(2), named("Work")));
    assertThat(quota().usage().octets()).isEqualTo(4 * SIZE);
  }

  private Destination named(String mailbox) {
    return new Destination.Named(account, name(mailbox), Optional.empty());
  }

  @Test
  void whatIsExpungedMakesRoom() {
    limit(Optional.of(2 * SIZE), Optional.empty());
    fits("INBOX", 2);
    refused("INBOX", 1);
    store(inbox, uids(1), Mode.ADD, SystemFlag.DELETED);
    await(messages().expunge(inbox, Optional.empty()));
    fits("INBOX", 1);
  }

  /** No lock is shared by the mailboxes of an account. */
  @Test
  void usageIsExactUnderConcurrency() {
    var boxes = List.of("INBOX", "A", "B", "C");
    boxes.stream().skip(1).forEach(this::create);
    var calls = new ArrayList<Uni<Appended>>();
    for (int i = 0; i < 80; i++) {
      calls.add(append(boxes.get(i % boxes.size()), 1 + i % 3, Flags.NONE));
    }
    await(Uni.join().all(List.copyOf(calls)).andFailFast());
    long octets = 0;
    long messages = 0;
    for (var box : boxes) {
      MailboxKey key = key(box);
      octets += state(key).size();
      messages += state(key).exists();
    }
    assertThat(messages).isEqualTo(159);
    assertThat(octets).isEqualTo(159 * SIZE);
    assertThat(quota().usage().octets()).isEqualTo(octets);
    assertThat(quota().usage().messages()).isEqualTo(messages);
  }
}
