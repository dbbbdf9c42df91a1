package io.postern.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.TestSettings;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginNameTest {
  private final LoginName names =
      new LoginName(
          TestSettings.of(
                  "mail.auth.default-domain=example.test",
                  "mail.auth.windows-domains=CORP=example.test,LAB=lab.test",
                  "mail.auth.blocked-users=scanner,root@lab.test")
              .auth());

  @ParameterizedTest
  @CsvSource({
    "alice, alice@example.test, ",
    "Alice@LAB.test, alice@lab.test, ",
    "CORP\\alice, alice@example.test, ",
    "lab/alice, alice@lab.test, ",
    "other.test\\alice, alice@other.test, ",
    "NOWHERE\\alice, nowhere\\alice, ",
    "corp/alice/bob, alice@example.test, bob@example.test",
    "corp\\alice\\bob, alice@example.test, bob@example.test",
    "alice@lab.test/bob, alice@lab.test, bob@lab.test",
    "alice@lab.test\\bob@example.test, alice@lab.test, bob@example.test",
    "alice@lab.test/alice, alice@lab.test, ",
    "a/b/c/d, a/b/c/d, "
  })
  void everyFormMeansAUserAndPerhapsAMailbox(String name, String user, String mailbox) {
    assertThat(names.parse(name))
        .isEqualTo(new LoginName.Meaning(user, Optional.ofNullable(mailbox), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anonymous",
        "Guest",
        "ftp@lab.test",
        "",
        "@lab.test",
        "scanner",
        "root@lab.test",
        "CORP\\guest",
        "scanner@lab.test"
      })
  void namesOfNoParticularUserAreBlocked(String name) {
    assertThat(names.parse(name).blocked()).isTrue();
  }

  @Test
  void aNameBlockedInOneDomainIsAllowedInAnother() {
    assertThat(names.parse("root").blocked()).isFalse();
  }

  @Test
  void withoutADefaultDomainNamesStayAsTheyAre() {
    assertThat(new LoginName(TestSettings.of().auth()).parse("alice").user()).isEqualTo("alice");
  }

  /** A claim {@code example.test\\u5} opened the mailboxes of u5. */
  @ParameterizedTest
  @CsvSource({
    "example.test\\u5, example.test\\u5",
    "CORP\\alice, corp\\alice",
    "alice@lab.test/bob, alice@lab.test/bob",
    "Alice@LAB.test, alice@lab.test",
    "alice, alice@example.test"
  })
  void aNameFromAnAuthorityIsTakenLiterally(String name, String user) {
    assertThat(names.literal(name)).isEqualTo(new LoginName.Meaning(user, Optional.empty(), false));
  }

  @ParameterizedTest
  @CsvSource({
    "alice, CORP, alice@example.test",
    "Alice, LAB.TEST, alice@lab.test",
    "imap/alice, CORP, ''",
    "victim\\, CORP, ''",
    "a\\victim, CORP, ''",
    "victim\\@lab.test, CORP, ''",
    "'', CORP, ''"
  })
  void aPrincipalOfOneComponentIsAUserInTheDomainOfItsRealm(
      String principal, String realm, String user) {
    assertThat(names.principal(principal, realm))
        .isEqualTo(new LoginName.Meaning(user, Optional.empty(), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice@lab.test/m1",
        "ALICE@lab.test",
        "x/alice@lab.test/m2",
        "LAB\\alice",
        "lab/alice/m3",
        "alice@lab.test ",
        "\u00a0alice@lab.test",
        "ali\u00adce@lab.test",
        "\uff21lice@lab.test"
      })
  void attemptsWithEveryFormOfANameCountUnderItsUser(String name) {
    assertThat(names.parse(name).subject()).contains("alice@lab.test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "@lab.test", "LAB\\", "/", "NOWHERE\\", " @lab.test", "\u200b"})
  void aNameWithoutALocalPartCountsUnderNoUser(String name) {
    assertThat(names.parse(name).subject()).isEmpty();
  }
}
