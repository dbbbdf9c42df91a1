package io.postern.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admission.AdmissionControl.Decision;
import io.postern.auth.Failure;
import io.postern.auth.Identity;
import io.postern.auth.Refusal;
import io.postern.embedded.OwnRedis;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas and a Redis: what one counts, the other knows. */
class ReplicasIT {
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration LEASE = Duration.ofSeconds(2);

  @TempDir static Path directory;

  private OwnRedis redis;
  private final List<Replica> replicas = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    redis = new OwnRedis(directory);
  }

  @AfterEach
  void stop() {
    replicas.forEach(Replica::close);
    redis.close();
  }

  private Replica replica(String... settings) {
    var replica = new Replica(Optional.of(redis.port()), TICK, LEASE, settings);
    replicas.add(replica);
    return replica.joined();
  }

  @Test
  void theSeventeenthSessionOfAUserOverTwoReplicasIsRefused() {
    var one = replica();
    var two = replica();
    for (int i = 0; i < 8; i++) {
      assertThat(one.session("alice@example.test")).isEmpty();
      assertThat(two.session("alice@example.test")).isEmpty();
    }
    assertThat(one.session("alice@example.test")).contains(Refusal.TOO_MANY);
    assertThat(two.session("alice@example.test")).contains(Refusal.TOO_MANY);
    assertThat(two.session("bob@example.test")).isEmpty();
  }

  @Test
  void ofTwoReplicasThatTakeTheLastSlotOneSucceeds() {
    var one = replica("mail.imap.max-connections-per-user=1");
    var two = replica("mail.imap.max-connections-per-user=1");
    for (int i = 0; i < 50; i++) {
      var name = "user" + i + "@example.test";
      var counts =
          List.of(one, two).stream()
              .map(it -> new SharedCounters(it.bus, LEASE))
              .map(it -> it.take(name, 1))
              .toList();
      var answers = Replica.soon(Uni.join().all(counts).andFailFast());
      assertThat(answers).filteredOn(SharedCounters.Reservation.Taken.class::isInstance).hasSize(1);
    }
  }

  @Test
  void aSessionThatEndsMakesRoomOnTheOtherReplica() {
    var one = replica("mail.imap.max-connections-per-user=1");
    var two = replica("mail.imap.max-connections-per-user=1");
    var peer = one.peer(MailProtocol.IMAP, "192.0.2.1");
    one.arrive(peer);
    assertThat(one.enter(peer, "alice@example.test")).isEmpty();
    assertThat(two.session("alice@example.test")).contains(Refusal.TOO_MANY);
    one.admissionService.release(peer);
    Replica.await(() -> two.session("alice@example.test").isEmpty());
  }

  @Test
  void aDeadReplicasSessionsFreeThemselves() {
    var one = replica("mail.imap.max-connections-per-user=1");
    var two = replica("mail.imap.max-connections-per-user=1");
    assertThat(one.session("alice@example.test")).isEmpty();
    assertThat(two.session("alice@example.test")).contains(Refusal.TOO_MANY);
    replicas.remove(one);
    one.close();
    Replica.await(() -> two.session("alice@example.test").isEmpty());
  }

  @Test
  void aLivingReplicasSessionsStayCountedLongerThanALease() {
    var one = replica("mail.imap.max-connections-per-user=1");
    var two = replica("mail.imap.max-connections-per-user=1");
    assertThat(one.session("alice@example.test")).isEmpty();
    long end = System.nanoTime() + LEASE.multipliedBy(2).toNanos();
    while (System.nanoTime() < end) {
      assertThat(two.session("alice@example.test")).contains(Refusal.TOO_MANY);
    }
  }

  @Test
  void connectionsAndAddressesAreCountedOverReplicas() {
    var settings =
        new String[] {"mail.imap.max-connections=3", "mail.imap.max-connection-from-single-ip=2"};
    var one = replica(settings);
    var two = replica(settings);
    assertThat(one.arrive(one.peer(MailProtocol.IMAP, "192.0.2.1"))).isEqualTo(Decision.ADMITTED);
    assertThat(two.arrive(two.peer(MailProtocol.IMAP, "192.0.2.1"))).isEqualTo(Decision.ADMITTED);
    assertThat(one.arrive(one.peer(MailProtocol.IMAP, "192.0.2.1")))
        .isEqualTo(Decision.ADDRESS_FULL);
    assertThat(two.arrive(two.peer(MailProtocol.IMAP, "192.0.2.2"))).isEqualTo(Decision.FULL);
    // The refused connection from the first address is counted until it is closed.
    assertThat(one.arrive(one.peer(MailProtocol.POP3, "192.0.2.1"))).isEqualTo(Decision.ADMITTED);
  }

  @Test
  void withoutRedisEachReplicaCountsForItselfAndTogetherAgainWhenItIsBack() throws Exception {
    var one = replica("mail.imap.max-connections-per-user=2");
    var two = replica("mail.imap.max-connections-per-user=2");
    assertThat(one.session("alice@example.test")).isEmpty();
    redis.stop();
    Replica.await(() -> !one.bus.isUp() && !two.bus.isUp());
    assertThat(two.session("alice@example.test")).isEmpty();
    assertThat(two.session("alice@example.test")).isEmpty();
    assertThat(two.session("alice@example.test")).contains(Refusal.TOO_MANY);
    redis.start();
    one.joined();
    two.joined();
    Replica.await(() -> one.session("alice@example.test").equals(Optional.of(Refusal.TOO_MANY)));
  }

  @Test
  void aBanHoldsOnEveryReplica() {
    var settings = new String[] {"mail.guard.ban-account-after=3", "mail.guard.first-delay=PT0S"};
    var one = replica(settings);
    var two = replica(settings);
    var here = one.peer(MailProtocol.IMAP, "192.0.2.1");
    for (int i = 0; i < 3; i++) {
      assertThat(one.fail(here, "alice@example.test")).isEmpty();
    }
    var there = two.peer(MailProtocol.IMAP, "198.51.100.1");
    Replica.await(
        () -> two.admit(there, "alice@example.test").equals(Optional.of(Refusal.UNAVAILABLE)));
    assertThat(two.admit(there, "bob@example.test")).isEmpty();
  }

  /** Its slot is freed while Redis is being asked what is known of the account. */
  @Test
  void aFailureDuringACheckAppliesToTheCheckedAttempt() {
    var one =
        replica(
            "mail.guard.ban-account-after=2",
            "mail.guard.account-at-once=1",
            "mail.guard.first-delay=PT0S");
    assertThat(one.fail(one.peer(MailProtocol.IMAP, "192.0.2.1"), "alice@example.test")).isEmpty();
    var slow = one.attempt(one.peer(MailProtocol.IMAP, "192.0.2.2"), "alice@example.test");
    assertThat(Replica.soon(one.admissionService.admit(slow))).isEmpty();
    var quick = one.attempt(one.peer(MailProtocol.IMAP, "192.0.2.3"), "alice@example.test");
    var answer = new CompletableFuture<Optional<Refusal>>();
    one.bus.run(
        () -> {
          var _ = one.admissionService.admit(quick).subscribe().with(answer::complete);
          one.bus.run(() -> one.admissionService.failed(slow, Failure.WRONG));
        });
    assertThat(Replica.soon(Uni.createFrom().completionStage(answer)))
        .contains(Refusal.UNAVAILABLE);
  }

  @Test
  void aBudgetIsSpentOnEveryReplica() {
    var settings =
        new String[] {
          "mail.imap.throttle.max-burst=1000",
          "mail.imap.throttle.recharge-rate=1000",
          "mail.imap.throttle.cutoff-balance=10000"
        };
    var one = replica(settings);
    var two = replica(settings);
    var here = one.peer(MailProtocol.IMAP, "192.0.2.1");
    one.arrive(here);
    one.enter(here, "alice@example.test");
    var there = two.peer(MailProtocol.IMAP, "192.0.2.1");
    two.arrive(there);
    two.enter(there, "alice@example.test");
    assertThat(one.admissionService.charge(here, Duration.ofSeconds(6))).isPositive();
    // What it spends itself is what it hears the other's by.
    Replica.await(
        () ->
            two.admissionService
                    .charge(there, Duration.ofMillis(1))
                    .compareTo(Duration.ofSeconds(5))
                > 0);
  }

  private record EndedSessions(Replica replica, List<Replica> ended) implements AdmissionMeter {
    @Override
    public void refused(MailProtocol protocol, Why why) {}

    @Override
    public void throttled(MailProtocol protocol, Duration wait) {}

    @Override
    public void ended(MailProtocol protocol) {
      ended.add(replica);
    }
  }

  /** Without notifications, each replica polls the accounts of its sessions. */
  @Test
  void withoutRedisRevokedSessionsAreEndedByThePoll() throws Exception {
    var may = new AtomicBoolean(true);
    var looks = new AtomicInteger();
    var ended = new CopyOnWriteArrayList<Replica>();
    var both = List.of(replica(), replica());
    for (var replica : both) {
      assertThat(replica.session("alice@example.test")).isEmpty();
      SharedSessionRevocation.ActiveCheck standing =
          (_, _) -> {
            looks.incrementAndGet();
            return Uni.createFrom().item(may.get());
          };
      var meter = new EndedSessions(replica, ended);
      new SharedSessionRevocation(
          replica.bus, replica.admissionService, replica.sessions, standing, meter);
    }
    redis.stop();
    Replica.await(() -> both.stream().noneMatch(replica -> replica.bus.isUp()));
    Replica.await(() -> looks.get() >= 2);
    assertThat(ended).isEmpty();
    may.set(false);
    Replica.await(() -> ended.containsAll(both));
  }

  @Test
  void aRevocationReachesEveryReplicaAndAChangedAccountIsChecked() {
    var one = replica();
    var two = replica();
    var asked = new CopyOnWriteArrayList<String>();
    for (var replica : List.of(one, two)) {
      assertThat(replica.session("alice@example.test")).isEmpty();
    }
    SharedSessionRevocation.ActiveCheck standing =
        (user, protocol) -> {
          asked.add(user + " " + protocol);
          return Uni.createFrom().item(true);
        };
    var revocation =
        new SharedSessionRevocation(
            one.bus, one.admissionService, one.sessions, standing, AdmissionMeter.NONE);
    new SharedSessionRevocation(
        two.bus, two.admissionService, two.sessions, standing, AdmissionMeter.NONE);
    revocation.accountChanged("Alice@example.test");
    Replica.await(() -> asked.size() == 2);
    assertThat(asked).containsOnly("alice@example.test imap");
  }

  @Test
  void aChangedPlanEndsWhatIsNoLongerPermittedOnEveryReplica() {
    var ended = new CopyOnWriteArrayList<Replica>();
    var both = List.of(replica(), replica());
    SharedSessionRevocation.ActiveCheck denied = (_, _) -> Uni.createFrom().item(false);
    var revocations = new ArrayList<SharedSessionRevocation>();
    for (var it : both) {
      assertThat(it.session("alice@example.test")).isEmpty();
      revocations.add(
          new SharedSessionRevocation(
              it.bus, it.admissionService, it.sessions, denied, new EndedSessions(it, ended)));
    }
    revocations.getFirst().planChanged("staff");
    Replica.await(() -> ended.containsAll(both));
  }

  @Test
  void aLoginInProgressOnAnotherReplicaIsRefusedByARevocation() {
    var one = replica();
    var two = replica();
    SharedSessionRevocation.ActiveCheck active = (_, _) -> Uni.createFrom().item(true);
    var here =
        new SharedSessionRevocation(
            one.bus, one.admissionService, one.sessions, active, AdmissionMeter.NONE);
    new SharedSessionRevocation(
        two.bus, two.admissionService, two.sessions, active, AdmissionMeter.NONE);
    var peer = two.peer(MailProtocol.IMAP, "192.0.2.1");
    two.arrive(peer);
    var attempt = two.attempt(peer, "alice@example.test");
    var received = new CompletableFuture<String>();
    two.bus.subscribe(received::complete);
    here.revoke("alice@example.test");
    assertThat(received)
        .succeedsWithin(Duration.ofSeconds(20))
        .isEqualTo("kick alice@example.test");
    var identity = new Identity(new AccountId(1), "alice@example.test", "alice@example.test");
    assertThat(Replica.soon(two.admissionService.accept(attempt, identity)))
        .contains(Refusal.UNAVAILABLE);
    assertThat(two.session("alice@example.test")).isEmpty();
  }
}
