package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.UidValidity;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a renewal of UIDVALIDITY must do. */
abstract class UidValiditiesContract extends MailboxPlansContract {
  private Map<MailboxName, UidValidity> validities() {
    return await(mailboxes().list(account)).stream()
        .collect(Collectors.toMap(MailboxInfo::name, MailboxInfo::uidValidity));
  }

  private static long greatest(Map<MailboxName, UidValidity> validities) {
    return validities.values().stream().mapToLong(UidValidity::value).max().orElseThrow();
  }

  /** Batches are taken until a renewal is finished. */
  private void finish() {
    for (var next = await(uidValidities().next());
        next.isPresent();
        next = await(uidValidities().next())) {
      await(uidValidities().complete(next.get()));
    }
  }

  @Test
  void aRenewalGivesEachMailboxAGreaterValidityThanAllBefore() {
    fill(inbox, 2);
    create("made/below");
    await(mailboxes().delete(account, name("Archive")));
    var before = validities();
    var state = state(inbox);
    assertThat(await(uidValidities().renew(account))).isEqualTo(before.size());
    var after = validities();
    assertThat(after.keySet()).isEqualTo(before.keySet());
    assertThat(after.values()).doesNotHaveDuplicates();
    assertThat(after.values()).allMatch(it -> it.value() > greatest(before));
    assertThat(state(inbox).uidValidity()).isEqualTo(after.get(MailboxName.INBOX));
    assertThat(state(inbox).uidNext()).isEqualTo(state.uidNext());
    assertThat(uidsOf(load(inbox).messages())).containsExactly(1L, 2L);
    assertThat(append(inbox, SampleMessages.message("next")).state().uidValidity())
        .isEqualTo(after.get(MailboxName.INBOX));
    var made = await(mailboxes().create(account, name("new"), Optional.empty()));
    assertThat(made.uidValidity().value()).isGreaterThan(greatest(after));
    await(uidValidities().renew(account));
    assertThat(validities().values()).allMatch(it -> it.value() > made.uidValidity().value());
  }

  @Test
  void aRenewalOfAllAccountsIsCreatedOnceAndReachesEachAccount() {
    finish();
    var mine = accountName;
    var before = validities();
    var asked = await(uidValidities().renewAll()).orElseThrow();
    assertThat(asked.finished()).isEmpty();
    assertThat(asked.accounts()).isPositive();
    assertThat(await(uidValidities().renewAll())).isEmpty();
    boolean named = false;
    for (var next = await(uidValidities().next());
        next.isPresent();
        next = await(uidValidities().next())) {
      named |= next.get().names().contains(mine);
      await(uidValidities().complete(next.get()));
    }
    assertThat(named).isTrue();
    assertThat(validities().values()).allMatch(it -> it.value() > greatest(before));
    var done = await(uidValidities().find(asked.id())).orElseThrow();
    assertThat(done.finished()).isPresent();
    assertThat(done.accountsRenewed()).isEqualTo(done.accounts());
    assertThat(done.mailboxesRenewed()).isGreaterThanOrEqualTo(before.size());
    assertThat(await(uidValidities().list(asked.id() - 1, 10))).contains(done);
    assertThat(await(uidValidities().list(asked.id(), 10))).doesNotContain(done);
  }

  @Test
  void anUnfinishedBatchIsReturnedAgainAndRenewedOnce() {
    finish();
    var asked = await(uidValidities().renewAll()).orElseThrow();
    var first = await(uidValidities().next()).orElseThrow();
    var renewed = await(uidValidities().find(asked.id())).orElseThrow();
    assertThat(renewed.accountsRenewed()).isPositive();
    // As another node finds it after the first was killed.
    assertThat(await(uidValidities().next())).contains(first);
    assertThat(await(uidValidities().find(asked.id()))).contains(renewed);
    await(uidValidities().complete(first));
    finish();
    assertThat(await(uidValidities().find(asked.id())).orElseThrow().finished()).isPresent();
    assertThat(await(uidValidities().renewAll())).isPresent();
    finish();
  }
}
