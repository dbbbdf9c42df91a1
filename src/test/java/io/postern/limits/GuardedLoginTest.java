package io.postern.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Client;
import io.postern.auth.Login;
import io.postern.auth.Login.Result;
import io.postern.auth.LoginAttempt;
import io.postern.auth.LoginFixture;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl.Step;
import io.postern.auth.sasl.Bearer;
import io.postern.auth.sasl.Scram;
import io.postern.auth.sasl.Tokens.Verdict;
import io.postern.config.TestSettings;
import io.postern.model.MailProtocol;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard and the login together: under whom attempts count, and what they hold. */
class GuardedLoginTest {
  private static final String VICTIM = "victim@example.test";
  private static final Result WRONG = new Result.Refused(Refusal.CREDENTIALS);
  private static final Result BANNED = new Result.Refused(Refusal.UNAVAILABLE);
  private static final String[] SETTINGS = {
    "mail.guard.ban-account-after=3",
    "mail.guard.first-delay=PT0S",
    "mail.auth.default-domain=example.test",
    "mail.auth.windows-domains=CORP=example.test",
    "mail.auth.oauth2.issuer=https://id.example.test",
    "mail.auth.oauth2.audience=mail",
    "mail.auth.oauth2.jwks=/nowhere"
  };

  private final Replica replica = Replica.alone(SETTINGS);
  private final LoginFixture cheap =
      new LoginFixture().with(VICTIM, "secret", true).with("m1@example.test", "other", true);
  private final Login login =
      new Login(
          cheap.accounts,
          cheap.appPasswords,
          cheap.grants,
          cheap.passwords,
          replica.admissionService,
          replica.live);

  @AfterEach
  void close() {
    replica.close();
    cheap.workers.close();
  }

  private void set(String... more) {
    var all = new ArrayList<>(List.of(SETTINGS));
    all.addAll(List.of(more));
    replica.live.swap(TestSettings.of(all.toArray(String[]::new)));
  }

  private Client client(String address) {
    var peer = replica.peer(MailProtocol.IMAP, address);
    return new Client(peer.session(), MailProtocol.IMAP, peer.address(), true, Optional.empty());
  }

