package io.postern.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.auth.Client;
import io.postern.auth.LoginAttempt;
import io.postern.cancellation.CancellationToken;
import io.postern.model.MailProtocol;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attempts that wait for those of others: each ends, with its turn, its time or its client. */
class AttemptsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String USER = "alice@example.test";

  private final Replica replica =
      Replica.alone(
          "mail.guard.account-at-once=1",
          "mail.guard.network-at-once=8",
          "mail.guard.delay-after=1",
          "mail.guard.first-delay=PT10S");

  private final LoginGuard guard = new LoginGuard(replica.bus, replica.live);

  @AfterEach
  void close() {
    replica.close();
  }

  private Attempts attempts(Duration longest) {
    return new Attempts(replica.bus, guard, () -> replica.live.now().guard(), longest);
  }

  private LoginAttempt attempt() {
    var peer = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    var client =
        new Client(peer.session(), MailProtocol.IMAP, peer.address(), true, Optional.empty());
    return new LoginAttempt(client, "LOGIN", USER).withSubject(Optional.of(USER));
  }

  private static UniAssertSubscriber<Boolean> admit(
      Attempts attempts, LoginAttempt attempt, CancellationToken token) {
    return attempts
        .admit(attempt)
        .subscribe()
        .withSubscriber(new UniAssertSubscriber<>(token.context(), false));
  }

  private static String session(LoginAttempt attempt) {
    return attempt.client().session();
  }

  @Test
  void anAttemptThatWaitsTooLongIsAnswered() {
    var attempts = attempts(Duration.ofMillis(300));
    guard.failed(attempt());
    admit(attempts, attempt(), new CancellationToken())
        .awaitFailure(SOON)
        .assertFailedWith(TimeoutException.class);
    assertThat(Replica.soon(attempts.busy())).isZero();
  }

  @Test
  void anAttemptThatWaitsEndsWithItsClient() {
    var attempts = attempts(Attempts.LONGEST);
    var first = attempt();
    assertThat(Replica.soon(attempts.admit(first))).isTrue();
    var token = new CancellationToken();
    var waiting = admit(attempts, attempt(), token);
    token.cancel();
    waiting.awaitFailure(SOON).assertFailedWith(CancellationException.class);
    attempts.ended(session(first));
    assertThat(Replica.soon(attempts.busy())).isZero();
  }

  /** What awaits it is the login of a session, which may last for hours. */
  @Test
  void anAttemptThatHasEndedIsNotHeld() {
    var attempts = attempts(Duration.ofMinutes(10));
    var held = ended(attempts);
    assertThat(Replica.soon(attempts.busy())).isZero();
    Eventually.holds(
        "the attempt is collected",
        () -> {
          System.gc();
          return held.refersTo(null);
        });
  }

  private WeakReference<LoginAttempt> ended(Attempts attempts) {
    var attempt = attempt();
    assertThat(Replica.soon(attempts.admit(attempt))).isTrue();
    attempts.ended(session(attempt));
    return new WeakReference<>(attempt);
  }

  @Test
  void anAttemptWhoseTurnComesIsAdmitted() {
    var attempts = attempts(Attempts.LONGEST);
    var first = attempt();
    assertThat(Replica.soon(attempts.admit(first))).isTrue();
    var second = attempt();
    var waiting = admit(attempts, second, new CancellationToken());
    attempts.ended(session(first));
    assertThat(waiting.awaitItem(SOON).getItem()).isTrue();
    attempts.ended(session(second));
    assertThat(Replica.soon(attempts.busy())).isZero();
  }
}
