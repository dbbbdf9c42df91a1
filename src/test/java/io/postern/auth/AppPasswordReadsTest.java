package io.postern.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.password.AppPasswordText;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Secret;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a login with an app password asks the store for. */
class AppPasswordReadsTest {
  private static final String ALICE = "alice@example.test";

  private final LoginFixture fixture = new LoginFixture().with(ALICE, "secret", true);
  private final List<String> calls = new ArrayList<>();
  private final Login login =
      new Login(
          fixture.accounts,
          counted(),
          fixture.grants,
          fixture.passwords,
          new LoginPolicy() {},
          fixture.live);

  private AppPasswords counted() {
    return (AppPasswords)
        Proxy.newProxyInstance(
            AppPasswords.class.getClassLoader(),
            new Class<?>[] {AppPasswords.class},
            (_, method, arguments) -> {
              calls.add(method.getName());
              return method.invoke(fixture.appPasswords, arguments);
            });
  }

  @AfterEach
  void close() {
    fixture.workers.close();
  }

  private Login.Result login(String password) {
    var attempt = new LoginAttempt(LoginFixture.CLIENT, "LOGIN", ALICE);
    return LoginFixture.await(login.password(attempt, new Secret(password)));
  }

  @Test
  void aUseIsRecordedOnceInAnHour() {
    var password = AppPasswordText.random();
    LoginFixture.await(
        fixture.appPasswords.add(fixture.id(ALICE), "phone", AppPasswordText.verifier(password)));
    assertThat(login(password.reveal())).isInstanceOf(Login.Result.Success.class);
    assertThat(calls).containsExactly("list", "recordUse");
    calls.clear();
    assertThat(login(password.reveal())).isInstanceOf(Login.Result.Success.class);
    assertThat(calls).containsExactly("list");
  }

  @Test
  void anotherPasswordReadsNoAppPasswords() {
    assertThat(login("secret")).isInstanceOf(Login.Result.Success.class);
    assertThat(calls).isEmpty();
  }
}