  private Result tries(String address, String name, String password) {
    return Replica.soon(
        login.password(new LoginAttempt(client(address), "LOGIN", name), new Secret(password)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "victim@example.test",
        "victim@example.test/m#",
        "victim@example.test\\m#",
        "CORP/victim/m#",
        "m#/victim@example.test",
        "m#\\victim@example.test\\m1",
        "corp\\victim",
        "VICTIM",
        "victim",
        "Victim@EXAMPLE.test",
        "ｖｉｃｔｉｍ@example.test~",
        "victim@example.test/m#@example.test"
      })
  void guessingInAnyFormOfANameCountsUnderItsUser(String form) {
    for (int i = 0; i < 3; i++) {
      var name = form.replace("#", Integer.toString(i)).replace("~", " ".repeat(i));
      assertThat(tries("192.0.2.1", name, "guess" + i)).isEqualTo(WRONG);
    }
    assertThat(tries("192.0.2.2", VICTIM, "secret")).isEqualTo(BANNED);
    assertThat(tries("192.0.2.2", form.replace("#", "9").replace("~", "\u200b"), "secret"))
        .isEqualTo(BANNED);
    assertThat(tries("192.0.2.2", "m1@example.test", "other")).isInstanceOf(Result.Success.class);
  }

  /** The answer and the hashing are those of a wrong password. */
  @Test
  void aRightPasswordBesideAMailboxThatIsNotGrantedIsRefusedAsAWrongOne() {
    set("mail.guard.ban-account-after=1000");
    assertThat(tries("192.0.2.1", VICTIM, "secret")).isInstanceOf(Result.Success.class);
    assertThat(tries("192.0.2.1", VICTIM + "/m1", "secret")).isEqualTo(WRONG);
    assertThat(tries("192.0.2.1", VICTIM + "/nobody", "secret")).isEqualTo(WRONG);
    cheap.workers.close();
    // It is remembered, so the user needs no hash; beside another's mailbox all need one.
    assertThat(tries("192.0.2.1", VICTIM, "secret")).isInstanceOf(Result.Success.class);
    assertThat(tries("192.0.2.1", VICTIM + "/m1", "secret")).isEqualTo(BANNED);
    assertThat(tries("192.0.2.1", VICTIM + "/m1", "wrong")).isEqualTo(BANNED);
  }

  @Test
  void attemptsWithoutANameDoNotBlockOthers() {
    var garbage = bearer(new Verdict.Refused());
    for (var name :
        List.of("", "@example.test", "CORP\\", "/", "\0", "n".repeat(1_025), "\u200b")) {
      for (int i = 0; i < 3; i++) {
        assertThat(tries("192.0.2.1", name, "x")).isEqualTo(WRONG);
      }
    }
    for (int i = 0; i < 3; i++) {
      assertThat(token(garbage, "192.0.2.1", "")).isInstanceOf(Step.Challenge.class);
    }
    assertThat(token(garbage, "192.0.2.2", "")).isInstanceOf(Step.Challenge.class);
    assertThat(token(bearer(new Verdict.User(VICTIM)), "192.0.2.2", ""))
        .isInstanceOf(Step.Done.class);
    assertThat(tries("192.0.2.2", VICTIM, "secret")).isInstanceOf(Result.Success.class);
  }

  @Test
  void garbageBesideTheNameOfAVictimDoesNotCountUnderIt() {
    for (int i = 0; i < 5; i++) {
      assertThat(token(bearer(new Verdict.Refused()), "192.0.2.1", VICTIM))
          .isInstanceOf(Step.Challenge.class);
    }
    assertThat(tries("192.0.2.2", VICTIM, "secret")).isInstanceOf(Result.Success.class);
  }

  @Test
  void garbageTokensBanTheirNetwork() {
    set("mail.guard.ban-network-after=3");
    for (int i = 0; i < 3; i++) {
      assertThat(token(bearer(new Verdict.Refused()), "192.0.2.1", "user" + i))
          .isInstanceOf(Step.Challenge.class);
    }
    assertThat(token(bearer(new Verdict.User(VICTIM)), "192.0.2.1", ""))
        .isEqualTo(new Step.Refused(Refusal.UNAVAILABLE));
  }

  @Test
  void aVerifiedTokenCountsUnderItsSubject() {
    for (int i = 0; i < 3; i++) {
      token(bearer(new Verdict.User("m1@example.test")), "192.0.2.1", VICTIM);
    }
    assertThat(tries("192.0.2.2", "m1@example.test", "other")).isEqualTo(BANNED);
    assertThat(tries("192.0.2.2", VICTIM, "secret")).isInstanceOf(Result.Success.class);
  }

  @Test
  void aTokenThatCannotBeJudgedCountsUnderNothing() {
    set("mail.guard.ban-network-after=2");
    for (int i = 0; i < 5; i++) {
      assertThat(token(bearer(new Verdict.Undecided()), "192.0.2.1", ""))
          .isEqualTo(new Step.Refused(Refusal.UNAVAILABLE));
    }
    assertThat(tries("192.0.2.1", VICTIM, "secret")).isInstanceOf(Result.Success.class);
  }

  private Bearer bearer(Verdict verdict) {
    return Bearer.oauthBearer(login, (_, _) -> Uni.createFrom().item(verdict), replica.live);
  }

  private Step token(Bearer mechanism, String address, String asked) {
    var message = "n," + (asked.isEmpty() ? "" : "a=" + asked) + ",\1auth=Bearer x.y.z\1\1";
    return Replica.soon(mechanism.start(client(address), Optional.of(Buffer.buffer(message))));
  }

  /** Four exchanges of a named user, 64 of a network, all of which stop there. */
  @Test
  void exchangesThatWaitForTheirClientsHoldNothing() {
    var scram = Scram.sha256(login, cheap.accounts, replica.live);
    for (int i = 0; i < 70; i++) {
      begin(scram, client("192.0.2.1"), VICTIM);
    }
    assertThat(Replica.soon(replica.admissionService.attemptsBusy())).isZero();
    assertThat(tries("192.0.2.1", VICTIM, "secret")).isInstanceOf(Result.Success.class);
    assertThat(tries("192.0.2.2", VICTIM, "secret")).isInstanceOf(Result.Success.class);
  }

  @Test
  void ofManyProofsAtOnceTheFirstEarnTheBanOfTheOthers() {
    set("mail.guard.ban-account-after=6");
    var scram = Scram.sha256(login, cheap.accounts, replica.live);
    var proofs = new ArrayList<Uni<Step>>();
    for (int i = 0; i < 100; i++) {
      var challenge = begin(scram, client("192.0.2.1"), VICTIM);
      proofs.add(challenge.next().apply(Buffer.buffer(proof(challenge))));
    }
    var answers = Replica.soon(Uni.join().all(proofs).andFailFast());
    assertThat(answers)
        .filteredOn(new Step.Refused(Refusal.CREDENTIALS)::equals)
        .hasSizeBetween(6, 10);
    assertThat(answers).filteredOn(new Step.Refused(Refusal.UNAVAILABLE)::equals).isNotEmpty();
    assertThat(begins(scram, client("192.0.2.2"), VICTIM))
        .isEqualTo(new Step.Refused(Refusal.UNAVAILABLE));
  }

  private static Step begins(Scram scram, Client client, String user) {
    var first = Buffer.buffer("n,,n=" + user + ",r=hot");
    return Replica.soon(scram.start(client, Optional.of(first)));
  }

  private static Step.Challenge begin(Scram scram, Client client, String user) {
    return (Step.Challenge) begins(scram, client, user);
  }

  /** One that does not hold (RFC 5802 §7). */
  private static String proof(Step.Challenge challenge) {
    var text = challenge.text().toString();
    var none = Base64.getEncoder().encodeToString("x".repeat(32).getBytes(StandardCharsets.UTF_8));
    return "c=biws," + text.substring(0, text.indexOf(',')) + ",p=" + none;
  }

  @Test
  void anAttemptWithUnknownOutcomeHoldsNothing() {
    cheap.fault = Optional.of(new StoreException(new StoreFailure.Unavailable("test")));
    for (int i = 0; i < 10; i++) {
      assertThat(tries("192.0.2.1", VICTIM, "secret")).isEqualTo(BANNED);
    }
    cheap.fault = Optional.empty();
    assertThat(tries("192.0.2.2", VICTIM, "secret")).isInstanceOf(Result.Success.class);
    assertThat(Replica.soon(replica.admissionService.attemptsBusy())).isZero();
  }

  @Test
  void fromAllowedNetworksNoSlotIsAwaited() {
    set(
        "mail.guard.allowed-networks=192.0.2.0/24",
        "mail.guard.account-at-once=1",
        "mail.guard.network-at-once=1");
    for (int i = 0; i < 5; i++) {
      var attempt =
          new LoginAttempt(client("192.0.2.1"), "LOGIN", VICTIM).withSubject(Optional.of(VICTIM));
      assertThat(Replica.soon(replica.admissionService.admit(attempt))).isEmpty();
    }
  }

  /** The delay is waited without a slot: the others are not made to wait for it. */
  @Test
  void aDelayedAttemptHoldsNoSlot() {
    set(
        "mail.guard.ban-account-after=1000",
        "mail.guard.account-at-once=1",
        "mail.guard.network-at-once=1",
        "mail.guard.delay-after=1",
        "mail.guard.first-delay=PT10S");
    assertThat(tries("192.0.2.1", "m1@example.test", "wrong")).isEqualTo(WRONG);
    var delayed =
        login
            .password(
                new LoginAttempt(client("192.0.2.1"), "LOGIN", "m1@example.test"),
                new Secret("other"))
            .subscribeAsCompletionStage();
    assertThat(tries("192.0.2.1", VICTIM, "secret")).isInstanceOf(Result.Success.class);
    assertThat(delayed).isNotDone();
    delayed.cancel(true);
  }
}
