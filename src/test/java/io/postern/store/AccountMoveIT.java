package io.postern.store;

import static io.postern.store.MoveSides.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.Eventually;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.site.move.MoveSteps;
import io.postern.site.move.MoveSteps.Step;
import io.postern.store.MoveSides.Account;
import io.postern.store.MoveSides.Side;
import io.postern.store.move.MoveJobs.Phase;
import io.postern.store.move.MoveRefused;
import io.postern.store.move.MovedRows;
import io.postern.store.postgres.account.AccountPurge;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An account moves to another site while it is in use, with all that it has. */
class AccountMoveIT {
  /** More than a page and a tail. */
  private static final int MANY = Integer.getInteger("messages", 700);

  @TempDir static Path scratch;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static MoveSides sides;

  @BeforeAll
  static void start() throws Exception {
    sides = new MoveSides(scratch);
  }

  @AfterAll
  static void stop() throws Exception {
    sides.stop();
  }

  private static Account furnished(int messages) {
    var account = sides.account();
    sides.furnish(account, messages);
    return account;
  }

  private static List<String> digest(Account account) {
    return await(sides.east.departures.digest(account.id()));
  }

  @Test
  void everythingArrives() {
    var account = furnished(MANY);
    var digest = digest(account);
    var octets = sides.octets(sides.east, account);
    var inbox = sides.east.text(account.inbox());
    var done = sides.move(sides.east, account.name());
    assertThat(done.phase()).isEqualTo(Phase.GRACE);
    sides.assertArrived(account, digest, octets, sides.west);
    assertThat(sides.west.text(account.inbox())).isEqualTo(inbox);
    assertThat(done.frozen())
        .hasValueSatisfying(time -> assertThat(time).isLessThan(Duration.ofSeconds(10)));
    assertThat(done.progress().contents()).isEqualTo(done.progress().allContents());
    assertThat(sides.ended).contains(account.name());
  }

  @Test
  void theMailboxIsUsedAtItsNewHome() {
    var account = furnished(40);
    sides.move(sides.east, account.name());
    var added =
        await(sides.west.messages.append(account.inbox(), List.of(SampleMessages.message("new"))));
    assertThat(added.changed().uid(0)).isEqualTo(42);
    long content = added.changed().info(0).content().value();
    assertThat(content % 1024).as("given in the west").isEqualTo(2);
    var all =
        await(sides.west.messages.expunge(account.inbox(), Optional.of(NumberSet.range(1, 1))));
    assertThat(all.gone().size()).isZero();
    // The lock of a session that was left behind does not keep users out.
    assertThat(
            sides.west.value(
                "SELECT bool_and(until <= now()) AND min(token) = 5 FROM maildrop_lock"
                    + " WHERE account = "
                    + account.id().value()))
        .isEqualTo("t");
  }

  @Test
  void anAccountMovesBackToWhereItsOldCopyIs() {
    var account = furnished(40);
    sides.move(sides.east, account.name());
    await(sides.west.messages.append(account.inbox(), List.of(SampleMessages.message("west"))));
    var digest = await(sides.west.departures.digest(account.id()));
    var octets = sides.octets(sides.west, account);
    var job = sides.request(sides.west, account.name());
    for (int i = 0; i < 30 && sides.job(sides.west, job).phase() == Phase.COPY; i++) {
      sides.expireLeases(sides.west);
      await(sides.runner(sides.west, MoveSteps.ALL).run());
    }
    assertThat(sides.job(sides.west, job).phase()).isEqualTo(Phase.GRACE);
    sides.assertArrived(account, digest, octets, sides.east);
  }

  /** A run that stops before a step, for ever: as if its process had been killed. */
  private static final class Killed implements MoveSteps {
    private final Step at;
    final CompletableFuture<Step> reached = new CompletableFuture<>();

    Killed(Step at) {
      this.at = at;
    }

