package io.postern.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Identity;
import io.postern.auth.LoginFixture;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl.Step;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTest {
  private final LoginFixture cheap =
      new LoginFixture().with("alice@example.test", "secret", true).with("bøb", "påss", true);
  private final Step done =
      new Step.Done(
          new Identity(cheap.id("alice@example.test"), "alice@example.test", "alice@example.test"));
  private final Plain plain = new Plain(cheap.login);

  @AfterEach
  void close() {
    cheap.workers.close();
  }

  @Test
  void theInitialResponseLogsIn() {
    assertThat(start("\0alice@example.test\0secret")).isEqualTo(done);
    assertThat(start("\0bøb\0påss")).isInstanceOf(Step.Done.class);
  }

  @Test
  void withoutAnInitialResponseAnEmptyChallengeIsSent() {
    var step =
        plain.start(LoginFixture.CLIENT, Optional.empty()).await().atMost(Duration.ofSeconds(20));
    assertThat(step).isInstanceOf(Step.Challenge.class);
    var challenge = (Step.Challenge) step;
    assertThat(challenge.text().length()).isZero();
    var answer = challenge.next().apply(Buffer.buffer("\0alice@example.test\0secret"));
    assertThat(answer.await().atMost(Duration.ofSeconds(20))).isEqualTo(done);
  }

  @Test
  void theAuthorizationIdentityMayBeTheUserOnly() {
    assertThat(start("Alice@example.test\0alice@example.test\0secret")).isEqualTo(done);
    assertThat(start("bob@example.test\0alice@example.test\0secret"))
        .isEqualTo(new Step.Refused(Refusal.CREDENTIALS));
    assertThat(start("bob@example.test\0alice@example.test\0wrong"))
        .isEqualTo(new Step.Refused(Refusal.CREDENTIALS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0", "\0\0", "a\0b", "\0alice\0", "\0\0secret", "\0a\0b\0", "abc"})
  void malformedPlainMessagesAreRefused(String message) {
    assertThat(start(message)).isEqualTo(new Step.Refused(Refusal.MALFORMED));
  }

  @Test
  void messagesThatAreNotUtf8AreMalformed() {
    var message = Buffer.buffer("\0alice\0secret").appendByte((byte) 0xff);
    assertThat(start(message)).isEqualTo(new Step.Refused(Refusal.MALFORMED));
  }

  @Test
  void aPartMayBeAsLongAsAllowedAndNoLonger() {
    var longest = "x".repeat(Plain.MAX_OCTETS);
    assertThat(start("\0" + longest + "\0p")).isEqualTo(new Step.Refused(Refusal.CREDENTIALS));
    assertThat(start("\0" + longest + "x\0p")).isEqualTo(new Step.Refused(Refusal.MALFORMED));
    assertThat(start("\0u\0" + longest)).isEqualTo(new Step.Refused(Refusal.CREDENTIALS));
    assertThat(start("\0u\0" + longest + "x")).isEqualTo(new Step.Refused(Refusal.MALFORMED));
    assertThat(start(longest + "x\0u\0p")).isEqualTo(new Step.Refused(Refusal.MALFORMED));
  }

  @Test
  void anUnavailableStoreIsReported() {
    cheap.fault = Optional.of(new StoreException(new StoreFailure.Unavailable("test")));
    assertThat(start("\0alice@example.test\0secret"))
        .isEqualTo(new Step.Refused(Refusal.UNAVAILABLE));
  }

  private Step start(String message) {
    return start(Buffer.buffer(message));
  }

  private Step start(Buffer message) {
    return plain
        .start(LoginFixture.CLIENT, Optional.of(message))
        .await()
        .atMost(Duration.ofSeconds(20));
  }
}
