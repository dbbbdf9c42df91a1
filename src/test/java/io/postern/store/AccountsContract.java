package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.CalendarFormat;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.model.MimeFormat;
import io.postern.model.RetrievalOptions;
import io.postern.store.account.Access;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What accounts, their app passwords and grants must do. */
abstract class AccountsContract extends QuotasContract {
  private static final Verifiers ONE = new Verifiers(new Secret("$one$"), Optional.empty());
  private static final Verifiers TWO =
      new Verifiers(new Secret("$two$"), Optional.of(new Secret("SCRAM-SHA-256$2")));
  private static final AccountId NO_ACCOUNT = new AccountId(999_999_999);

  private Account account(String name) {
    return await(accounts().find(name)).orElseThrow();
  }

  @Test
  void anAccountIsFoundInAnyCase() {
    var name = freshName();
    var id = await(accounts().create(name.toUpperCase(Locale.ROOT), TWO));
    var found = await(accounts().find(name.replace('u', 'U'))).orElseThrow();
    assertThat(found).isEqualTo(new Account(id, name, TWO, Access.OF_NEW));
    assertThat(await(accounts().find(freshName()))).isEmpty();
  }

  @Test
  void optionsAreKeptForEachProtocol() {
    var name = freshName();
    var id = await(accounts().create(name, ONE));
    assertThat(account(name).options()).isEqualTo(ProtocolOptions.DEFAULTS);
    for (var format : MimeFormat.values()) {
      for (var calendar : CalendarFormat.values()) {
        var changed = new RetrievalOptions(false, format, calendar, true, true);
        await(accounts().setOptions(id, options -> options.with(MailProtocol.IMAP, changed)));
        assertThat(account(name).options())
            .isEqualTo(new ProtocolOptions(changed, RetrievalOptions.DEFAULTS));
      }
    }
    var pop = new RetrievalOptions(true, MimeFormat.TNEF, CalendarFormat.CUSTOM, false, true);
    var both = await(accounts().setOptions(id, options -> options.with(MailProtocol.POP3, pop)));
    assertThat(both.orElseThrow().options().pop()).isEqualTo(pop);
    await(accounts().setVerifiers(id, TWO));
    await(accounts().change(id, access -> access.withPop(false)));
    assertThat(account(name).options()).isEqualTo(both.orElseThrow().options());
    assertThat(await(accounts().setOptions(NO_ACCOUNT, options -> options))).isEmpty();
  }

  @Test
  void anAccountIsCreatedOnce() {
    var name = freshName();
    await(accounts().create(name, ONE));
    assertThat(failureOf(accounts().create(name.toUpperCase(Locale.ROOT), TWO)))
        .isEqualTo(new StoreFailure.AccountExists(name));
    assertThat(account(name).verifiers()).isEqualTo(ONE);
  }

  @Test
  void allVerifiersAreReplaced() {
    var name = freshName();
    var id = await(accounts().create(name, ONE));
    await(accounts().setVerifiers(id, TWO));
    assertThat(account(name).verifiers()).isEqualTo(TWO);
    await(accounts().setVerifiers(id, ONE));
    assertThat(account(name).verifiers()).isEqualTo(ONE);
  }

  @Test
  void verifiersAreUpgradedOnlyIfThePasswordIsUnchanged() {
    var name = freshName();
    var id = await(accounts().create(name, ONE));
    assertThat(await(accounts().upgradeVerifiers(id, new Secret("$other$"), TWO))).isFalse();
    assertThat(account(name).verifiers()).isEqualTo(ONE);
    assertThat(await(accounts().upgradeVerifiers(id, ONE.password(), TWO))).isTrue();
    assertThat(account(name).verifiers()).isEqualTo(TWO);
  }

  @Test
  void rightsAreChangedOneByOne() {
    var name = freshName();
    var id = await(accounts().create(name, ONE));
    assertThat(await(accounts().change(id, a -> a.withPop(false))).orElseThrow().access())
        .isEqualTo(new Access(true, false, true, false));
    await(accounts().change(id, a -> a.withImap(false)));
    await(accounts().change(id, a -> a.withAdministrator(true)));
    await(accounts().change(id, a -> a.withEnabled(false)));
    assertThat(account(name).access()).isEqualTo(new Access(false, true, false, false));
    assertThat(account(name).verifiers()).isEqualTo(ONE);
    assertThat(await(accounts().change(NO_ACCOUNT, a -> a.withPop(false)))).isEmpty();
  }

  @Test
  void accountsAreListedByPage() {
    var prefix = freshName();
    var names = List.of("1" + prefix, "2" + prefix, "3" + prefix);
    names.forEach(name -> await(accounts().create(name, ONE)));
    assertThat(await(accounts().page("1" + prefix, 1)))
        .singleElement()
        .satisfies(a -> assertThat(a.name()).isGreaterThan("1" + prefix));
    assertThat(await(accounts().page("", Integer.MAX_VALUE)))
        .extracting(Account::name)
        .isSorted()
        .containsAll(names);
    assertThat(await(accounts().page("2" + prefix, 100_000)))
        .extracting(Account::name)
        .contains("3" + prefix)
        .doesNotContain("1" + prefix, "2" + prefix);
  }

  @Test
  void theDecoyKeyNeverChanges() {
    assertThat(await(accounts().decoyKey())).isEqualTo(await(accounts().decoyKey()));
  }

