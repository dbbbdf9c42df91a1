package io.postern.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admission.AdmissionControl.Decision;
import io.postern.auth.Refusal;
import io.postern.config.TestSettings;
import io.postern.model.MailProtocol;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A replica that is alone. */
public class AdmissionServiceTest {
  private static final String ALICE = "alice@example.test";
  private static final String BOB = "bob@example.test";

  private Replica replica = Replica.alone();

  @AfterEach
  void close() {
    replica.close();
  }

  private void with(String... settings) {
    replica.close();
    replica = Replica.alone(settings);
  }

  @Test
  void aUserHasAtMostSixteenSessions() {
    for (int i = 0; i < 16; i++) {
      assertThat(replica.session(ALICE)).isEmpty();
    }
    assertThat(replica.session(ALICE)).contains(Refusal.TOO_MANY);
    assertThat(replica.session(BOB)).isEmpty();
  }

  @Test
  void aChangedLimitHoldsForTheNextSession() {
    assertThat(replica.session(ALICE)).isEmpty();
    replica.live.swap(TestSettings.of("mail.imap.max-connections-per-user=1"));
    assertThat(replica.session(ALICE)).contains(Refusal.TOO_MANY);
    replica.live.swap(TestSettings.of("mail.imap.max-connections-per-user=2"));
    assertThat(replica.session(ALICE)).isEmpty();
  }

  @Test
  void aSecondLoginOfTheSameSessionCountsOnce() {
    with("mail.pop3.max-connections-per-user=1");
    var peer = replica.peer(MailProtocol.POP3, "192.0.2.1");
    replica.arrive(peer);
    assertThat(replica.enter(peer, ALICE)).isEmpty();
    assertThat(replica.enter(peer, ALICE)).isEmpty();
  }

  @Test
  void aClosedConnectionReleasesItsCounts() {
    with("mail.imap.max-connections=1", "mail.imap.max-connections-per-user=1");
    for (int i = 0; i < 3; i++) {
      var peer = replica.peer(MailProtocol.IMAP, "192.0.2.1");
      assertThat(replica.arrive(peer)).isEqualTo(Decision.ADMITTED);
      assertThat(replica.enter(peer, ALICE)).isEmpty();
      assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.2")))
          .isEqualTo(Decision.FULL);
      replica.admissionService.release(peer);
      replica.admissionService.release(peer);
    }
  }

  @Test
  void unauthenticatedConnectionsAreLimitedAndSessionsAreNot() {
    with("mail.imap.max-pre-authenticated-connections=1");
    var first = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    assertThat(replica.arrive(first)).isEqualTo(Decision.ADMITTED);
    var second = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    assertThat(replica.arrive(second)).isEqualTo(Decision.FULL);
    replica.admissionService.release(second);
    assertThat(replica.enter(first, ALICE)).isEmpty();
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.1")))
        .isEqualTo(Decision.ADMITTED);
  }

  @Test
  void unauthenticatedConnectionsOfOneAddressAreLimited() {
    with("mail.imap.max-pre-authenticated-connections-from-single-ip=2");
    var first = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    assertThat(replica.arrive(first)).isEqualTo(Decision.ADMITTED);
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.1")))
        .isEqualTo(Decision.ADMITTED);
    var third = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    assertThat(replica.arrive(third)).isEqualTo(Decision.ADDRESS_FULL);
    replica.admissionService.release(third);
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.2")))
        .isEqualTo(Decision.ADMITTED);
    assertThat(replica.enter(first, ALICE)).isEmpty();
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.1")))
        .isEqualTo(Decision.ADMITTED);
  }

  @Test
  void a64OfIpv6IsOneAddress() {
    with("mail.pop3.max-pre-authenticated-connections-from-single-ip=1");
    assertThat(replica.arrive(replica.peer(MailProtocol.POP3, "2001:db8:0:1::1")))
        .isEqualTo(Decision.ADMITTED);
    assertThat(replica.arrive(replica.peer(MailProtocol.POP3, "2001:db8:0:1:ffff::9")))
        .isEqualTo(Decision.ADDRESS_FULL);
    assertThat(replica.arrive(replica.peer(MailProtocol.POP3, "2001:db8:0:2::1")))
        .isEqualTo(Decision.ADMITTED);
  }

  @Test
  void theLimitOfAnAddressHasItsOwnDecision() {
    with("mail.imap.max-connection-from-single-ip=1", "mail.imap.max-connections=2");
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.1")))
        .isEqualTo(Decision.ADMITTED);
    var second = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    assertThat(replica.arrive(second)).isEqualTo(Decision.ADDRESS_FULL);
    replica.admissionService.release(second);
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.2")))
        .isEqualTo(Decision.ADMITTED);
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.3")))
        .isEqualTo(Decision.FULL);
  }

