package io.postern.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Login.Result;
import io.postern.auth.password.AppPasswordText;
import io.postern.auth.sasl.SaslCatalogue;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logins of users whose passwords are in a directory. */
class DirectoryLoginTest {
  private static final Result REFUSED = new Result.Refused(Refusal.CREDENTIALS);
  private static final String ALICE = "alice@example.test";

  private final LoginFixture fixture =
      new LoginFixture().with(ALICE, "of the account", true).with("bob@other.test", "secret", true);
  private final Directory directory = new Directory();
  private final Login login =
      new Login(
          fixture.accounts,
          fixture.appPasswords,
          fixture.grants,
          fixture.passwords,
          new LoginPolicy() {
            @Override
            public void failed(LoginAttempt attempt, Failure why) {
              fixture.failures.add(why);
            }
          },
          fixture.live,
          directory);

  /** Has alice by two names, and another user without an account. */
  private static final class Directory implements DirectoryPasswords {
    private boolean down;
    private final List<String> verified = new ArrayList<>();

    @Override
    public boolean decides(String user) {
      return user.endsWith("@example.test");
    }

    @Override
    public Uni<Optional<String>> account(String user) {
      return answer(
          switch (user) {
            case "al@example.test", ALICE -> Optional.of(ALICE);
            case "new@example.test" -> Optional.of(user);
            default -> Optional.empty();
          });
    }

    @Override
    public Uni<Boolean> verify(String user, Secret password) {
      verified.add(user);
      return answer(password.reveal().equals("of the directory"));
    }

    private <T> Uni<T> answer(T item) {
      return down
          ? Uni.createFrom()
              .failure(new StoreException(new StoreFailure.Unavailable("the directory is down")))
          : Uni.createFrom().item(item);
    }
  }

  @AfterEach
  void close() {
    fixture.workers.close();
  }

  private Result login(String name, String password) {
    var attempt = new LoginAttempt(LoginFixture.CLIENT, "LOGIN", name);
    return LoginFixture.await(login.password(attempt, new Secret(password)));
  }

  @Test
  void theDirectoryDecidesAndNotThePasswordOfTheAccount() {
    assertThat(login(ALICE, "of the directory")).isInstanceOf(Result.Success.class);
    assertThat(login(ALICE, "of the account")).isEqualTo(REFUSED);
    assertThat(login(ALICE, "wrong")).isEqualTo(REFUSED);
  }

  @Test
  void anyNameOfTheDirectoryOpensTheAccount() {
    assertThat(login("al@example.test", "of the directory"))
        .isInstanceOfSatisfying(
            Result.Success.class,
            it -> assertThat(it.identity().account()).isEqualTo(fixture.id(ALICE)));
  }

  @Test
  void usersOfOtherDomainsHaveTheirPasswordsHere() {
    assertThat(login("bob@other.test", "secret")).isInstanceOf(Result.Success.class);
    assertThat(login("bob@other.test", "of the directory")).isEqualTo(REFUSED);
    assertThat(directory.verified).isEmpty();
  }

  @Test
  void aUserWithoutAnAccountIsRefused() {
    assertThat(login("new@example.test", "of the directory")).isEqualTo(REFUSED);
    assertThat(login("nobody@example.test", "of the directory")).isEqualTo(REFUSED);
    // The directory was asked for both: neither is answered sooner than a wrong password.
    assertThat(directory.verified).containsExactly("new@example.test", "nobody@example.test");
  }

  @Test
  void aDirectoryThatIsDownIsNoWrongPassword() {
    directory.down = true;
    for (var password : List.of("of the directory", "wrong")) {
      assertThat(login(ALICE, password)).isEqualTo(new Result.Refused(Refusal.UNAVAILABLE));
    }
    assertThat(fixture.failures).isEmpty();
    assertThat(login("bob@other.test", "secret")).isInstanceOf(Result.Success.class);
  }

  @Test
  void aDisabledAccountIsRefusedWhateverTheDirectorySays() {
    fixture.may(fixture.id(ALICE), access -> access.withEnabled(false));
    assertThat(login(ALICE, "of the directory")).isEqualTo(REFUSED);
    assertThat(directory.verified).hasSize(1);
  }

  @Test
  void anAppPasswordOpensTheAccountToo() {
    var password = AppPasswordText.random();
    LoginFixture.await(
        fixture.appPasswords.add(fixture.id(ALICE), "phone", AppPasswordText.verifier(password)));
    assertThat(login(ALICE, password.reveal())).isInstanceOf(Result.Success.class);
  }

  @Test
  void mechanismsThatNeedKeysOfThePasswordAreNotOffered() {
    assertThat(offered()).contains("SCRAM-SHA-256", "PLAIN");
    assertThat(
            offered(
                "mail.auth.directory.servers=ldap.example.test:636",
                "mail.auth.directory.base-dn=dc=example"))
        .contains("PLAIN", "LOGIN")
        .doesNotContain("SCRAM-SHA-256");
  }

  private List<String> offered(String... settings) {
    return SaslCatalogue.of(
            new Live(TestSettings.of(settings)),
            login,
            fixture.accounts,
            fixture.workers,
            InstantSource.system(),
            IssuerKeysMeter.NONE)
        .offer(LoginFixture.CLIENT)
        .names();
  }
}
