package io.postern.auth.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postern.auth.DirectoryMeter;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.store.StoreException;
import io.postern.store.account.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users of Debian's OpenLDAP, if it is installed. */
@Timeout(120)
class SlapdDirectoryIT {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Live live = new Live(TestSettings.of());
  private final LdapDirectory directory =
      new LdapDirectory(live, new Workers("directory-", 4, 100), DirectoryMeter.NONE);
  private @Nullable Slapd slapd;

  @BeforeEach
  void start(@TempDir Path root) throws Exception {
    assumeTrue(Slapd.installed(), "slapd is not installed");
    slapd = Slapd.start(root);
  }

  @AfterEach
  void stop() {
    directory.close();
    if (slapd != null) {
      slapd.close();
    }
  }

  private void use(String encryption, String... more) {
    live.swap(TestSettings.of(Objects.requireNonNull(slapd).settings(encryption, more)));
  }

  private boolean verify(String user, String password) {
    return directory.verify(user, new Secret(password)).await().atMost(LONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "starttls", "ssl"})
  void theRightPasswordIsAcceptedAndAnotherIsNot(String encryption) {
    use(encryption);
    assertThat(verify("alice@example.test", "right")).isTrue();
    assertThat(verify("alice@example.test", "wrong")).isFalse();
    assertThat(verify("alice@example.test", "")).isFalse();
    assertThat(verify("none@example.test", "right")).isFalse();
    assertThat(verify("nobody@example.test", "right")).isFalse();
    assertThat(directory.account("alice@other.test").await().atMost(LONG))
        .contains("alice@example.test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"starttls", "ssl"})
  void aServerThatHasEndedIsNoWrongPassword(String encryption) {
    use(encryption, "cache=PT0S");
    assertThat(verify("alice@example.test", "right")).isTrue();
    Objects.requireNonNull(slapd).close();
    for (var password : List.of("right", "wrong")) {
      assertThatThrownBy(() -> verify("alice@example.test", password))
          .isInstanceOf(StoreException.class);
    }
  }
}
