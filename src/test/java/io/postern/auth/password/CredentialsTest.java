package io.postern.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.store.account.Secret;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CredentialsTest {
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Secret VERIFIER = new Secret("$argon2id$one");

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);
  private final Credentials credentials = new Credentials(LIFE, 3, now::get);

  @Test
  void containsTheRememberedPairOnly() {
    credentials.remember(VERIFIER, new Secret("secret"));
    assertThat(credentials.contains(VERIFIER, new Secret("secret"))).isTrue();
    assertThat(credentials.contains(VERIFIER, new Secret("Secret"))).isFalse();
  }

  @Test
  void aChangedPasswordIsNotFound() {
    credentials.remember(VERIFIER, new Secret("secret"));
    assertThat(credentials.contains(new Secret("$argon2id$two"), new Secret("secret"))).isFalse();
  }

  @Test
  void verifierAndPasswordDoNotRunTogether() {
    credentials.remember(new Secret("ab"), new Secret("c"));
    assertThat(credentials.contains(new Secret("a"), new Secret("bc"))).isFalse();
  }

  @Test
  void pairsExpireAfterTheirLifetime() {
    credentials.remember(VERIFIER, new Secret("secret"));
    now.addAndGet(LIFE.toNanos() - 1);
    assertThat(credentials.contains(VERIFIER, new Secret("secret"))).isTrue();
    now.addAndGet(1);
    assertThat(credentials.contains(VERIFIER, new Secret("secret"))).isFalse();
  }

  @Test
  void anExpiredPairCanBeRememberedAgain() {
    credentials.remember(VERIFIER, new Secret("secret"));
    now.addAndGet(LIFE.toNanos());
    credentials.remember(VERIFIER, new Secret("secret"));
    assertThat(credentials.contains(VERIFIER, new Secret("secret"))).isTrue();
    assertThat(credentials.size()).isEqualTo(1);
  }

  @Test
  void theOldestPairsAreEvictedBeyondTheLimit() {
    for (int i = 0; i < 4; i++) {
      credentials.remember(VERIFIER, new Secret("p" + i));
      assertThat(credentials.size()).isEqualTo(Math.min(i + 1, 3));
    }
    assertThat(credentials.contains(VERIFIER, new Secret("p0"))).isFalse();
    assertThat(credentials.contains(VERIFIER, new Secret("p1"))).isTrue();
  }

  @Test
  void rememberingTwiceIsOnce() {
    for (int i = 0; i < 10; i++) {
      credentials.remember(VERIFIER, new Secret("secret"));
    }
    credentials.remember(VERIFIER, new Secret("other"));
    assertThat(credentials.size()).isEqualTo(2);
    assertThat(credentials.contains(VERIFIER, new Secret("secret"))).isTrue();
  }
}
