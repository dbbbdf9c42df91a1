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
  void knowsThePairItWasToldAndNoOther() {
    credentials.remember(VERIFIER, new Secret("secret"));
    assertThat(credentials.known(VERIFIER, new Secret("secret"))).isTrue();
    assertThat(credentials.known(VERIFIER, new Secret("Secret"))).isFalse();
  }

  @Test
  void aChangedPasswordMissesByItself() {
    credentials.remember(VERIFIER, new Secret("secret"));
    assertThat(credentials.known(new Secret("$argon2id$two"), new Secret("secret"))).isFalse();
  }

  @Test
  void verifierAndPasswordDoNotRunTogether() {
    credentials.remember(new Secret("ab"), new Secret("c"));
    assertThat(credentials.known(new Secret("a"), new Secret("bc"))).isFalse();
  }

  @Test
  void forgetsAfterItsLifeAndNotBefore() {
    credentials.remember(VERIFIER, new Secret("secret"));
    now.addAndGet(LIFE.toNanos() - 1);
    assertThat(credentials.known(VERIFIER, new Secret("secret"))).isTrue();
    now.addAndGet(1);
    assertThat(credentials.known(VERIFIER, new Secret("secret"))).isFalse();
  }

  @Test
  void anExpiredPairCanBeToldAgain() {
    credentials.remember(VERIFIER, new Secret("secret"));
    now.addAndGet(LIFE.toNanos());
    credentials.remember(VERIFIER, new Secret("secret"));
    assertThat(credentials.known(VERIFIER, new Secret("secret"))).isTrue();
    assertThat(credentials.size()).isEqualTo(1);
  }

  @Test
  void holdsNoMoreThanItMayAndForgetsTheOldest() {
    for (int i = 0; i < 4; i++) {
      credentials.remember(VERIFIER, new Secret("p" + i));
      assertThat(credentials.size()).isEqualTo(Math.min(i + 1, 3));
    }
    assertThat(credentials.known(VERIFIER, new Secret("p0"))).isFalse();
    assertThat(credentials.known(VERIFIER, new Secret("p1"))).isTrue();
  }

  @Test
  void rememberingTwiceIsOnce() {
    for (int i = 0; i < 10; i++) {
      credentials.remember(VERIFIER, new Secret("secret"));
    }
    credentials.remember(VERIFIER, new Secret("other"));
    assertThat(credentials.size()).isEqualTo(2);
    assertThat(credentials.known(VERIFIER, new Secret("secret"))).isTrue();
  }
}