  @Test
  void anAppPasswordIsAddedUsedAndRevoked() {
    var before = Instant.now().minusSeconds(60);
    assertThat(await(appPasswords().add(account, "phone", new Secret("$p$")))).isTrue();
    assertThat(await(appPasswords().add(account, "phone", new Secret("$q$")))).isFalse();
    assertThat(await(appPasswords().add(account, "desk", new Secret("$d$")))).isTrue();
    await(appPasswords().recordUse(account, "phone"));
    var listed = await(appPasswords().list(account));
    assertThat(await(appPasswords().list(accountName.toUpperCase(Locale.ROOT)))).isEqualTo(listed);
    assertThat(await(appPasswords().list("x" + accountName))).isEmpty();
    assertThat(listed).extracting(AppPasswords.AppPassword::name).containsExactly("desk", "phone");
    assertThat(listed.get(0).lastUsed()).isEmpty();
    assertThat(listed.get(1).verifier()).isEqualTo(new Secret("$p$"));
    assertThat(listed.get(1).created()).isAfter(before);
    assertThat(listed.get(1).lastUsed().orElseThrow()).isAfter(before);
    await(appPasswords().recordUse(account, "phone"));
    assertThat(await(appPasswords().list(account))).isEqualTo(listed);
    assertThat(await(appPasswords().revoke(account, "phone"))).isTrue();
    assertThat(await(appPasswords().revoke(account, "phone"))).isFalse();
    assertThat(await(appPasswords().list(account))).hasSize(1);
    assertThat(await(appPasswords().list(NO_ACCOUNT))).isEmpty();
  }

  @Test
  void appPasswordsOfAnAccountAreLimited() {
    for (int i = 0; i < AppPasswords.MAX; i++) {
      assertThat(await(appPasswords().add(account, "p" + i, new Secret("$p$")))).isTrue();
    }
    assertThat(failureOf(appPasswords().add(account, "one more", new Secret("$p$"))))
        .isEqualTo(new StoreFailure.LimitReached("app passwords", AppPasswords.MAX));
  }

  @Test
  void fullAccessIsGrantedAndRevoked() {
    var name = freshName();
    var delegate = await(accounts().create(name, ONE));
    assertThat(await(grants().granted(account, delegate))).isFalse();
    assertThat(await(grants().grant(account, delegate))).isTrue();
    assertThat(await(grants().grant(account, delegate))).isFalse();
    assertThat(await(grants().granted(account, delegate))).isTrue();
    assertThat(await(grants().granted(delegate, account))).isFalse();
    assertThat(await(grants().delegates(account))).containsExactly(account(name));
    assertThat(await(grants().revoke(account, delegate))).isTrue();
    assertThat(await(grants().revoke(account, delegate))).isFalse();
    assertThat(await(grants().granted(account, delegate))).isFalse();
  }

  @Test
  void aDeletedAccountIsFoundOnlyForRestore() {
    var name = freshName();
    var id = await(accounts().create(name, TWO));
    await(accounts().change(id, a -> a.withPop(false)));
    var before = account(name);
    assertThat(await(grants().grant(account, id))).isTrue();

    assertThat(await(deletedAccounts().delete(id, _ -> {}))).contains(before);
    assertThat(await(accounts().find(name))).isEmpty();
    assertThat(await(accounts().page("", Integer.MAX_VALUE)))
        .extracting(Account::name)
        .doesNotContain(name);
    assertThat(await(accounts().change(id, a -> a.withPop(true)))).isEmpty();
    assertThat(await(accounts().upgradeVerifiers(id, TWO.password(), ONE))).isFalse();
    assertThat(await(grants().delegates(account))).isEmpty();
    assertThat(await(deletedAccounts().delete(id, _ -> {}))).isEmpty();

    assertThat(await(deletedAccounts().restore(name.toUpperCase(Locale.ROOT)))).isTrue();
    assertThat(account(name)).isEqualTo(before);
    assertThat(await(grants().delegates(account))).containsExactly(before);
    assertThat(await(deletedAccounts().find(name))).isEmpty();
    assertThat(await(deletedAccounts().restore(name))).isFalse();
  }

  @Test
  void theNameOfADeletedAccountStaysReserved() {
    var name = freshName();
    var id = await(accounts().create(name, ONE));
    await(deletedAccounts().delete(id, _ -> {}));
    assertThat(failureOf(accounts().create(name.toUpperCase(Locale.ROOT), TWO)))
        .isEqualTo(new StoreFailure.AccountDeleted(name));
    var found = await(deletedAccounts().find(name.toUpperCase(Locale.ROOT))).orElseThrow();
    assertThat(found.name()).isEqualTo(name);
    assertThat(found.purging()).isFalse();
    assertThat(found.deleted()).isAfter(Instant.now().minusSeconds(60));
    assertThat(await(deletedAccounts().page(name.substring(0, name.length() - 1), 1)))
        .containsExactly(found);
    assertThat(await(deletedAccounts().page(name, 100_000))).doesNotContain(found);
  }

  @Test
  void aDeletionThatIsRefusedChangesNothing() {
    var name = freshName();
    var id = await(accounts().create(name, ONE));
    assertThat(
            failureOf(
                deletedAccounts()
                    .delete(
                        id,
                        settings -> {
                          throw new StoreException(
                              new StoreFailure.NotPermitted(settings.toString()));
                        })))
        .isEqualTo(new StoreFailure.NotPermitted(AccountSettings.OF_NEW.toString()));
    assertThat(account(name).id()).isEqualTo(id);
    assertThat(await(deletedAccounts().find(name))).isEmpty();
  }
}
