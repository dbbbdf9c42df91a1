package io.postern.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import io.postern.admission.AdmissionControl.Peer;
import io.postern.auth.Client;
import io.postern.auth.Identity;
import io.postern.auth.Login;
import io.postern.auth.LoginAttempt;
import io.postern.auth.LoginFixture;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl.Step;
import io.postern.auth.sasl.Scram;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A login that is under way while its user's access is revoked opens no session. */
class RevokedLoginTest {
  private static final String ALICE = "alice@example.test";
  private static final String BOB = "bob@example.test";
  private static final Identity IDENTITY = new Identity(new AccountId(1), ALICE, ALICE);
  private static final Step REFUSED = new Step.Refused(Refusal.UNAVAILABLE);

  private final Replica replica = Replica.alone("mail.imap.max-connections-per-user=1");
  private final AtomicBoolean readable = new AtomicBoolean(true);
  private final AtomicInteger reads = new AtomicInteger();
  private final SharedSessionRevocation revocation =
      new SharedSessionRevocation(
          replica.bus,
          replica.admissionService,
          replica.sessions,
          (_, _) -> {
            boolean succeeds = readable.get();
            reads.incrementAndGet();
            return succeeds
                ? Uni.createFrom().item(true)
                : Uni.createFrom().failure(new IllegalStateException("test"));
          },
          AdmissionMeter.NONE);
  private final LoginFixture cheap = new LoginFixture().with(ALICE, "old", true);
  private final Login login =
      new Login(
          cheap.accounts,
          cheap.appPasswords,
          cheap.grants,
          cheap.passwords,
          replica.admissionService,
          replica.live);
  private final Scram scram = Scram.sha256(login, cheap.accounts, replica.live);

  @AfterEach
  void close() {
    replica.close();
    cheap.workers.close();
  }

  private Peer arrived() {
    var peer = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    replica.arrive(peer);
    return peer;
  }

  private static Client client(Peer peer) {
    return new Client(peer.session(), MailProtocol.IMAP, peer.address(), true, Optional.empty());
  }

  /** An exchange of SCRAM, round by round. */
  private final class Exchange {
    final Peer peer = arrived();
    final ScramClient client =
        ScramClient.builder()
            .advertisedMechanisms(List.of("SCRAM-SHA-256"))
            .username(ALICE)
            .password("old".toCharArray())
            .build();
    Step step =
        Replica.soon(
            scram.start(
                client(peer), Optional.of(Buffer.buffer(client.clientFirstMessage().toString()))));

    private Step.Challenge challenge() {
      return (Step.Challenge) step;
    }

    private void answer(String message) {
      step = Replica.soon(challenge().next().apply(Buffer.buffer(message)));
    }

    Exchange proof() throws ScramException {
      client.serverFirstMessage(challenge().text().toString());
      answer(client.clientFinalMessage().toString());
      return this;
    }

    Step end() throws ScramException {
      client.serverFinalMessage(challenge().text().toString());
      answer("");
      return step;
    }
  }

  @Test
  void anExchangeThatNothingInterruptsOpensASession() throws Exception {
    assertThat(new Exchange().proof().end()).isInstanceOf(Step.Done.class);
  }

  @Test
  void aLoginBetweenItsRoundsDoesNotOutliveANewPassword() throws Exception {
    var before = new Exchange();
    var afterItsProof = new Exchange().proof();
    var verifiers = Replica.soon(cheap.passwords.verifiers(new Secret("new")));
    Replica.soon(cheap.accounts.setVerifiers(cheap.id(ALICE), verifiers));
    revocation.revoke(ALICE);
    assertThat(before.proof().end()).isEqualTo(REFUSED);
    assertThat(afterItsProof.end()).isEqualTo(REFUSED);
    assertThat(new Exchange().proof().step).isEqualTo(new Step.Refused(Refusal.CREDENTIALS));
  }

  @Test
  void aLoginBetweenItsRoundsDoesNotOutliveALockedAccount() throws Exception {
    var before = new Exchange();
    cheap.may(cheap.id(ALICE), access -> access.withEnabled(false));
    revocation.accountChanged(ALICE);
    assertThat(before.proof().end()).isEqualTo(REFUSED);
  }

  @Test
  void aDeletedAccountIsReportedAndItsLoginsAreRefused() throws Exception {
    var dropped = new ArrayList<AccountId>();
    revocation.onDeletion(dropped::add);
    var before = new Exchange();
    revocation.revoke(BOB);
    revocation.accountDeleted(ALICE, IDENTITY.account());
    assertThat(before.proof().end()).isEqualTo(REFUSED);
    assertThat(dropped).containsExactly(IDENTITY.account());
  }

  /** The only slot is free for the login that follows. */
  @Test
  void aRefusedLoginIsNotCounted() {
    var attempt = replica.attempt(arrived(), ALICE);
    revocation.revoke("Alice@Example.test");
    assertThat(enter(attempt)).contains(Refusal.UNAVAILABLE);
    assertThat(replica.session(ALICE)).isEmpty();
  }

  @Test
  void aLoginOfAnotherUserIsNotConcerned() {
    var attempt = replica.attempt(arrived(), ALICE);
    revocation.revoke(BOB);
    assertThat(enter(attempt)).isEmpty();
  }

  @Test
  void aDelegateWhoseOwnAccessIsRevokedOpensNoMailboxOfAnother() {
    var attempt = replica.attempt(arrived(), BOB);
    revocation.revoke(BOB);
    var delegate = new Identity(IDENTITY.account(), ALICE, BOB);
    assertThat(Replica.soon(replica.admissionService.accept(attempt, delegate)))
        .contains(Refusal.UNAVAILABLE);
  }

  /** Of more revocations than are remembered, none is as if it had not been. */
  @Test
  void aRevocationThatIsForgottenStillCountsForOlderLogins() {
    var attempt = replica.attempt(arrived(), ALICE);
    revocation.revoke(ALICE);
    for (int i = 0; i < RecentRevocations.MAX_USERS; i++) {
      revocation.revoke("u" + i + "@example.test");
    }
    assertThat(enter(attempt)).contains(Refusal.UNAVAILABLE);
    assertThat(replica.session(ALICE)).isEmpty();
  }

  @Test
  void anAccountThatCouldNotBeReadIsCheckedAgain() {
    assertThat(replica.session(ALICE)).isEmpty();
    readable.set(false);
    revocation.accountChanged(ALICE);
    Replica.await(() -> reads.get() == 1);
    readable.set(true);
    Replica.await(() -> reads.get() == 2);
  }

  private Optional<Refusal> enter(LoginAttempt attempt) {
    return Replica.soon(replica.admissionService.accept(attempt, IDENTITY));
  }
}
