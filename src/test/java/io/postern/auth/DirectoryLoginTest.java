package io.postern.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Login.Result;
import io.postern.auth.password.AppPasswordText;
import io.postern.auth.sasl.SaslCatalogue;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.MailboxPlan;
import io.postern.store.account.Secret;
import io.postern.store.memory.MemoryDeletedAccounts;
import io.postern.store.memory.MemoryMailboxPlans;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins of users whose passwords are in a directory. */
public class DirectoryLoginTest {
  private static final Result REFUSED = new Result.Refused(Refusal.CREDENTIALS);
  private static final String ALICE = "alice@example.test";

  private final LoginFixture fixture =
      new LoginFixture().with(ALICE, "of the account", true).with("bob@other.test", "secret", true);
  private final Directory directory = new Directory();
  private final List<String> created = new ArrayList<>();
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

            @Override
            public void accountCreated(LoginAttempt attempt, String account) {
              created.add(account);
            }
          },
          fixture.live,
          directory);

  /** Has alice by two names, and another user without an account. */
  private static final class Directory implements DirectoryPasswords {
    private boolean down;
    private boolean anyone;
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
            case "new@example.test",
                "admin@example.test",
                "guest@example.test",
                "administrator@example.test" ->
                Optional.of(user);
            case "sly@example.test" -> Optional.of("guest@example.test");
            case "root@example.test" -> Optional.of("administrator@example.test");
            case "stray@example.test" -> Optional.of("stray@other.test");
            case "crooked@example.test" -> Optional.of("crooked/alice@example.test");
            default -> anyone ? Optional.of(user) : Optional.empty();
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

  private static final Result UNAVAILABLE = new Result.Refused(Refusal.UNAVAILABLE);

  private void set(String... more) {
    var all = new ArrayList<>(List.of("mail.auth.directory.create-accounts=true"));
    all.addAll(List.of(more));
    fixture.live.swap(TestSettings.of(all.toArray(String[]::new)));
  }

  private boolean has(String account) {
    return LoginFixture.await(fixture.accounts.find(account)).isPresent();
  }

  @Test
  void theFirstLoginCreatesTheAccountIfThatIsSet() {
    set();
    assertThat(login("new@example.test", "wrong")).isEqualTo(REFUSED);
    assertThat(has("new@example.test")).isFalse();
    assertThat(login("new@example.test", "of the directory"))
        .isInstanceOfSatisfying(
            Result.Success.class,
            it -> assertThat(it.identity().account()).isEqualTo(fixture.id("new@example.test")));
    assertThat(created).containsExactly("new@example.test");
    assertThat(login("new@example.test", "of the directory")).isInstanceOf(Result.Success.class);
    assertThat(login("new@example.test", "wrong")).isEqualTo(REFUSED);
    assertThat(created).hasSize(1);
  }

  @Test
  void aCreatedAccountHasTheMailboxPlanOfTheSettings() {
    LoginFixture.await(new MemoryMailboxPlans(fixture.store).put(MailboxPlan.of("staff"), _ -> {}));
    set("mail.auth.directory.mailbox-plan=staff");
    assertThat(login("new@example.test", "of the directory")).isInstanceOf(Result.Success.class);
    var account = LoginFixture.await(fixture.accounts.find("new@example.test")).orElseThrow();
    assertThat(account.settings().plan()).contains("staff");
  }

  @Test
  void aMailboxPlanThatIsMissingIsNoWrongPassword() {
    set("mail.auth.directory.mailbox-plan=none");
    assertThat(login("new@example.test", "of the directory")).isEqualTo(UNAVAILABLE);
    assertThat(has("new@example.test")).isFalse();
    assertThat(fixture.failures).isEmpty();
  }

  /** Also where the directory names such an account for another login name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "guest@example.test",
        "sly@example.test",
        "administrator@example.test",
        "root@example.test",
        "admin@example.test",
        "stray@example.test",
        "crooked@example.test",
        "nobody@example.test",
      })
  void namesThatAreRefusedGetNoAccount(String name) {
    set("mail.auth.blocked-users=admin");
    assertThat(login(name, "of the directory")).isEqualTo(REFUSED);
    assertThat(created).isEmpty();
    assertThat(LoginFixture.await(fixture.accounts.page("", 10))).hasSize(2);
  }

  @Test
  void aLoginThatRequestsAnotherMailboxCreatesNone() {
    set();
    assertThat(login("new@example.test/" + ALICE, "of the directory")).isEqualTo(REFUSED);
    assertThat(has("new@example.test")).isFalse();
  }

  @Test
  void aDeletedAccountIsNotCreatedAgain() {
    set();
    login("new@example.test", "of the directory");
    LoginFixture.await(
        new MemoryDeletedAccounts(fixture.store).delete(fixture.id("new@example.test"), _ -> {}));
    assertThat(login("new@example.test", "of the directory")).isEqualTo(REFUSED);
  }

  @Test
  void noMoreAccountsAreCreatedInAMinuteThanAllowed() {
    set("mail.auth.directory.created-accounts-per-minute=1");
    directory.anyone = true;
    assertThat(login("one@example.test", "of the directory")).isInstanceOf(Result.Success.class);
    assertThat(login("two@example.test", "of the directory")).isEqualTo(UNAVAILABLE);
    assertThat(login("one@example.test", "of the directory")).isInstanceOf(Result.Success.class);
    assertThat(has("two@example.test")).isFalse();
  }

  @Test
  void loginsAtTheSameTimeCreateOneAccount() {
    set();
    var attempts =
        IntStream.range(0, 8)
            .mapToObj(
                _ ->
                    login
                        .password(
                            new LoginAttempt(LoginFixture.CLIENT, "LOGIN", "new@example.test"),
                            new Secret("of the directory"))
                        .subscribeAsCompletionStage())
            .toList();
    for (var attempt : attempts) {
      assertThat(attempt.orTimeout(10, TimeUnit.SECONDS).join()).isInstanceOf(Result.Success.class);
    }
    assertThat(created).containsExactly("new@example.test");
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