    @Override
    public Uni<Void> before(Step step) {
      if (step != at) {
        return Uni.createFrom().voidItem();
      }
      reached.complete(step);
      return Uni.createFrom().nothing();
    }
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void aMoveThatIsKilledBeforeAStepGoesOn(Step step) throws Exception {
    var account = furnished(300);
    var digest = digest(account);
    var octets = sides.octets(sides.east, account);
    var job = sides.request(sides.east, account.name());
    var killed = new Killed(step);
    sides.runner(sides.east, killed).run().subscribe().with(_ -> {});
    killed.reached.get(60, TimeUnit.SECONDS);
    assertOneWriterAtMost(account);
    sides.expireLeases(sides.east);
    await(sides.runner(sides.east, MoveSteps.ALL).run());
    assertThat(sides.job(sides.east, job).phase()).isEqualTo(Phase.GRACE);
    assertThat(sides.job(sides.east, job).frozen()).isPresent();
    sides.assertArrived(account, digest, octets, sides.west);
  }

  private static void assertOneWriterAtMost(Account account) {
    boolean east = writer(sides.east, account);
    boolean west = writer(sides.west, account);
    assertThat(east && west).as("both sites accept changes").isFalse();
    if (west) {
      var home = await(sides.directory.find(account.name())).orElseThrow().home();
      assertThat(home.site()).isEqualTo("west");
    }
  }

  private static boolean writer(Side side, Account account) {
    return side.sees(account.name()) && side.writes(account.inbox());
  }

  /** A process that was thought dead comes back, when another has continued its move. */
  @Test
  void aRunThatAnotherHasSucceededChangesNothing() throws Exception {
    var account = furnished(40);
    var job = sides.request(sides.east, account.name());
    var killed = new Killed(Step.OTHER_ROWS);
    sides.runner(sides.east, killed).run().subscribe().with(_ -> {});
    killed.reached.get(60, TimeUnit.SECONDS);
    var old = sides.job(sides.east, job).ticket();
    sides.expireLeases(sides.east);
    var second = new Killed(Step.VERIFY);
    sides.runner(sides.east, second).run().subscribe().with(_ -> {});
    second.reached.get(60, TimeUnit.SECONDS);
    assertRefused(() -> await(sides.west.arrivals.put(old, MovedRows.SUBSCRIPTION, "[]", true)));
    assertRefused(() -> await(sides.west.arrivals.complete(old)));
    assertThat(await(sides.east.departures.thaw(old))).isFalse();
    assertThat(await(sides.east.jobs.record(old, Phase.SWITCH, job.progress()))).isFalse();
    sides.expireLeases(sides.east);
    await(sides.runner(sides.east, MoveSteps.ALL).run());
    assertThat(sides.job(sides.east, job).phase()).isEqualTo(Phase.GRACE);
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(MoveRefused.class);
  }

  /** Also the version before this one, which knows of no fence, is held off by the database. */
  @Test
  void changesAreRefusedWhileTheAccountIsFrozen() throws Exception {
    var account = furnished(40);
    sides.request(sides.east, account.name());
    var killed = new Killed(Step.VERIFY);
    sides.runner(sides.east, killed).run().subscribe().with(_ -> {});
    killed.reached.get(60, TimeUnit.SECONDS);
    var seen = new FlagsUpdate(Mode.ADD, Flags.of(List.of(SystemFlag.ANSWERED), List.of()));
    assertUnavailable(
        sides.east.messages.append(account.inbox(), List.of(SampleMessages.message("late"))));
    assertUnavailable(sides.east.messages.storeFlags(account.inbox(), NumberSet.range(1, 2), seen));
    assertUnavailable(sides.east.messages.expunge(account.inbox(), Optional.empty()));
    long id = account.id().value();
    for (var change :
        List.of(
            "DELETE FROM subscription WHERE account = " + id,
            "INSERT INTO app_password (account, name, verifier) VALUES (" + id + ", 'new', 'v')",
            "UPDATE account SET verifier = 'other' WHERE id = " + id,
            "UPDATE account_quota SET messages = 1 WHERE account = " + id,
            "UPDATE mailbox SET name = 'b' WHERE account = " + id + " AND name <> 'INBOX'",
            "INSERT INTO annotation VALUES (" + id + ", NULL, 0, '/shared/admin', 'x')",
            "UPDATE annotation SET value = 'z' WHERE account = " + id,
            "DELETE FROM annotation_elsewhere WHERE account = " + id,
            "INSERT INTO mailbox_access SELECT account, id, account, 1 FROM mailbox WHERE account = "
                + id,
            "UPDATE mailbox_access_elsewhere SET rights = 1 WHERE account = " + id,
            "DELETE FROM access_grant_elsewhere WHERE owner = " + id)) {
      assertThatThrownBy(() -> run(change)).as(change).hasMessageContaining("is being moved");
    }
    // Reads go on, and what they record.
    assertThat(sides.east.text(account.inbox())).contains("\n");
    run("UPDATE mailbox_state SET first_recent = uid_next WHERE account = " + id);
    run("UPDATE app_password SET last_used = now() WHERE account = " + id);
    sides.expireLeases(sides.east);
    await(sides.runner(sides.east, MoveSteps.ALL).run());
  }