  @Test
  void theFirstMatchingAccessRuleDecides() {
    with("mail.access-rules=allow any 192.0.2.0/25,deny pop3 192.0.2.0/24,deny imap 2001:db8::/32");
    assertThat(replica.arrive(replica.peer(MailProtocol.POP3, "192.0.2.127")))
        .isEqualTo(Decision.ADMITTED);
    assertThat(replica.arrive(replica.peer(MailProtocol.POP3, "192.0.2.128")))
        .isEqualTo(Decision.DENIED);
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.128")))
        .isEqualTo(Decision.ADMITTED);
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "2001:db8::1")))
        .isEqualTo(Decision.DENIED);
    assertThat(replica.arrive(replica.peer(MailProtocol.LMTP, "198.51.100.1")))
        .isEqualTo(Decision.ADMITTED);
  }

  @Test
  void onlyListedNetworksAreTrusted() {
    assertThat(replica.admissionService.trustsProxy("192.0.2.1")).isFalse();
    with("mail.proxy-protocol.trusted-networks=192.0.2.0/24");
    assertThat(replica.admissionService.trustsProxy("192.0.2.1")).isTrue();
    assertThat(replica.admissionService.trustsProxy("192.0.3.1")).isFalse();
    assertThat(replica.admissionService.trustsProxy("")).isFalse();
  }

  @Test
  void anAccountIsBannedAfterItsFailuresAndNotOneBefore() {
    with("mail.guard.ban-account-after=3", "mail.guard.first-delay=PT0S");
    var peer = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    for (int i = 0; i < 3; i++) {
      assertThat(replica.fail(peer, ALICE)).isEmpty();
    }
    assertThat(replica.admit(peer, ALICE)).contains(Refusal.UNAVAILABLE);
    assertThat(replica.admit(peer, "ALICE@example.test")).contains(Refusal.UNAVAILABLE);
    assertThat(replica.admit(peer, BOB)).isEmpty();
  }

  @Test
  void failuresOfOthersDoNotBanAFamiliarNetwork() {
    with("mail.guard.ban-account-after=3", "mail.guard.first-delay=PT0S");
    var home = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    assertThat(replica.enter(home, ALICE)).isEmpty();
    var attacker = replica.peer(MailProtocol.IMAP, "198.51.100.1");
    for (int i = 0; i < 3; i++) {
      assertThat(replica.fail(attacker, ALICE)).isEmpty();
    }
    assertThat(replica.admit(attacker, ALICE)).contains(Refusal.UNAVAILABLE);
    assertThat(replica.admit(home, ALICE)).isEmpty();
  }

  @Test
  void aNetworkIsBannedForAllAccounts() {
    with("mail.guard.ban-network-after=3", "mail.guard.first-delay=PT0S");
    for (int i = 0; i < 3; i++) {
      var peer = replica.peer(MailProtocol.IMAP, "2001:db8:0:1::" + (i + 1));
      assertThat(replica.fail(peer, "user" + i + "@example.test")).isEmpty();
    }
    assertThat(replica.admit(replica.peer(MailProtocol.IMAP, "2001:db8:0:1:ffff::9"), ALICE))
        .contains(Refusal.UNAVAILABLE);
    assertThat(replica.admit(replica.peer(MailProtocol.IMAP, "2001:db8:0:2::1"), ALICE)).isEmpty();
  }

  @Test
  void fromAllowedNetworksFailuresAreNotCounted() {
    with(
        "mail.guard.ban-account-after=2",
        "mail.guard.allowed-networks=192.0.2.0/24",
        "mail.guard.first-delay=PT0S");
    var peer = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    for (int i = 0; i < 5; i++) {
      assertThat(replica.fail(peer, ALICE)).isEmpty();
    }
  }

  @Test
  void aBanIsOverInTime() {
    with(
        "mail.guard.ban-account-after=2", "mail.guard.ban-for=PT1S", "mail.guard.first-delay=PT0S");
    var peer = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    replica.fail(peer, ALICE);
    replica.fail(peer, ALICE);
    assertThat(replica.admit(peer, ALICE)).contains(Refusal.UNAVAILABLE);
    Replica.await(() -> replica.admit(peer, ALICE).isEmpty());
  }

  @Test
  void delaysDoubleUpToTheLongest() {
    var loginGuard = new LoginGuard(replica.bus, replica.live);
    var attempt = replica.attempt(replica.peer(MailProtocol.IMAP, "192.0.2.1"), ALICE);
    var delays = new ArrayList<Long>();
    for (int i = 0; i < 12; i++) {
      if (Replica.soon(loginGuard.check(attempt)) instanceof LoginGuard.Verdict.Pass pass) {
        delays.add(pass.delay().toSeconds());
      }
      loginGuard.failed(attempt);
    }
    assertThat(delays).containsExactly(0L, 0L, 0L, 0L, 0L, 1L, 2L, 4L, 8L, 16L, 16L, 16L);
  }

  @Test
  void ofAThousandConcurrentWrongPasswordsAFewAreVerified() {
    with("mail.guard.ban-account-after=10", "mail.guard.first-delay=PT0S");
    var attempts =
        IntStream.range(0, 1000)
            .mapToObj(i -> replica.attempt(replica.peer(MailProtocol.IMAP, "192.0.2.1"), ALICE))
            .toList();
    var answers = new ArrayList<Uni<Optional<Refusal>>>();
    for (var attempt : attempts) {
      answers.add(
          replica
              .admissionService
              .admit(attempt)
              .invoke(
                  refusal -> {
                    if (refusal.isEmpty()) {
                      replica.admissionService.failed(attempt, io.postern.auth.Failure.WRONG);
                    }
                  }));
    }
    List<Optional<Refusal>> all = Replica.soon(Uni.join().all(answers).andFailFast());
    assertThat(all).filteredOn(Optional::isEmpty).hasSizeBetween(10, 14);
  }

  @Test
  void aChangedNumberOfAttemptsOfAnAccountAtOnceHoldsForTheNext() {
    assertQueuesBehind("mail.guard.account-at-once=1", ALICE, "192.0.2.2");
  }

  @Test
  void aChangedNumberOfAttemptsOfANetworkAtOnceHoldsForTheNext() {
    assertQueuesBehind("mail.guard.network-at-once=1", BOB, "192.0.2.1");
  }

  /** Two run concurrently; by the new setting the third runs when both have ended. */
  private void assertQueuesBehind(String setting, String name, String address) {
    var one = replica.attempt(replica.peer(MailProtocol.IMAP, "192.0.2.1"), ALICE);
    var two = replica.attempt(replica.peer(MailProtocol.IMAP, address), name);
    assertThat(Replica.soon(replica.admissionService.admit(one))).isEmpty();
    assertThat(Replica.soon(replica.admissionService.admit(two))).isEmpty();
    replica.live.swap(TestSettings.of(setting));
    var three = replica.attempt(replica.peer(MailProtocol.IMAP, address), name);
    var admitted = replica.admissionService.admit(three).subscribeAsCompletionStage();
    // An unrelated attempt is admitted; the third one was processed before.
    assertThat(replica.admit(replica.peer(MailProtocol.IMAP, "198.51.100.1"), "carol@example.test"))
        .isEmpty();
    replica.admissionService.ended(one);
    assertThat(Replica.soon(replica.admissionService.attemptsBusy())).isPositive();
    assertThat(admitted).isNotDone();
    replica.admissionService.ended(two);
    assertThat(Replica.soon(Uni.createFrom().completionStage(admitted))).isEmpty();
  }

  @Test
  void workWithinTheBudgetIsFreeAndBeyondItWaits() {
    with(
        "mail.imap.throttle.max-burst=1000",
        "mail.imap.throttle.recharge-rate=1000",
        "mail.imap.throttle.cutoff-balance=1000",
        "mail.imap.throttle.longest-wait=2000");
    var peer = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    replica.arrive(peer);
    assertThat(replica.admissionService.charge(peer, Duration.ofHours(1))).isZero();
    replica.enter(peer, ALICE);
    assertThat(replica.admissionService.charge(peer, Duration.ofMillis(990))).isZero();
    assertThat(replica.admissionService.charge(peer, Duration.ofMillis(510)))
        .isBetween(Duration.ofMillis(900), Duration.ofMillis(1000));
    assertThat(replica.admissionService.charge(peer, Duration.ofHours(1)))
        .isEqualTo(Duration.ofSeconds(2));
    replica.live.swap(TestSettings.of("mail.imap.throttle.longest-wait=0"));
    assertThat(replica.admissionService.charge(peer, Duration.ofHours(1))).isZero();
  }

  @Test
  void unauthenticateReleasesTheSessionAndCountsAsUnauthenticated() {
    with("mail.imap.max-connections-per-user=1", "mail.imap.max-pre-authenticated-connections=1");
    var peer = replica.peer(MailProtocol.IMAP, "192.0.2.1");
    replica.arrive(peer);
    assertThat(replica.enter(peer, ALICE)).isEmpty();
    assertThat(replica.admissionService.liveSessions().ofUser(ALICE)).hasSize(1);
    replica.admissionService.userLeft(peer);
    assertThat(replica.admissionService.liveSessions().ofUser(ALICE)).isEmpty();
    assertThat(replica.arrive(replica.peer(MailProtocol.IMAP, "192.0.2.2")))
        .isEqualTo(Decision.FULL);
    assertThat(replica.enter(peer, BOB)).isEmpty();
    var other = replica.peer(MailProtocol.IMAP, "192.0.2.3");
    replica.arrive(other);
    assertThat(replica.enter(other, ALICE)).isEmpty();
  }
}
