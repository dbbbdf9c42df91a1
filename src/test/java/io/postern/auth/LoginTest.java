package io.postern.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Login.Result;
import io.postern.auth.password.AppPasswordText;
import io.postern.auth.password.Workers;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginTest {
  private static final String SHA_CRYPT =
      "$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc"
          + "1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1";
  private static final Result REFUSED = new Result.Refused(Refusal.CREDENTIALS);

  private final LoginFixture cheap = new LoginFixture().with("alice@example.test", "secret", true);

  private final Result welcome =
      new Result.Success(
          new Identity(cheap.id("alice@example.test"), "alice@example.test", "alice@example.test"));

  @AfterEach
  void close() {
    cheap.workers.close();
  }

  @Test
  void theRightPasswordLogsIn() {
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(welcome);
  }

  @Test
  void namesCompareWithoutCaseAndAreNotTrimmed() {
    assertThat(cheap.login("Alice@EXAMPLE.test", "secret")).isEqualTo(welcome);
    assertThat(cheap.login(" alice@example.test", "secret")).isEqualTo(REFUSED);
  }

  @Test
  void aWrongPasswordIsRefusedEveryTime() {
    assertThat(cheap.login("alice@example.test", "Secret")).isEqualTo(REFUSED);
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(welcome);
    assertThat(cheap.login("alice@example.test", "secret ")).isEqualTo(REFUSED);
    assertThat(cheap.login("alice@example.test", "")).isEqualTo(REFUSED);
  }

  @Test
  void anUnknownNameAndADisabledAccountGetTheSameAnswer() {
    cheap.with("left@example.test", "secret", false);
    assertThat(cheap.login("nobody@example.test", "secret")).isEqualTo(REFUSED);
    assertThat(cheap.login("left@example.test", "secret")).isEqualTo(REFUSED);
    assertThat(cheap.login("left@example.test", "wrong")).isEqualTo(REFUSED);
  }

  /** Without workers, shows which logins need a hash. */
  @Test
  void refusedUsersWaitForAHashDespiteACachedPassword() {
    var password = AppPasswordText.random();
    var id = cheap.id("alice@example.test");
    LoginFixture.await(cheap.appPasswords.add(id, "phone", AppPasswordText.verifier(password)));
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(welcome);
    cheap.workers.close();
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(welcome);
    assertThat(cheap.login("alice@example.test", password.reveal())).isEqualTo(welcome);
    var hashing = new Result.Refused(Refusal.UNAVAILABLE);
    assertThat(cheap.login("nobody@example.test", "secret")).isEqualTo(hashing);
    cheap.may(id, access -> access.withEnabled(false));
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(hashing);
    assertThat(cheap.login("alice@example.test", password.reveal())).isEqualTo(hashing);
  }

  @Test
  void oddInputIsRefused() {
    assertThat(cheap.login("", "secret")).isEqualTo(REFUSED);
    assertThat(cheap.login("alice@example.test\0", "secret")).isEqualTo(REFUSED);
    assertThat(cheap.login("alice@example.test", "secret\0")).isEqualTo(REFUSED);
    assertThat(cheap.login("\ud800", "\udc00")).isEqualTo(REFUSED);
  }

  @Test
  void aPasswordMayBeAsLongAsAllowedAndNoLonger() {
    var longest = "p".repeat(Login.MAX_LENGTH);
    cheap.with("long@example.test", longest, true);
    cheap.with("longer@example.test", longest + "p", true);
    assertThat(cheap.login("long@example.test", longest)).isInstanceOf(Result.Success.class);
    assertThat(cheap.login("longer@example.test", longest + "p")).isEqualTo(REFUSED);
    assertThat(cheap.login("n".repeat(Login.MAX_LENGTH + 1), "secret")).isEqualTo(REFUSED);
  }

  @Test
  void aChangedPasswordAppliesAtOnce() {
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(welcome);
    var changed = LoginFixture.await(cheap.passwords.verifiers(new Secret("new")));
    LoginFixture.await(cheap.accounts.setVerifiers(cheap.id("alice@example.test"), changed));
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(REFUSED);
    assertThat(cheap.login("alice@example.test", "new")).isEqualTo(welcome);
  }

  @Test
  void anUnavailableStoreIsNotAFailedLogin() {
    cheap.fault = Optional.of(new StoreException(new StoreFailure.Unavailable("test")));
    assertThat(cheap.login("alice@example.test", "secret"))
        .isEqualTo(new Result.Refused(Refusal.UNAVAILABLE));
  }

  @Test
  void tooManyConcurrentLoginsAreUnavailable() {
    cheap.fault = Optional.of(busy());
    assertThat(cheap.login("alice@example.test", "secret"))
        .isEqualTo(new Result.Refused(Refusal.UNAVAILABLE));
  }

  @Test
  void aSecretIsInNoText() {
    assertThat(LoginFixture.await(cheap.accounts.find("alice@example.test")).toString())
        .doesNotContain("argon2");
    assertThat(new Secret("secret").toString()).doesNotContain("secret");
  }

  @Test
  void refusedUsersGetTheAnswerOfAWrongPassword() {
    var alice = cheap.id("alice@example.test");
    cheap.login("alice@example.test", "wrong");
    cheap.login("nobody@example.test", "secret");
    cheap.may(alice, a -> a.withEnabled(false)).login("alice@example.test", "secret");
    cheap.may(alice, _ -> AccountSettings.OF_NEW.withAdministrator(true));
    cheap.login("alice@example.test", "secret");
    cheap
        .may(alice, _ -> AccountSettings.OF_NEW.withImap(false))
        .login("alice@example.test", "secret");
    cheap.with("guest@example.test", "guest", true);
    assertThat(cheap.login("guest@example.test", "guest")).isEqualTo(REFUSED);
    assertThat(cheap.failures)
        .containsExactly(
            Failure.WRONG,
            Failure.UNKNOWN,
            Failure.DISABLED,
            Failure.ADMINISTRATOR,
            Failure.PROTOCOL_OFF,
            Failure.BLOCKED);
    cheap.may(alice, _ -> AccountSettings.OF_NEW.withPop(false));
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(welcome);
  }

  @Test
  void aDelegateOpensGrantedMailboxesOnly() {
    cheap.with("boss@example.test", "other", true);
    var boss = cheap.id("boss@example.test");
    var alice = cheap.id("alice@example.test");
    assertThat(cheap.login("alice@example.test/boss", "secret")).isEqualTo(REFUSED);
    assertThat(cheap.login("alice@example.test/nobody", "secret")).isEqualTo(REFUSED);
    assertThat(cheap.login("alice@example.test/boss", "other")).isEqualTo(REFUSED);
    LoginFixture.await(cheap.grants.grant(boss, alice));
    var acting = new Result.Success(new Identity(boss, "boss@example.test", "alice@example.test"));
    assertThat(cheap.login("alice@example.test/boss", "secret")).isEqualTo(acting);
    assertThat(cheap.login("alice@example.test\\boss@example.test", "secret")).isEqualTo(acting);
    cheap.may(boss, a -> a.withEnabled(false));
    assertThat(cheap.login("alice@example.test/boss", "secret")).isEqualTo(REFUSED);
  }

  @Test
  void anImportedHashIsReplacedAtTheFirstLogin() {
    // openssl passwd -6 -salt saltsalt secret
    var foreign = new Secret(SHA_CRYPT);
    var id = cheap.id("alice@example.test");
    LoginFixture.await(cheap.accounts.setVerifiers(id, Verifiers.of(foreign)));
    assertThat(cheap.login("alice@example.test", "wrong")).isEqualTo(REFUSED);
    assertThat(verifiers().password()).isEqualTo(foreign);
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(welcome);
    assertThat(verifiers().password().reveal()).startsWith("$argon2id$");
    assertThat(verifiers().scram()).isPresent();
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(welcome);
  }

  private Verifiers verifiers() {
    return LoginFixture.await(cheap.accounts.find("alice@example.test")).orElseThrow().verifiers();
  }

  @Test
  void anAppPasswordWorksUntilItIsRevoked() {
    var id = cheap.id("alice@example.test");
    var password = AppPasswordText.random();
    assertThat(cheap.login("alice@example.test", password.reveal())).isEqualTo(REFUSED);
    LoginFixture.await(cheap.appPasswords.add(id, "phone", AppPasswordText.verifier(password)));
    assertThat(cheap.login("alice@example.test", password.reveal())).isEqualTo(welcome);
    assertThat(cheap.login("nobody@example.test", password.reveal())).isEqualTo(REFUSED);
    assertThat(LoginFixture.await(cheap.appPasswords.list(id)).getFirst().lastUsed()).isPresent();
    assertThat(LoginFixture.await(cheap.appPasswords.list("alice@example.test")))
        .isEqualTo(LoginFixture.await(cheap.appPasswords.list(id)));
    assertThat(LoginFixture.await(cheap.appPasswords.list("nobody@example.test"))).isEmpty();
    LoginFixture.await(cheap.appPasswords.revoke(id, "phone"));
    assertThat(cheap.login("alice@example.test", password.reveal())).isEqualTo(REFUSED);
  }

  private static Workers.Busy busy() {
    return new Workers.Busy(new IllegalStateException());
  }
}