  private static void run(String sql) throws SQLException {
    try (var statement = sides.east.postgres.jdbc().createStatement()) {
      statement.execute(sql);
    }
  }

  private static void assertUnavailable(Uni<?> change) {
    assertThatThrownBy(() -> await(change))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.failure()).isInstanceOf(StoreFailure.Unavailable.class));
  }

  @Test
  void aChangeUnderWayIsAwaitedByTheFreeze() throws Exception {
    var account = furnished(40);
    sides.request(sides.east, account.name());
    var killed = new Killed(Step.FREEZE);
    sides.runner(sides.east, killed).run().subscribe().with(_ -> {});
    killed.reached.get(60, TimeUnit.SECONDS);
    try (var own = sides.east.postgres.connect();
        var statement = own.createStatement()) {
      own.setAutoCommit(false);
      statement.execute(
          "INSERT INTO subscription (account, name) VALUES (" + account.id().value() + ", 'last')");
      sides.expireLeases(sides.east);
      var moved = sides.runner(sides.east, MoveSteps.ALL).run().subscribeAsCompletionStage();
      Eventually.holds(
          "the move waits for the lock",
          () ->
              !sides
                  .east
                  .value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                  .equals("0"));
      own.commit();
      moved.get(60, TimeUnit.SECONDS);
    }
    assertThat(
            sides.west.value(
                "SELECT name FROM subscription WHERE name = 'last' AND account = "
                    + account.id().value()))
        .isEqualTo("last");
  }

  /** What was acknowledged before the freeze is there afterwards, and nothing else. */
  @Test
  void nothingIsLostOrDoubledUnderLoad() throws Exception {
    var account = furnished(MANY);
    long seed = Long.getLong("seed", System.nanoTime());
    var stop = new AtomicBoolean();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = new ArrayList<Future<List<Long>>>();
      for (int i = 0; i < 4; i++) {
        var random = new SplittableRandom(seed + i);
        writers.add(threads.submit(() -> write(account, random, stop)));
      }
      var job = sides.request(sides.east, account.name());
      for (int i = 0; i < 50 && sides.job(sides.east, job).phase() == Phase.COPY; i++) {
        sides.expireLeases(sides.east);
        await(sides.runner(sides.east, MoveSteps.ALL).run());
      }
      stop.set(true);
      assertThat(sides.job(sides.east, job).phase()).as("seed %d", seed).isEqualTo(Phase.GRACE);
      var here = await(sides.west.indexes.current(account.inbox()));
      for (var writer : writers) {
        for (long uid : writer.get()) {
          assertThat(here.state().uidNext()).as("UID %d, seed %d", uid, seed).isGreaterThan(uid);
        }
      }
    }
    // Both copies are what they were at the freeze.
    sides.assertArrived(account, digest(account), sides.octets(sides.east, account), sides.west);
    assertThat(sides.west.text(account.inbox())).isEqualTo(sides.east.text(account.inbox()));
    assertThat(sides.west.text(account.other())).isEqualTo(sides.east.text(account.other()));
  }

  /** Appends, stores, copies and expunges until changes are refused; the UIDs that were added. */
  private static List<Long> write(Account account, SplittableRandom random, AtomicBoolean stop) {
    var added = new ArrayList<Long>();
    var messages = sides.east.messages;
    while (!stop.get()) {
      long from = random.nextLong(1, MANY);
      var some = NumberSet.range(from, from + 5);
      try {
        switch (random.nextInt(4)) {
          case 0 -> {
            var one = List.of(SampleMessages.message("while it moves"));
            added.add(await(messages.append(account.inbox(), one)).changed().uid(0));
          }
          case 1 -> {
            var flag = Flags.of(List.of(SystemFlag.FLAGGED), List.of("k" + random.nextInt(5)));
            await(messages.storeFlags(account.inbox(), some, new FlagsUpdate(Mode.ADD, flag)));
          }
          case 2 ->
              await(
                  messages.copy(
                      account.inbox(),
                      NumberSet.range(from, from),
                      new Destination.Keyed(account.other())));
          default -> await(messages.remove(account.inbox(), NumberSet.range(from, from)));
        }
      } catch (StoreException refused) {
        // Frozen, or moved: what is not acknowledged is not expected.
        if (!(refused.failure() instanceof StoreFailure.Unavailable)) {
          throw refused;
        }
      }
    }
    return added;
  }

  @Test
  void aMoveIsCancelledAndLeavesNothingBehind() throws Exception {
    var account = furnished(40);
    var job = sides.request(sides.east, account.name());
    var killed = new Killed(Step.LAST_ROUND);
    sides.runner(sides.east, killed).run().subscribe().with(_ -> {});
    killed.reached.get(60, TimeUnit.SECONDS);
    assertThat(await(sides.requests(sides.east).cancel(job.ticket().move()))).isTrue();
    sides.expireLeases(sides.east);
    await(sides.runner(sides.east, MoveSteps.ALL).run());
    assertThat(sides.job(sides.east, job).phase()).isEqualTo(Phase.CANCELLED);
    assertThat(writer(sides.east, account)).isTrue();
    await(sides.east.messages.append(account.inbox(), List.of(SampleMessages.message("on"))));
    var purge = new AccountPurge(sides.west.postgres.tx());
    await(purge.purge(Duration.ofDays(36_500)));
    assertThat(
            sides.west.value(
                "SELECT (SELECT count(*) FROM content WHERE account = %1$d)"
                        .formatted(account.id().value())
                    + " + (SELECT count(*) FROM account WHERE id = %1$d)"
                        .formatted(account.id().value())))
        .isEqualTo("0");
    assertThat(sides.move(sides.east, account.name()).phase()).isEqualTo(Phase.GRACE);
  }

  @Test
  void theOldCopyIsSweptAfterItsGrace() {
    var account = furnished(40);
    var job = sides.move(sides.east, account.name());
    await(sides.runner(sides.east, MoveSteps.ALL).run());
    assertThat(sides.job(sides.east, job).phase()).isEqualTo(Phase.GRACE);
    sides.east.postgres.sql("UPDATE account_move SET sweep_at = now()");
    // A run leaves a move to the next one while another statement changes the move's row.
    Eventually.holds(
        "the old copy is swept",
        () -> {
          await(sides.runner(sides.east, MoveSteps.ALL).run());
          return sides.job(sides.east, job).phase() == Phase.DONE;
        });
    var purge = new AccountPurge(sides.east.postgres.tx());
    await(purge.purge(Duration.ofDays(36_500)));
    assertThat(sides.east.value("SELECT id FROM account WHERE id = " + account.id().value()))
        .isEmpty();
    assertThat(sides.west.sees(account.name())).isTrue();
  }
}
