package io.postern.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Login.Result;
import io.postern.auth.password.Workers;
import io.postern.store.Secret;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginTest {
  private static final Result REFUSED = new Result.Refused(Refusal.CREDENTIALS);

  private final Cheap cheap = new Cheap().with("alice@example.test", "secret", true);

  private final Result welcome =
      new Result.Welcome(new Identity(cheap.id("alice@example.test"), "alice@example.test"));

  @AfterEach
  void close() {
    cheap.workers.close();
  }

  @Test
  void theRightPasswordOpens() {
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
    assertThat(cheap.login("long@example.test", longest)).isInstanceOf(Result.Welcome.class);
    assertThat(cheap.login("longer@example.test", longest + "p")).isEqualTo(REFUSED);
    assertThat(cheap.login("n".repeat(Login.MAX_LENGTH + 1), "secret")).isEqualTo(REFUSED);
  }

  @Test
  void aChangedPasswordCountsAtOnce() {
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(welcome);
    var changed = Cheap.await(cheap.passwords.verifiers(new Secret("new")));
    Cheap.await(cheap.accounts.setVerifiers(cheap.id("alice@example.test"), changed));
    assertThat(cheap.login("alice@example.test", "secret")).isEqualTo(REFUSED);
    assertThat(cheap.login("alice@example.test", "new")).isEqualTo(welcome);
  }

  @Test
  void aStoreThatDoesNotAnswerIsNobodysFault() {
    cheap.fault = Optional.of(new StoreException(new StoreFailure.Unavailable("test")));
    assertThat(cheap.login("alice@example.test", "secret"))
        .isEqualTo(new Result.Refused(Refusal.UNAVAILABLE));
  }

  @Test
  void tooManyAtOnceAreToldToComeBack() {
    cheap.fault = Optional.of(busy());
    assertThat(cheap.login("alice@example.test", "secret"))
        .isEqualTo(new Result.Refused(Refusal.UNAVAILABLE));
  }

  @Test
  void aSecretIsInNoText() {
    assertThat(Cheap.await(cheap.accounts.find("alice@example.test")).toString())
        .doesNotContain("argon2");
    assertThat(new Secret("secret").toString()).doesNotContain("secret");
  }

  private static Workers.Busy busy() {
    return new Workers.Busy(new IllegalStateException());
  }
}
