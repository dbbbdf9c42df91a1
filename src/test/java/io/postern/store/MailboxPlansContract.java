package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.CalendarFormat;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.model.MimeFormat;
import io.postern.model.RetrievalOptions;
import io.postern.store.account.Access;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.MailboxPlan;
import io.postern.store.account.MailboxPlans.Deletion;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Quotas.Levels;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What mailbox plans must do. */
abstract class MailboxPlansContract extends AccountsContract {
  private static final Verifiers VERIFIERS = Verifiers.of(new Secret("$none$"));
  private static final RetrievalOptions TEXT =
      new RetrievalOptions(false, MimeFormat.TEXT_ONLY, CalendarFormat.CUSTOM, true, true);
  private static final Levels LEVELS =
      new Levels(Optional.of(1L), Optional.of(2L), Optional.of(3_000_000L), Optional.of(2L));

  /** Of a test, with a value in every field. */
  private final MailboxPlan plan =
      new MailboxPlan(
          "p" + UUID.randomUUID(),
          false,
          false,
          true,
          ProtocolOptions.DEFAULTS.with(MailProtocol.IMAP, TEXT),
          LEVELS,
          Optional.of(3));

  private Optional<MailboxPlan> put(MailboxPlan now) {
    return await(plans().put(now, _ -> {}));
  }

  private Account ofPlan() {
    put(plan);
    return await(accounts().change(account, it -> it.withPlan(Optional.of(plan.name()))))
        .orElseThrow();
  }

  private Account found() {
    return await(accounts().find(accountName)).orElseThrow();
  }

  @Test
  void aPlanIsCreatedReplacedListedAndDeleted() {
    assertThat(put(plan)).isEmpty();
    assertThat(await(plans().find(plan.name()))).contains(plan);
    var second = MailboxPlan.of(plan.name() + "x");
    assertThat(put(second)).isEmpty();
    assertThat(await(plans().page(plan.name(), 1))).containsExactly(second);
    var other = MailboxPlan.of(plan.name());
    assertThat(put(other)).contains(plan);
    assertThat(await(plans().find(plan.name()))).contains(other);
    assertThat(await(plans().delete(plan.name(), _ -> {}))).isEqualTo(Deletion.DONE);
    assertThat(await(plans().delete(plan.name(), _ -> {}))).isEqualTo(Deletion.UNKNOWN);
    assertThat(await(plans().find(plan.name()))).isEmpty();
  }

  @Test
  void aRefusedChangeChangesNothing() {
    put(plan);
    var refusal = new StoreException(new StoreFailure.NotPermitted("no"));
    var other = MailboxPlan.of(plan.name());
    assertThat(
            failureOf(
                plans()
                    .put(
                        other,
                        before -> {
                          assertThat(before).contains(plan);
                          throw refusal;
                        })))
        .isEqualTo(refusal.failure());
    assertThatThrownBy(
            () ->
                await(
                    plans()
                        .delete(
                            plan.name(),
                            _ -> {
                              throw refusal;
                            })))
        .isEqualTo(refusal);
    assertThat(await(plans().find(plan.name()))).contains(plan);
  }

  @Test
  void aPlanAppliesWhereAnAccountHasNoValueOfItsOwn() {
    assertThat(ofPlan()).isEqualTo(found());
    assertThat(found().access()).isEqualTo(new Access(true, false, false, true));
    assertThat(found().options()).isEqualTo(plan.options());
    assertThat(found().deletedItemDays()).contains(3);
    await(accounts().change(account, it -> it.withImap(true).withPop(false)));
    var own = new RetrievalOptions(false, MimeFormat.TNEF, CalendarFormat.CUSTOM, false, false);
    await(accounts().setOptions(account, it -> it.with(MailProtocol.IMAP, own)));
    assertThat(found().access()).isEqualTo(new Access(true, false, true, false));
    assertThat(found().options().imap()).isEqualTo(own);
    assertThat(await(accounts().page("", Integer.MAX_VALUE))).contains(found());
  }

  @Test
  void aChangedPlanAppliesAtOnce() {
    ofPlan();
    put(MailboxPlan.of(plan.name()));
    assertThat(found().access()).isEqualTo(Access.OF_NEW);
    assertThat(found().options()).isEqualTo(ProtocolOptions.DEFAULTS);
    assertThat(found().deletedItemDays()).isEmpty();
    await(accounts().change(account, it -> it.withPlan(Optional.empty())));
    put(plan);
    assertThat(found().access()).isEqualTo(Access.OF_NEW);
  }

  @Test
  void theQuotaOfAPlanHoldsWhereAnAccountHasNoneOfItsOwn() {
    ofPlan();
    assertThat(await(quotas().of(account)).own()).isEqualTo(Levels.NONE);
    assertThat(await(quotas().of(account)).inForce()).isEqualTo(LEVELS);
    fill(inbox, 2);
    assertThat(failureOf(messages().append(inbox, List.of(SampleMessages.message("x")))))
        .isEqualTo(new StoreFailure.OverQuota(LEVELS.prohibitReceive(), LEVELS.messages()));
    var own = new Levels(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(3L));
    assertThat(await(quotas().set(account, _ -> own)).inForce()).isEqualTo(own.or(LEVELS));
    fill(inbox, 1);
  }

  @Test
  void aPlanThatAccountsHaveIsNotDeleted() {
    ofPlan();
    assertThat(await(plans().delete(plan.name(), _ -> {}))).isEqualTo(Deletion.IN_USE);
    await(deletedAccounts().delete(account, _ -> {}));
    assertThat(await(plans().delete(plan.name(), _ -> {}))).isEqualTo(Deletion.IN_USE);
    await(deletedAccounts().restore(accountName));
    assertThat(found().settings().plan()).contains(plan.name());
    await(accounts().change(account, it -> it.withPlan(Optional.empty())));
    assertThat(await(plans().delete(plan.name(), _ -> {}))).isEqualTo(Deletion.DONE);
  }

  @Test
  void anUnknownPlanIsRefused() {
    var unknown = Optional.of(plan.name());
    var refusal = new StoreFailure.NotPermitted("There is no mailbox plan \"" + plan.name() + "\"");
    assertThat(failureOf(accounts().change(account, it -> it.withPlan(unknown))))
        .isEqualTo(refusal);
    assertThat(failureOf(accounts().create(freshName(), VERIFIERS, unknown))).isEqualTo(refusal);
    assertThat(found().settings()).isEqualTo(AccountSettings.OF_NEW);
  }

  @Test
  void newAccountsGetTheDefaultPlan() {
    var other = MailboxPlan.of(plan.name() + "x").withByDefault(true);
    try {
      put(plan.withByDefault(true));
      assertThat(planOf(Optional.empty())).contains(plan.name());
      put(other);
      assertThat(await(plans().find(plan.name()))).contains(plan);
      assertThat(planOf(Optional.empty())).contains(other.name());
      assertThat(planOf(Optional.of(plan.name()))).contains(plan.name());
    } finally {
      put(plan);
      put(other.withByDefault(false));
    }
    assertThat(planOf(Optional.empty())).isEmpty();
  }

  private Optional<String> planOf(Optional<String> named) {
    var name = freshName();
    AccountId id = await(accounts().create(name, VERIFIERS, named));
    var made = await(accounts().find(name)).orElseThrow();
    assertThat(made.id()).isEqualTo(id);
    assertThat(made.plan().map(MailboxPlan::name)).isEqualTo(made.settings().plan());
    return made.settings().plan();
  }
}
